package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureLogTest {
  @TempDir private Path folder;

  @Test
  void eachFailureIsALineOfJson() throws IOException {
    Path file = folder.resolve("failed.log");
    var log = new FailureLog(file);
    log.write(0, "j", URI.create("http://a/metrics"), "Get \"http://a\":\n\\");
    log.write(1000, "j", URI.create("http://a/metrics"), "refused");
    assertThat(file)
        .content()
        .isEqualTo(
            "{\"time\":\"1970-01-01T00:00:00Z\",\"level\":\"ERROR\","
                + "\"msg\":\"Get \\\"http://a\\\":\\u000a\\\\\",\"job_name\":\"j\","
                + "\"target\":\"http://a/metrics\"}\n"
                + "{\"time\":\"1970-01-01T00:00:01Z\",\"level\":\"ERROR\",\"msg\":\"refused\","
                + "\"job_name\":\"j\",\"target\":\"http://a/metrics\"}\n");
    Files.delete(file);
    log.write(0, "j", URI.create("http://a/metrics"), "x");
    assertThat(file).content().endsWith("\n").hasLineCount(1);
    new FailureLog(folder.resolve("none/x")).write(0, "j", URI.create("http://a/"), "x");
  }
}
