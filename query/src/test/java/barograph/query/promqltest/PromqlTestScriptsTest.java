package barograph.query.promqltest;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.promqltest.ScriptRunner.NameRemoval;
import barograph.storage.testkit.SharedData;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The engine against scripts: ours must all hold, of Prometheus's as many as ever did.
class PromqlTestScriptsTest {
  @ParameterizedTest(name = "names dropped {0}")
  @EnumSource
  void everyEvaluationOfOurOwnScriptsHolds(NameRemoval names)
      throws IOException, URISyntaxException {
    var folder =
        Path.of(Objects.requireNonNull(getClass().getResource("/promql"), "promql").toURI());
    var failures = new ArrayList<String>();
    for (var file : scriptsIn(folder)) {
      var score = ScriptRunner.run(file, names);
      assertThat(score.total()).as(score.name()).isPositive();
      score.failures().forEach(failure -> failures.add(score.name() + ":" + failure));
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void noScriptOfPrometheusHoldsLessThanItEverDid() throws IOException {
    String named = System.getProperty("promqltest.dir", "");
    var folder = named.isEmpty() ? SharedData.require("promqltest") : Path.of(named);
    var floors = floors();
    var report = new StringBuilder();
    var below = new ArrayList<String>();
    int passed = 0;
    int total = 0;
    for (var file : scriptsIn(folder)) {
      var score = ScriptRunner.run(file, NameRemoval.LATE);
      passed += score.passed();
      total += score.total();
      System.out.printf("%s: %d/%d%n", score.name(), score.passed(), score.total());
      score.failures().forEach(f -> report.append(score.name()).append(':').append(f).append('\n'));
      int floor = floors.getOrDefault(score.name(), 0);
      if (score.passed() < floor) {
        below.add("%s: %d pass, %d did before".formatted(score.name(), score.passed(), floor));
      }
    }
    System.out.printf("promqltest: %d of %d%n", passed, total);
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target", "promqltest-failures.txt"), report);
    assertThat(total).isPositive();
    assertThat(below).isEmpty();
  }

  private static List<Path> scriptsIn(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".test")).sorted().toList();
    }
  }

  private static Map<String, Integer> floors() throws IOException {
    var floors = new HashMap<String, Integer>();
    try (var in =
        Objects.requireNonNull(
            PromqlTestScriptsTest.class.getResourceAsStream("/promqltest-floors.tsv"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .forEach(line -> {
            String[] fields = line.split("\t", -1);
            floors.put(fields[0], Integer.parseInt(fields[1]));
          });
    }
    return floors;
  }
}
