/// Prometheus's HTTP API: one class per family of endpoints, each adding its routes.
///
/// Start at [QueryApi]; [Json] writes every answer but the pages of `/federate`, and [ApiError]
/// every refusal. Takes a `Request`, gives a `Response`, and knows neither Netty nor how the
/// process is wired.
package barograph.server.api;
