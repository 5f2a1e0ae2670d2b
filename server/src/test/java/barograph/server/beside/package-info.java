/// Barograph beside the programs that it stands in for: the same things happen to both, and what
/// people are told is compared.
///
/// Start at `AlertingBesidePeersTest`. Needs the peers' binaries, so it only runs where the
/// environment names their folder.
package barograph.server.beside;
