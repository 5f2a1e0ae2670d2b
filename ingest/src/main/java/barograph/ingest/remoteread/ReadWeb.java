package barograph.ingest.remoteread;

import barograph.storage.model.Allowance;
import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Asks another server by HTTP; all that this room knows of outbound HTTP. The server implements
/// it.
///
/// Called on virtual threads and may block them; any number of calls run at once.
public interface ReadWeb {
  /// Sends one POST and waits for the whole answer, whatever its status.
  ///
  /// @param memory asked for the answer's bytes before they are taken, from any thread; where it
  ///   refuses, no answer comes
  /// @throws IOException if no whole answer came, or one of more bytes than are wanted
  Answer ask(Request request, Allowance memory) throws IOException;

  /// What to send.
  ///
  /// @param mostBytes that an answer may have
  /// @param settings who asks, and by which way
  record Request(
      URI uri,
      Map<String, String> headers,
      byte[] body,
      Duration timeout,
      long mostBytes,
      ClientSettings settings) {}

  /// An answer.
  ///
  /// @param headers by name in lower case
  record Answer(int status, Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }
}
