package barograph.server.trace;

import barograph.server.http.Handler;
import barograph.server.http.Request;
import barograph.server.http.Response;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes a span of each request that a handler answers.
public final class TracedRoutes implements UnaryOperator<Handler> {
  private final Tracer tracer;

  public TracedRoutes(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public Handler apply(Handler handler) {
    return handler instanceof Handler.Brief brief
        ? new TracedBrief(brief)
        : request -> handled(request, handler);
  }

  /// Whatever may have a span is answered in its lane, where there is one answer to a request.
  private final class TracedBrief implements Handler.Brief {
    private final Handler.Brief brief;

    TracedBrief(Handler.Brief brief) {
      this.brief = brief;
    }

    @Override
    public CompletableFuture<Response> handle(Request request) {
      return handled(request, brief);
    }

    @Override
    public @Nullable Response attempt(Request request) {
      return tracer.isOn() ? null : brief.attempt(request);
    }
  }

  private CompletableFuture<Response> handled(Request request, Handler handler) {
    return tracer.isOn() ? traced(request, handler) : handler.handle(request);
  }

  private CompletableFuture<Response> traced(Request request, Handler handler) {
    String name = request.method() + " " + request.path();
    var span = tracer.begin(request.header(SpanContext.HEADER), name, SpanKind.SERVER);
    if (span == null) {
      return handler.handle(request);
    }
    span.with("http.request.method", request.method());
    span.with("url.path", request.path()).with("client.address", request.peer());
    CompletableFuture<Response> answer;
    try {
      answer = span.during(() -> handler.handle(request));
    } catch (RuntimeException | Error e) {
      span.failed(e.toString()).end(tracer.now());
      throw e;
    }
    return answer.whenComplete((response, failure) -> {
      if (failure != null) {
        span.failed(failure.toString());
      } else {
        span.with("http.response.status_code", response.status());
        if (response.status() >= 500) {
          span.failed("status " + response.status());
        }
      }
      span.end(tracer.now());
    });
  }
}
