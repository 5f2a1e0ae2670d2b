package barograph.server.api;

import barograph.server.http.Lanes.Lane;
import barograph.server.http.Response;
import barograph.server.http.Router;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/// Pages for scrapers: `/metrics` about the server, `/metrics/host` about the machine it runs on.
public final class MetricsPages {
  private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<byte[]> own;
  private final Supplier<byte[]> host;

  public MetricsPages(Supplier<byte[]> own, Supplier<byte[]> host) {
    this.own = own;
    this.host = host;
  }

  public void addTo(Router router) {
    router.add("GET,HEAD", "/metrics", Lane.CONTROL, request -> page(own));
    router.add("GET,HEAD", "/metrics/host", Lane.CONTROL, request -> page(host));
  }

  private static Response page(Supplier<byte[]> page) {
    return Response.of(200, TEXT_FORMAT, ByteBuffer.wrap(page.get()));
  }
}
