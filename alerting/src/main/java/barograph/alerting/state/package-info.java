/// What alerting must know again after a stop of any kind, as facts that are written before anybody
/// acts on them.
///
/// Start at [Fact], then [Ledger], which writes them through a [RecordLog], and [Recollection],
/// which reads them back. The bytes are drawn in `docs/format/alerting-state.md`. Decides nothing.
package barograph.alerting.state;
