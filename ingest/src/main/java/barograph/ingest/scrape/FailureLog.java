package barograph.ingest.scrape;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/// A file with a line of JSON for each visit that failed. It is opened for each line, so that it
/// may be moved away at any time.
final class FailureLog {
  private static final Logger LOG = System.getLogger(FailureLog.class.getName());

  private final Path file;

  FailureLog(Path file) {
    this.file = file;
  }

  void write(long timestampMillis, String job, URI target, String error) {
    String line =
        "{\"time\":\"%s\",\"level\":\"ERROR\",\"msg\":%s,\"job_name\":%s,\"target\":%s}\n"
            .formatted(
                Instant.ofEpochMilli(timestampMillis),
                quoted(error),
                quoted(job),
                quoted(target.toString()));
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a failed scrape cannot be written to {0}: {1}", file, e);
    }
  }

  private static String quoted(String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
