/// Takes in samples that are pushed as lines: Influx's line protocol and JSON, one series a line.
///
/// Start at [LineReceiver]. What follows is the common road of `pushed`.
package barograph.ingest.push;
