package barograph.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          "b",
          "ab",
          "foo",
          "\\.",
          "\\|",
          ".",
          "*",
          "+",
          "?",
          ".*",
          ".+",
          "|",
          "(",
          ")",
          "(?:",
          "[ab]",
          "[(]",
          "{2}",
          "^",
          "$",
          "\\d",
          "\\Qa|\\E",
          "\n",
          "\uD83D\uDE00",
          "(?i)");
  private static final List<String> LETTERS =
      List.of("a", "b", "A", ".", "|", "foo", "1", "\n", "(", "\uD83D\uDE00", "^", "-");

  private static final List<String> DOTTED =
      List.of(".", ".", "a", "1", "10", "\\.", "\\+", "\n", "\uD83D\uDE00", "\uD83D", "\uDE00");

  /// Among them halves of a character beyond 16 bits, alone and such that they meet.
  private static final List<String> FILLERS =
      List.of("a", "1", "10", ".", "+", "\n", "\uD83D\uDE00", "\uD83D", "\uDE00", "\uD83C");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void aRegexMatchesExactlyWhatItsAutomatonDoes(long seed) {
    var random = new Random(seed);
    int compared = 0;
    for (int i = 0; i < 20_000; i++) {
      String regex = randomText(random, PIECES, 5);
      Pattern pattern;
      try {
        Pattern.compile(regex);
        pattern = Pattern.compile("^(?s:" + regex + ")$");
      } catch (PatternSyntaxException e) {
        assertThatExceptionOfType(IllegalArgumentException.class)
            .isThrownBy(() -> new Matcher(Matcher.Type.REGEX, "l", regex));
        continue;
      }
      var positive = new Matcher(Matcher.Type.REGEX, "l", regex);
      var negative = new Matcher(Matcher.Type.NOT_REGEX, "l", regex);
      for (String candidate : candidates(random, regex)) {
        boolean expected = pattern.matcher(candidate).find();
        assertThat(positive.matches(candidate))
            .as("%s on %s", regex, candidate)
            .isEqualTo(expected);
        assertThat(negative.matches(candidate)).isEqualTo(!expected);
        if (expected) {
          assertThat(candidate).as("prefix of %s", regex).startsWith(positive.prefix());
          var literals = positive.literals();
          if (literals != null) {
            assertThat(literals).contains(candidate);
          }
        }
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(50_000);
  }

  /// Patterns of literals and dots, and values that nearly match: a value is made from the pattern
  /// with something in the place of each dot, and then often spoilt.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 5, 6})
  void dotsStandForOneCharacterOfAnyKind(long seed) {
    var random = new Random(seed);
    var ends = List.of("", "", ".*", ".+");
    int matched = 0;
    int others = 0;
    for (int i = 0; i < 20_000; i++) {
      String middle = randomText(random, DOTTED, 6);
      String open = oneOf(random, ends);
      String regex = random.nextBoolean() ? open + middle : middle + open;
      if (random.nextInt(8) == 0) {
        regex = "(" + regex + ")";
      }
      var pattern = Pattern.compile("(?s)" + regex);
      var matcher = regex(regex);
      for (int j = 0; j < 4; j++) {
        String candidate = candidate(random, regex);
        boolean expected = pattern.matcher(candidate).matches();
        assertThat(matcher.matches(candidate)).as("%s on %s", regex, candidate).isEqualTo(expected);
        if (expected) {
          assertThat(candidate).as("prefix of %s", regex).startsWith(matcher.prefix());
          matched++;
        } else {
          others++;
        }
      }
    }
    assertThat(matched).isGreaterThan(10_000);
    assertThat(others).isGreaterThan(10_000);
  }

  private static String candidate(Random random, String regex) {
    var text = new StringBuilder();
    String bare = regex.replaceAll("[()]", "").replace(".*", "\u0000").replace(".+", "\u0000");
    for (int i = 0; i < bare.length(); i++) {
      switch (bare.charAt(i)) {
        case '\u0000' -> text.append(randomText(random, FILLERS, 2));
        case '.' -> text.append(oneOf(random, FILLERS));
        case '\\' -> text.append(bare.charAt(++i));
        default -> text.append(bare.charAt(i));
      }
    }
    if (random.nextInt(3) == 0) {
      text.insert(random.nextInt(text.length() + 1), oneOf(random, FILLERS));
    }
    if (random.nextInt(3) == 0 && !text.isEmpty()) {
      text.deleteCharAt(random.nextInt(text.length()));
    }
    return text.toString();
  }

  private static String oneOf(Random random, List<String> pieces) {
    return pieces.get(random.nextInt(pieces.size()));
  }

  @Test
  void addressesWithoutEscapesNeedNoAutomaton() {
    assertThat(RegexShape.simple("10.0.1.+"))
        .isEqualTo(new RegexShape.Dotted(-1, List.of("10", "0", "1"), 1));
    assertThat(RegexShape.simple("(10.0.1.7)"))
        .isEqualTo(new RegexShape.Dotted(-1, List.of("10", "0", "1", "7"), -1));
    assertThat(RegexShape.simple(".*.example.com:9100"))
        .isEqualTo(new RegexShape.Dotted(0, List.of("", "example", "com:9100"), -1));
    assertThat(regex("10\\.0.1.+").prefix()).isEqualTo("10.0");
  }

  @Test
  void seesThroughTheUsualShapes() {
    assertThat(regex("a|b|c").literals()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(regex("(node|rack)").literals()).containsExactlyInAnyOrder("node", "rack");
    assertThat(regex("a\\.b").literals()).containsExactly("a.b");
    assertThat(regex("node_.*").prefix()).isEqualTo("node_");
    assertThat(regex("node_(cpu|disk)_.+").prefix()).isEqualTo("node_");
    assertThat(regex("node_?").prefix()).isEqualTo("node");
    assertThat(regex("foo.*|bar.*").prefix()).isEmpty();
    assertThat(regex("foo.*").literals()).isNull();
  }

  @Test
  void aDotMatchesANewlineToo() {
    assertThat(regex("a.b").matches("a\nb")).isTrue();
    assertThat(regex("a.*").matches("a\nb")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a)|(b", ")", "x)y(z", "(?i)a)b("})
  void aParenthesisThatWasNeverOpenedIsAnError(String regex) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> regex(regex))
        .withMessage("error parsing regexp: unexpected ): `%s`".formatted(regex));
  }

  private static Matcher regex(String value) {
    return new Matcher(Matcher.Type.REGEX, "l", value);
  }

  private static List<String> candidates(Random random, String regex) {
    var candidates = new ArrayList<String>();
    candidates.add("");
    candidates.add(regex);
    candidates.add(regex.replaceAll("[.*+?()|\\\\]", ""));
    for (int i = 0; i < 4; i++) {
      candidates.add(randomText(random, LETTERS, 4));
    }
    return candidates;
  }

  private static String randomText(Random random, List<String> pieces, int most) {
    var text = new StringBuilder();
    for (int n = random.nextInt(most + 1); n > 0; n--) {
      text.append(pieces.get(random.nextInt(pieces.size())));
    }
    return text.toString();
  }

  @Test
  void aLongValueIsLeftInTheMiddleWhenTheAskerRefuses() {
    var matcher = new Matcher(Matcher.Type.REGEX, "l", "(a|b|c[d-f]){500}.*");
    String value = "a".repeat(100_000);
    var asked = new AtomicInteger();
    assertThat(matcher.watchedBy(bytes -> asked.incrementAndGet()).test(value)).isTrue();
    assertThat(asked.get()).as("asked on the way").isGreaterThan(50);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> matcher.watchedBy(refusingAfter(10)).test(value))
        .withMessage("refused");
  }

  @Test
  void amongManyShortValuesTheAskerMayRefuse() {
    var matcher = new Matcher(Matcher.Type.NOT_REGEX, "l", "(a|b|c[d-f]){500}x");
    var watched = matcher.watchedBy(refusingAfter(3));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> {
          for (int i = 0; i < 100_000; i++) {
            assertThat(watched.test("value-" + i)).isTrue();
          }
        });
  }

  private static Allowance refusingAfter(int questions) {
    var left = new AtomicInteger(questions);
    return bytes -> {
      if (left.decrementAndGet() < 0) {
        throw new IllegalStateException("refused");
      }
    };
  }
}
