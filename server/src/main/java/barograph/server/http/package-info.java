/// HTTP on the wire, in and out: the only room that knows Netty.
///
/// Start at [HttpServer], which collects a request under limits and hands it to a [Router]; what
/// answers it sees [Request] and [Response] and no Netty type. [HttpClient] is the one way out, for
/// scrapes and notifications. Event loops only move bytes: handlers run on the bounded pools of
/// [Lanes].
package barograph.server.http;
