/// Groups of metrics that batch jobs leave behind, as the Pushgateway keeps them: the last push of
/// each stays until another one, a deletion, or the end of its time.
///
/// Start at [PushGateway]. What is pushed is checked and kept as families of metrics, each change
/// safe in a journal before it is acknowledged (`docs/format/pushed-groups.md`); the groups
/// together are a page ([GroupsPage]), which `scrape` visits like any other. Stands on
/// `exposition`, `scrape`, `wire` and the store's `journal`.
package barograph.ingest.gateway;
