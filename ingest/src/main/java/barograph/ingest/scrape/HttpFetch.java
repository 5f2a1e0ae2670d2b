package barograph.ingest.scrape;

import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gets a page by HTTP; all that this module knows of outbound HTTP. The server implements it.
///
/// Called on virtual threads and may block them; any number of calls run at once.
public interface HttpFetch {

  /// Sends one GET and waits for the whole answer, whatever its status.
  ///
  /// @throws java.net.SocketTimeoutException if the whole exchange takes longer than the timeout
  /// @throws BodyTooLargeException if the body is larger than the limit
  /// @throws IOException if no whole answer came; its message tells a user why
  /// @throws InterruptedException if the thread was told to stop; the exchange is given up
  Response get(Request request) throws IOException, InterruptedException;

  /// What to get. The implementation adds `Host` and `User-Agent` and nothing else that matters.
  ///
  /// @param headers sent as they are
  /// @param timeout for everything: name, connection, redirects, the last byte of the body
  /// @param bodyLimitBytes most that the body may have on the wire
  /// @param settings who asks, and by which way
  record Request(
      URI uri,
      Map<String, String> headers,
      Duration timeout,
      long bodyLimitBytes,
      ClientSettings settings) {
    public Request {
      headers = Map.copyOf(headers);
    }
  }

  /// An answer.
  ///
  /// @param reason the words after the status, possibly none
  /// @param contentType the header as it came, null without one
  /// @param contentEncoding the header as it came, null without one; the body is still encoded
  /// @param body a heap buffer that belongs to the caller
  record Response(
      int status,
      String reason,
      @Nullable String contentType,
      @Nullable String contentEncoding,
      ByteBuffer body) {}

  /// The body had more bytes than the request allowed.
  final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    public BodyTooLargeException() {
      super("body size limit exceeded");
    }
  }
}
