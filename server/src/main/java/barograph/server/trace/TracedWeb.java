package barograph.server.trace;

import barograph.alerting.receiver.Web;
import java.io.IOException;
import java.util.LinkedHashMap;

/// Makes a span of each request that tells a receiver or another Alertmanager, who is told of the
/// trace too. Of the URL it tells the host alone, as the rest may be a secret.
public final class TracedWeb implements Web {
  private final Web web;
  private final Tracer tracer;

  public TracedWeb(Web web, Tracer tracer) {
    this.web = web;
    this.tracer = tracer;
  }

  @Override
  public Answer send(Request request) throws IOException, InterruptedException {
    var span = tracer.begin("", "notify", SpanKind.CLIENT);
    if (span == null) {
      return web.send(request);
    }
    span.with("http.request.method", request.method());
    span.with("server.address", String.valueOf(request.uri().getHost()));
    var headers = new LinkedHashMap<>(request.headers());
    headers.put(SpanContext.HEADER, span.context().header());
    try {
      var answer =
          web.send(
              new Request(
                  request.method(),
                  request.uri(),
                  headers,
                  request.body(),
                  request.settings(),
                  request.timeout()));
      span.with("http.response.status_code", answer.status());
      if (answer.status() >= 400) {
        span.failed("status " + answer.status());
      }
      return answer;
    } catch (IOException e) {
      span.failed(e.getClass().getSimpleName());
      throw e;
    } finally {
      span.end(tracer.now());
    }
  }
}
