package barograph.ingest.scrape;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Pages by their address, without a network.
final class FakeWeb implements HttpFetch {
  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final List<Request> requests = new ArrayList<>();

  private record Page(
      int status,
      @Nullable String type,
      @Nullable String encoding,
      ByteBuffer body,
      String fault) {}

  FakeWeb page(String url, String text) {
    return page(url, "text/plain; version=0.0.4", null, text.getBytes(StandardCharsets.UTF_8));
  }

  FakeWeb page(String url, @Nullable String type, @Nullable String encoding, byte[] body) {
    pages.put(url, new Page(200, type, encoding, ByteBuffer.wrap(body), ""));
    return this;
  }

  FakeWeb status(String url, int status) {
    pages.put(url, new Page(status, "text/plain", null, ByteBuffer.allocate(0), ""));
    return this;
  }

  FakeWeb fault(String url, String fault) {
    pages.put(url, new Page(0, null, null, ByteBuffer.allocate(0), fault));
    return this;
  }

  @Override
  public Response get(Request request) throws IOException {
    synchronized (requests) {
      requests.add(request);
    }
    Page page = pages.get(request.uri().toString());
    if (page == null) {
      throw new IOException("connection refused");
    }
    if (page.fault.equals("timeout")) {
      throw new SocketTimeoutException("slow");
    }
    if (!page.fault.isEmpty()) {
      throw new IOException(page.fault);
    }
    if (page.body.remaining() > request.bodyLimitBytes()) {
      throw new BodyTooLargeException();
    }
    return new Response(
        page.status,
        page.status == 500 ? "Internal Server Error" : "OK",
        page.type,
        page.encoding,
        page.body.duplicate());
  }

  List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }
}
