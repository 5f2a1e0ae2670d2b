/// Where targets come from: written down in the configuration, or found by asking those who know.
///
/// Start at [Discoveries], which runs what a [DiscoveryConfig] describes and tells those who follow
/// it what was found: [TargetGroup]s. Each kind is a [Discoverer]. A discovery that fails keeps
/// what it has found last. Stands on the store's `model` and `outbound`; it names targets and never
/// visits them.
package barograph.ingest.discovery;
