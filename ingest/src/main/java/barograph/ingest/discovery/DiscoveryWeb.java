package barograph.ingest.discovery;

import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Asks servers that know targets; all that this room knows of outbound HTTP. The server implements
/// it.
///
/// Called on virtual threads and may block them.
public interface DiscoveryWeb {

  /// Sends one GET and waits for the whole answer, whatever its status.
  ///
  /// @throws IOException if no whole answer came; its message tells a user why
  Answer get(Request request) throws IOException, InterruptedException;

  /// Sends one GET and hands on the lines of the answer as they come, on the caller's thread.
  ///
  /// @return the status; with another one than 200 no line is handed on
  /// @throws IOException if the answer breaks off, or a line is not what was expected
  int lines(Request request, LineTaker taker) throws IOException, InterruptedException;

  /// Asks a machine of Amazon's EC2 in which region it stands.
  ///
  /// @param about where its service about itself is
  /// @throws IOException if it does not say
  String awsRegion(URI about) throws IOException, InterruptedException;

  /// Takes the lines of an answer.
  @FunctionalInterface
  interface LineTaker {
    /// Takes the next line.
    ///
    /// @throws IOException to hear no more of them
    void take(String line) throws IOException;
  }

  /// What to ask.
  ///
  /// @param uri `http`, `https`, or `unix:` with the socket's path, `:` and what to ask there
  /// @param timeout for everything up to the last byte of the answer
  record Request(URI uri, Map<String, String> headers, Duration timeout, ClientSettings settings) {
    public Request {
      headers = Map.copyOf(headers);
    }
  }

  /// An answer.
  ///
  /// @param headers by name in lower case
  /// @param body unpacked
  record Answer(int status, String reason, Map<String, String> headers, byte[] body) {
    /// The answer if its status is 200.
    ///
    /// @throws IOException otherwise, with the status
    Answer expectOk() throws IOException {
      if (status != 200) {
        throw new IOException(
            "server returned HTTP status %d %s".formatted(status, reason).strip());
      }
      return this;
    }
  }
}
