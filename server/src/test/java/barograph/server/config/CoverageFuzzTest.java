package barograph.server.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Configuration files under Jazzer: any text is read, or refused by [ConfigException] alone.
///
/// An ordinary run tries an empty text; `JAZZER_FUZZ=1 mvn -pl server -am test
/// -Dtest='CoverageFuzzTest#prometheus'` looks for others for five minutes.
class CoverageFuzzTest {
  private static final Path NOWHERE = Path.of("/nowhere/at/all/prometheus.yml");

  @FuzzTest
  void prometheus(byte[] input) {
    try {
      new PrometheusFile(NOWHERE, variable -> "", true).read(text(input));
    } catch (ConfigException refused) {
      // As it should be.
    }
  }

  @FuzzTest
  void alertmanager(byte[] input) {
    try {
      AlertmanagerFile.read(NOWHERE.toString(), text(input));
    } catch (ConfigException refused) {
      // As it should be.
    }
  }

  private static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }
}
