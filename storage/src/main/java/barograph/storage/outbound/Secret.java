package barograph.storage.outbound;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Something that is never printed: a password, a token or a key, given in place or as a file that
/// is read each time it is used, so that it can be renewed without a reload.
public sealed interface Secret {

  /// The secret itself.
  ///
  /// @throws UnreadableSecretException if its file cannot be read
  String reveal() throws UnreadableSecretException;

  /// A secret that stands in the configuration.
  static Secret of(String value) {
    return new Inline(value);
  }

  /// A secret that stands in `file`, less the blanks around it.
  static Secret in(Path file) {
    return new InFile(file);
  }

  /// The file that holds a secret cannot be read.
  final class UnreadableSecretException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableSecretException(Path file, IOException cause) {
      super("the secret in %s cannot be read: %s".formatted(file, cause), cause);
    }
  }

  /// Given in place.
  record Inline(String value) implements Secret {
    @Override
    public String reveal() {
      return value;
    }

    @Override
    public String toString() {
      return "<secret>";
    }
  }

  /// Read from a file on each use.
  record InFile(Path file) implements Secret {
    @Override
    public String reveal() throws UnreadableSecretException {
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        throw new UnreadableSecretException(file, e);
      }
    }
  }
}
