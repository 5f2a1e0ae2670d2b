/// How requests to others are made: who asks, by which way, and whom it trusts.
///
/// Start at [ClientSettings]. Scraping, discovery, forwarding and notifications are configured with
/// the same keys, and this is the lowest stair, which all of them see; the store itself has no use
/// for it. Stands on nothing. It states wishes; `server.http` carries them out.
package barograph.storage.outbound;
