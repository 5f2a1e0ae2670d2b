package barograph.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The JVM says nothing of a method that the launcher's list names and nobody has.
class InlineListTest {
  private static final Path LIST = Path.of("..", "config", "inline.txt");

  @Test
  void everyMethodOfTheListIsThere() throws IOException {
    List<String> commands =
        Files.readAllLines(LIST).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();

    assertThat(commands).startsWith("quiet").hasSizeGreaterThan(1).doesNotHaveDuplicates();
    assertThat(commands.stream().skip(1)).allMatch(InlineListTest::namesAMethod);
  }

  private static boolean namesAMethod(String command) {
    String[] words = command.split(" ", -1);
    int dot = words[words.length - 1].lastIndexOf('.');
    if (words.length != 2 || !words[0].equals("inline") || dot < 0) {
      return false;
    }
    String method = words[1].substring(dot + 1);
    try {
      Class<?> owner = Class.forName(words[1].substring(0, dot).replace('/', '.'));
      return Arrays.stream(owner.getDeclaredMethods())
          .anyMatch(found -> found.getName().equals(method));
    } catch (ClassNotFoundException _) {
      return false;
    }
  }
}
