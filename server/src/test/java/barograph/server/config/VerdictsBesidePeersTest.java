package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verdicts that [AlertmanagerVerdictsTest] holds this server to are amtool's own.
///
/// Runs where `BAROGRAPH_PEERS` names a folder with `amtool`.
class VerdictsBesidePeersTest {
  @TempDir private Path folder;

  @Test
  void amtoolSaysSo() throws IOException, InterruptedException {
    var peers = System.getenv("BAROGRAPH_PEERS");
    assumeTrue(peers != null, "BAROGRAPH_PEERS names no folder with the peers' binaries");
    String amtool = Path.of(String.valueOf(peers)).resolve("amtool").toString();
    AlertmanagerVerdictsTest.writeTemplates(folder);
    var wrong = new ArrayList<String>();
    for (AlertmanagerVerdictsTest.Case each : AlertmanagerVerdictsTest.cases()) {
      Path file = folder.resolve("am.yml");
      Files.writeString(file, each.yaml());
      var process =
          new ProcessBuilder(amtool, "check-config", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      if ((process.exitValue() == 0) != each.acceptedByAmtool()) {
        wrong.add(each.toString());
      }
    }
    assertThat(wrong).isEmpty();
  }
}
