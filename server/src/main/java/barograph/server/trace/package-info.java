/// Spans: what this server does for whom and how long it takes, sent to a collector of
/// OpenTelemetry.
///
/// Start at [Tracer]. Nothing is traced until [TracingSettings] are applied; until then a request
/// costs one look. Requests that arrive ([TracedRoutes]), rules ([TracedRules]) and what is told to
/// receivers ([TracedWeb]) begin spans; who works within one finds it by [Span#current].
package barograph.server.trace;
