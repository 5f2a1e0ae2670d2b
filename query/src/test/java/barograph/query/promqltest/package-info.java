/// Scripts that load samples and ask questions, in the `.test` language of Prometheus.
///
/// Start at [ScriptRunner]; [ValueSequence] reads `0+1x10`, [Expectation] compares. The scripts of
/// Prometheus itself are third-party data and lie outside the repository; ours are test resources.
package barograph.query.promqltest;
