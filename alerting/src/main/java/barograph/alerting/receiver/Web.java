package barograph.alerting.receiver;

import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/// Sends requests into the world: the one thing that receivers need of HTTP.
///
/// The server gives the real one. It blocks, so it is called on virtual threads; it bounds what it
/// reads of the answer.
public interface Web {

  /// Sends `request` and waits for the answer.
  ///
  /// @throws IOException if no complete answer came, for whatever reason
  Answer send(Request request) throws IOException, InterruptedException;

  /// A request.
  ///
  /// @param settings who asks, and by which way; a header of the request's own wins over theirs
  /// @param timeout for connecting, sending and the whole answer
  record Request(
      String method,
      URI uri,
      Map<String, String> headers,
      byte[] body,
      ClientSettings settings,
      Duration timeout) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Request that
          && method.equals(that.method)
          && uri.equals(that.uri)
          && headers.equals(that.headers)
          && Arrays.equals(body, that.body)
          && settings.equals(that.settings)
          && timeout.equals(that.timeout);
    }

    @Override
    public int hashCode() {
      return Objects.hash(method, uri, headers, Arrays.hashCode(body), settings, timeout);
    }

    /// Names no URL, which may be a secret.
    @Override
    public String toString() {
      return "%s with %d bytes".formatted(method, body.length);
    }
  }

  /// What came back.
  ///
  /// @param contentType empty if the answer names none
  /// @param body its beginning
  record Answer(int status, String contentType, String body) {}
}
