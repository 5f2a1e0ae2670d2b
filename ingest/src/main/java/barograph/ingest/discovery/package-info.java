/// Where targets come from.
///
/// Start at [StaticTargets]: addresses written down in the configuration. Stands on the store's
/// `model` only; it names targets and never visits them.
package barograph.ingest.discovery;
