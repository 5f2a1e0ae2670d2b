package barograph.alerting.receiver;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Posts a message to the world: the one thing that receivers need of HTTP.
///
/// The server gives the real one. It blocks, so it is called on virtual threads; it follows
/// redirects and bounds what it reads of the answer.
public interface HttpPost {

  /// Posts `body` and waits for the answer.
  ///
  /// @param timeout for connecting, sending and the whole answer
  /// @throws IOException if no complete answer came, for whatever reason
  Answer post(URI uri, Map<String, String> headers, byte[] body, Duration timeout)
      throws IOException, InterruptedException;

  /// What came back.
  ///
  /// @param body its beginning, for messages of failure
  record Answer(int status, String body) {}
}
