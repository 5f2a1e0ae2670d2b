package barograph.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What amtool accepts is accepted here, and what it refuses is refused with its reason, but for a
/// few slips that it passes over: over 360 configurations, in `alertmanager-verdicts.txt`.
class AlertmanagerVerdictsTest {
  private static final String CASE = "--- ";
  private static final String REFUSED = "refused: ";
  private static final String REFUSED_HERE = "refused here alone: ";

  @TempDir private Path folder;

  /// A configuration and what is said of it.
  record Case(String name, String verdict, String yaml) {
    boolean acceptedByAmtool() {
      return !verdict.startsWith(REFUSED);
    }

    @Override
    public String toString() {
      return name + ": " + verdict;
    }
  }

  static List<Case> cases() throws IOException {
    var cases = new ArrayList<Case>();
    try (InputStream in =
        AlertmanagerVerdictsTest.class.getResourceAsStream("alertmanager-verdicts.txt")) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      var parts = text.split("(?m)^" + CASE, -1);
      for (String part : List.of(parts).subList(1, parts.length)) {
        int end = part.indexOf('\n');
        String head = part.substring(0, end);
        int colon = verdictAt(head);
        cases.add(new Case(head.substring(0, colon), head.substring(colon), part.substring(end)));
      }
    }
    return cases;
  }

  private static int verdictAt(String head) {
    for (String verdict : List.of("accepted", REFUSED, REFUSED_HERE)) {
      int at = head.indexOf(": " + verdict);
      if (at > 0) {
        return at + 2;
      }
    }
    throw new AssertionError("no verdict in " + head);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aConfigurationGetsItsVerdict(Case each) throws IOException {
    writeTemplates(folder);
    String file = folder.resolve("am.yml").toString();
    if (each.verdict.equals("accepted")) {
      assertThat(AlertmanagerFile.read(file, each.yaml).receivers()).isNotEmpty();
    } else {
      String reason =
          each.verdict
              .substring(each.verdict.indexOf(": ") + 2)
              .replace("{folder}", folder.toString());
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> AlertmanagerFile.read(file, each.yaml))
          .withMessageContaining(reason);
    }
  }

  static void writeTemplates(Path folder) throws IOException {
    Files.writeString(folder.resolve("broken.tmpl"), "{{ define \"x\" }}{{ .A ");
    Files.writeString(folder.resolve("good.tmpl"), "{{ define \"x\" }}{{ .Status }}{{ end }}");
    Files.writeString(folder.resolve("unknown.tmpl"), "{{ define \"x\" }}{{ nofunc .A }}{{ end }}");
  }
}
