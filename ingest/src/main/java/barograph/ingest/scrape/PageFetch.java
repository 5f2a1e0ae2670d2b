package barograph.ingest.scrape;

import barograph.ingest.exposition.PageFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Asks a target for its page and unpacks what comes, up to the point where the text begins.
final class PageFetch {
  /// Most that a page may have where the job sets no limit.
  static final long MOST_BYTES = 64L << 20;

  private final HttpFetch http;
  private final ScrapeConfig config;
  private final Target target;
  private final long limit;

  PageFetch(HttpFetch http, ScrapeConfig config, Target target) {
    this.http = http;
    this.config = config;
    this.target = target;
    long configured = config.limits().bodyBytes();
    this.limit = configured > 0 ? Math.min(configured - 1, Integer.MAX_VALUE - 64) : MOST_BYTES;
  }

  /// Puts the page into `into`, ended by a line feed if it is text.
  PageFormat fetch(PageBytes into) throws ScrapeFailure, InterruptedException {
    HttpFetch.Response response = ask();
    if (response.status() != 200) {
      throw new ScrapeFailure(
          "server returned HTTP status %d %s"
              .formatted(response.status(), response.reason())
              .strip());
    }
    PageFormat format = format(response.contentType());
    try {
      unpack(response, into);
      if (format != PageFormat.PROTOBUF) {
        into.endLine();
      }
      return format;
    } catch (HttpFetch.BodyTooLargeException e) {
      throw new ScrapeFailure("body size limit exceeded", e);
    } catch (IOException e) {
      throw new ScrapeFailure("cannot unpack the page: " + e.getMessage(), e);
    }
  }

  private HttpFetch.Response ask() throws ScrapeFailure, InterruptedException {
    try {
      return http.get(
          new HttpFetch.Request(
              target.uri(), headers(), target.timeout(), limit, config.asking().client()));
    } catch (HttpFetch.BodyTooLargeException e) {
      throw new ScrapeFailure("body size limit exceeded", e);
    } catch (SocketTimeoutException e) {
      throw new ScrapeFailure("Get \"%s\": context deadline exceeded".formatted(target.uri()), e);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new ScrapeFailure("Get \"%s\": %s".formatted(target.uri(), words(e)), e);
    }
  }

  private static String words(IOException e) {
    @Nullable String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private Map<String, String> headers() {
    var headers = new HashMap<String, String>();
    headers.put("Accept", accept(config.asking().protocols(), config.asking().escaping()));
    headers.put("Accept-Encoding", config.asking().compression() ? "gzip" : "identity");
    headers.put("X-Prometheus-Scrape-Timeout-Seconds", seconds());
    return headers;
  }

  private String seconds() {
    long millis = target.timeout().toMillis();
    return millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0);
  }

  /// The formats that this job reads, the first one best, and then anything at all. Weights begin
  /// where they would if every format were named.
  static String accept(List<ScrapeProtocol> protocols, NameEscaping escaping) {
    var text = new StringBuilder();
    int weight = ScrapeProtocol.values().length + 1;
    for (ScrapeProtocol protocol : protocols) {
      text.append(protocol.mediaType(escaping)).append(";q=0.").append(weight--).append(',');
    }
    return text.append("*/*;q=0.").append(weight).toString();
  }

  private PageFormat format(@Nullable String contentType) throws ScrapeFailure {
    String mediaType =
        contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    for (PageFormat known : PageFormat.values()) {
      if (known.mediaType().equals(mediaType)) {
        return known;
      }
    }
    @Nullable ScrapeProtocol fallback = config.asking().fallbackProtocol();
    if (fallback != null) {
      return fallback.format();
    }
    throw new ScrapeFailure(
        mediaType.isEmpty()
            ? "non-compliant scrape target sending blank Content-Type and no"
                + " fallback_scrape_protocol specified for target"
            : "received unsupported Content-Type \"%s\" and no fallback_scrape_protocol specified for target"
                .formatted(contentType));
  }

  private void unpack(HttpFetch.Response response, PageBytes into) throws IOException {
    @Nullable String encoding = response.contentEncoding();
    ByteBuffer body = response.body();
    if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
      into.take(body, limit);
    } else if (encoding.strip().equalsIgnoreCase("gzip")) {
      try (InputStream raw =
              new ByteArrayInputStream(
                  body.array(), body.arrayOffset() + body.position(), body.remaining());
          InputStream plain = new GZIPInputStream(raw, 8192)) {
        into.take(plain, limit);
      }
    } else {
      throw new IOException("content encoding \"%s\", expected gzip".formatted(encoding));
    }
  }
}
