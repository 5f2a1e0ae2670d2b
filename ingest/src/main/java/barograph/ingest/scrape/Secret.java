package barograph.ingest.scrape;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Something that is never printed: a password or token, given in place or as a file that is read
/// each time it is used.
public sealed interface Secret {
  /// The secret itself.
  ///
  /// @throws IOException if its file cannot be read
  String reveal() throws IOException;

  /// A secret that stands in the configuration.
  static Secret of(String value) {
    return new Inline(value);
  }

  /// A secret that stands in `file`, less the blanks around it.
  static Secret in(Path file) {
    return new InFile(file);
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

  /// Read from a file on each use, so that it can be renewed without a reload.
  record InFile(Path file) implements Secret {
    @Override
    public String reveal() throws IOException {
      return Files.readString(file).strip();
    }
  }
}
