package barograph.server;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// What has been opened so far, closed in reverse.
final class OpenParts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(OpenParts.class.getName());

  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(String name, Step closing) {}

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /// How a part is closed.
  @FunctionalInterface
  interface Closing<T> {
    void close(T part) throws IOException;
  }

  /// Notes that `part` is open, and returns it.
  ///
  /// @param name for the log, should it not close
  <T> T add(String name, T part, Closing<T> closing) {
    parts.push(new Part(name, () -> closing.close(part)));
    return part;
  }

  /// Closes everything, last first; one part that fails to close does not keep the others.
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      var part = parts.pop();
      try {
        part.closing().run();
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, part.name() + " did not close cleanly", e);
      }
    }
  }
}
