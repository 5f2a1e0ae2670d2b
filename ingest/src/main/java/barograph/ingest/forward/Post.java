package barograph.ingest.forward;

import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Sends a body by HTTP; all that this room knows of outbound HTTP. The server implements it.
///
/// Called on virtual threads and may block them; any number of calls run at once.
public interface Post {
  /// Sends one POST and waits for the whole answer, whatever its status.
  ///
  /// @throws IOException if no whole answer came
  Answer post(Request request) throws IOException;

  /// What to send.
  ///
  /// @param settings who asks, and by which way
  record Request(
      URI uri,
      Map<String, String> headers,
      byte[] body,
      Duration timeout,
      ClientSettings settings) {}

  /// An answer.
  ///
  /// @param headers by name in lower case
  /// @param text the beginning of the body
  record Answer(int status, Map<String, String> headers, String text) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }
}
