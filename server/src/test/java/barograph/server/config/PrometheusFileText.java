package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/// Reads `prometheus.yml` from a text, for tests.
abstract class PrometheusFileText {
  @TempDir Path folder;

  /// What the text says.
  ServerConfig read(String text) {
    return new PrometheusFile(
            folder.resolve("prometheus.yml"), Map.of("REGION", "north")::get, false)
        .read(text);
  }

  /// The text is refused in these words, after the name of the file.
  void refuses(String text, String... words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(text))
        .satisfies(e ->
            assertThat(e.getMessage())
                .startsWith(folder.resolve("prometheus.yml").toString())
                .contains(words));
  }
}
