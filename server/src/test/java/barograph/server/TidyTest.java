package barograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.testkit.SharedData;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The house is tidy: what no compiler sees, looked up in the files as they lie in the checkout.
class TidyTest {
  private static final Path ROOT = SharedData.repositoryRoot();

  private static final Set<String> NOT_LOOKED_INTO =
      Set.of(".git", ".idea", ".vscode", "data", "dist", "node_modules", "target");

  private static final Set<String> SOURCE =
      Set.of("css", "g4", "html", "java", "sh", "ts", "tsx", "xml", "yaml", "yml");

  private static final Set<String> FORBIDDEN_ROOMS =
      Set.of("common", "core", "helper", "helpers", "impl", "manager", "util", "utils");

  /// What says that something is unfinished. A query's own "modifier not implemented" is
  /// Prometheus's answer, word for word.
  private static final Pattern LEFTOVER =
      Pattern.compile(
          "\\b(TO"
              + "DO|FIX"
              + "ME|XX"
              + "X)\\b|@Dis"
              + "abled\\b|(?<!modifier )not imple"
              + "mented|new Unsupported"
              + "OperationException\\(\\)");

  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.}])[/](work|root|tmp/team)[/]");

  private static final Pattern REGISTRY =
      Pattern.compile("https?:[/][/][^\\s\"'/)]*(artifactory|nexus|npm|pypi|registry)[^\\s\"'/)]*");

  private static final Pattern PAGE = Pattern.compile("docs/[\\w/-]+\\.md");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)\\s]*)?\\)");

  /// Classes that a library finds in its own packages.
  private static final String STAND_IN = "server/chronicle-precompiled";

  /// Text files of the checkout by their path within it.
  private static final Map<String, String> TEXTS = new TreeMap<>();

  private static final Set<String> ALL = new TreeSet<>();

  @BeforeAll
  static void walkTheCheckout() throws IOException {
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean skipped = NOT_LOOKED_INTO.contains(folder.getFileName().toString());
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = ROOT.relativize(file).toString();
            if (name.equals(".git")) {
              return FileVisitResult.CONTINUE;
            }
            ALL.add(name);
            try {
              TEXTS.put(name, Files.readString(file));
            } catch (CharacterCodingException e) {
              // An image or another file of bytes.
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void theCheckoutIsFound() {
    assertThat(TEXTS).containsKeys("pom.xml", "README.md", "LICENSE", "server/pom.xml");
    assertThat(packages()).hasSizeGreaterThan(30);
  }

  @Test
  void everyPackageSaysWhatItIs() {
    var silent = new ArrayList<String>();
    for (String room : packages()) {
      if (!TEXTS.containsKey(room + "/package-info.java")
          && !TEXTS.containsKey(
              room.replace("/src/test/java/", "/src/main/java/") + "/package-info.java")) {
        silent.add(room);
      }
    }
    assertThat(silent).as("packages without package-info.java").isEmpty();
  }

  @Test
  void aPackageIsWhereItsNameSays() {
    var astray = new ArrayList<String>();
    for (String room : packages()) {
      String module = room.substring(0, room.indexOf('/'));
      if (module.equals("benchmarks") || room.startsWith(STAND_IN)) {
        continue;
      }
      String name = room.replaceFirst(".*?/src/\\w+/java/", "");
      if (!name.equals("barograph/" + module) && !name.startsWith("barograph/" + module + "/")) {
        astray.add(room);
      }
    }
    assertThat(astray).as("packages outside barograph.<module>").isEmpty();
  }

  @Test
  void noPackageIsADrawerForOddments() {
    assertThat(packages())
        .noneMatch(room -> Stream.of(room.split("/")).anyMatch(FORBIDDEN_ROOMS::contains));
  }

  @Test
  void everyModuleHasItsPomAndItsDescriptor() {
    var pom = text("pom.xml");
    var modules =
        Pattern.compile("<module>([^<]+)</module>")
            .matcher(pom)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(modules)
        .containsExactlyInAnyOrder(
            "alerting", "benchmarks", "ingest", "query", "server", STAND_IN, "storage", "web-ui");
    assertThat(TEXTS.keySet()).containsAll(modules.stream().map(m -> m + "/pom.xml").toList());
    assertThat(TEXTS.keySet())
        .containsAll(
            Stream.of("alerting", "ingest", "query", "server", "storage")
                .map(m -> m + "/src/main/java/module-info.java")
                .toList());
  }

  @Test
  void nothingIsLeftUnfinished() {
    assertThat(found(LEFTOVER, name -> SOURCE.contains(extension(name)))).isEmpty();
  }

  @Test
  void everyPageThatTheSourcesReferToExists() {
    var missing = new TreeSet<String>();
    TEXTS.forEach((name, text) -> {
      if (extension(name).equals("java")) {
        PAGE.matcher(text)
            .results()
            .map(MatchResult::group)
            .filter(page -> !ALL.contains(page))
            .forEach(page -> missing.add(name + " -> " + page));
      }
    });
    assertThat(missing).isEmpty();
  }

  @Test
  void everyLinkBetweenPagesLeadsSomewhere() {
    var broken = new TreeSet<String>();
    TEXTS.forEach((name, text) -> {
      if (extension(name).equals("md")) {
        LINK.matcher(text)
            .results()
            .map(found -> found.group(1))
            .filter(target -> !Files.exists(ROOT.resolve(name).resolveSibling(target)))
            .forEach(target -> broken.add(name + " -> " + target));
      }
    });
    assertThat(broken).isEmpty();
  }

  @Test
  void noFileKnowsTheMachineItWasWrittenOn() {
    assertThat(found(MACHINE_PATH, _ -> true)).isEmpty();
  }

  @Test
  void noFileNamesARegistry() {
    assertThat(found(REGISTRY, _ -> true)).isEmpty();
  }

  private static List<String> found(Pattern pattern, Predicate<String> which) {
    var places = new ArrayList<String>();
    TEXTS.forEach((name, text) -> {
      if (which.test(name)) {
        pattern
            .matcher(text)
            .results()
            .forEach(match ->
                places.add("%s:%d: %s".formatted(name, line(text, match.start()), match.group())));
      }
    });
    return places;
  }

  private static long line(String text, int position) {
    return 1 + text.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  /// Folders that hold Java files of a package.
  private static Set<String> packages() {
    var rooms = new TreeSet<String>();
    for (String name : TEXTS.keySet()) {
      if (extension(name).equals("java") && !name.endsWith("/module-info.java")) {
        rooms.add(name.substring(0, name.lastIndexOf('/')));
      }
    }
    return rooms;
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String text(String name) {
    String text = TEXTS.get(name);
    assertThat(text).as(name).isNotNull();
    return text;
  }
}
