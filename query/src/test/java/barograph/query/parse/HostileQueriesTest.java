package barograph.query.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import barograph.query.ast.PrettyPrinter;
import barograph.query.ast.Printer;
import barograph.query.ast.PromqlException;
import barograph.query.ast.ValueType;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No text makes the parser run out of stack or throw what it does not declare.
class HostileQueriesTest {
  @Test
  void refusesDeepNesting() {
    assertRefused("(".repeat(10_000) + "1" + ")".repeat(10_000), "nested");
    assertRefused("-".repeat(100_000) + "foo", "nested");
    assertRefused("sum(".repeat(20_000) + "foo" + ")".repeat(20_000), "nested");
    assertRefused("foo" + "[5m:]".repeat(10_000), "nested");
    assertRefused("2" + "^2".repeat(5_000), "nested");
    assertRefused("foo[" + "(".repeat(10_000) + "1" + ")".repeat(10_000) + "]", "nested");
    assertRefused("foo[1" + "+1".repeat(5_000) + "]", "operators");
    assertRefused("foo[" + "-".repeat(5_000) + "step()]", "operators");
    assertRefused("1" + "+1".repeat(20_000), "more than 10000 operators");
    assertRefused("foo" + " ".repeat(2_000_000), "characters");
  }

  @Test
  void takesWhatIsJustShallowEnough() {
    int most = QueryParser.MAX_NESTING - 1;
    assertThat(parse("(".repeat(most) + "foo" + ")".repeat(most))).isInstanceOf(Expr.Paren.class);
    assertThat(parse("abs(".repeat(most) + "foo" + ")".repeat(most))).isInstanceOf(Expr.Call.class);
  }

  @Test
  void foldsManySignsOfANumber() {
    assertThat(Printer.print(parse("-".repeat(100_001) + "1"))).isEqualTo("-1");
  }

  @Test
  void takesLongChains() {
    String chain = "foo" + " + 1".repeat(5_000) + " or bar";

    Expr expr = parse(chain);

    assertThat(Expr.typeOf(expr)).isEqualTo(ValueType.INSTANT_VECTOR);
    assertThat(Printer.print(expr)).isEqualTo(chain);
    assertThat(PrettyPrinter.print(expr).replaceAll("\\s+", " ").strip()).isEqualTo(chain);
  }

  @Test
  void needsLittleStack() throws InterruptedException {
    int most = QueryParser.MAX_NESTING - 2;
    String query = "sum(".repeat(most) + "foo" + "+1".repeat(5_000) + ")".repeat(most);
    var thrown = new AtomicReference<Throwable>();
    var thread =
        new Thread(
            null,
            () -> {
              Expr expr = parse(query);
              assertThat(Printer.print(expr)).hasSizeGreaterThan(query.length());
              assertThat(PrettyPrinter.print(expr)).hasSizeGreaterThan(query.length());
            },
            "small stack",
            512 << 10);
    thread.setUncaughtExceptionHandler((_, e) -> thrown.set(e));

    thread.start();
    thread.join();

    assertThat(thrown.get()).isNull();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void throwsOnlyWhatItDeclares(long seed) {
    var random = new Random(seed);
    int understood = 0;
    for (int i = 0; i < 20_000; i++) {
      String soup = soup(random);
      try {
        String printed = Printer.print(parse(soup));
        assertThat(Printer.print(parse(printed))).as(soup).isEqualTo(printed);
        understood++;
      } catch (PromqlException e) {
        assertThat(e).as(soup).hasMessageContaining("parse error: ");
      }
    }
    assertThat(understood).isPositive();
  }

  private static String soup(Random random) {
    String[] words = {
      "foo",
      "sum",
      "by",
      "(",
      ")",
      "{",
      "}",
      "[",
      "]",
      "[5m]",
      "[5m:1m]",
      ",",
      "\"a\"",
      "a=\"b\"",
      "{a=~\"b|c\"}",
      "rate(",
      "topk(",
      "+",
      "-",
      "*",
      "^",
      "==",
      "!=",
      "</",
      ">/",
      "and",
      "or",
      "atan2",
      "on",
      "(a)",
      "group_left",
      "bool",
      "offset",
      "5m",
      "1",
      "@",
      "start()",
      "step()",
      "fill",
      "fill(1)",
      "anchored",
      "min_of(1,2)",
      "`",
      "'",
      "\\",
      "#",
      "\n",
      "é",
      "\u0000",
      "$",
      "1e",
      "0x",
      "1.2.3",
      "a:b",
      "inf",
      "nan",
      "x",
      "\uD800",
      "\uFFFD",
      "😀"
    };
    var soup = new StringBuilder();
    int length = 1 + random.nextInt(8);
    for (int i = 0; i < length; i++) {
      soup.append(words[random.nextInt(words.length)]).append(random.nextInt(3) > 0 ? " " : "");
    }
    return soup.toString();
  }

  private static Expr parse(String query) {
    return QueryParser.parse(query, Features.ALL);
  }

  private static void assertRefused(String query, String words) {
    assertThatThrownBy(() -> parse(query))
        .isInstanceOf(PromqlException.class)
        .hasMessageContaining(words);
  }
}
