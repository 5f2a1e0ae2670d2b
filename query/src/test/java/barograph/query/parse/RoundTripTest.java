package barograph.query.parse;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import barograph.query.ast.PrettyPrinter;
import barograph.query.ast.Printer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A printed tree reads back as the same tree.
class RoundTripTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void readsWhatItPrints(long seed) {
    var trees = new RandomTrees(seed);
    for (int i = 0; i < 3_000; i++) {
      Expr tree = trees.next();
      String text = Printer.print(tree);

      assertThat(RandomTrees.bare(QueryParser.parse(text, Features.ALL)))
          .as(text)
          .isEqualTo(RandomTrees.bare(tree));
      assertThat(RandomTrees.bare(QueryParser.parse(PrettyPrinter.print(tree), Features.ALL)))
          .as(text)
          .isEqualTo(RandomTrees.bare(tree));
    }
  }

  @Test
  void splitsLongLinesAtParenthesesAndOperators() {
    String selector =
        "a_metric_with_quite_a_long_name_of_its_own{with=\"a label\",and=\"another label\"}";
    String query =
        "sum by (job) (rate(%1$s[5m])) / on (job) (up + rate(%1$s[5m]))".formatted(selector);

    assertThat(PrettyPrinter.print(QueryParser.parse(query, Features.STABLE)))
        .isEqualTo(
            """
              sum by (job) (
                rate(a_metric_with_quite_a_long_name_of_its_own{and="another label",with="a label"}[5m])
              )
            / on (job)
              (up + rate(a_metric_with_quite_a_long_name_of_its_own{and="another label",with="a label"}[5m]))\
            """);
  }

  @Test
  void spansCoverTheWordsOfANode() {
    String query = "{a=\"ü\"} or # ü\n  sum by (b) (rate(foo[5m] offset 3m))";

    var binary = (Expr.Binary) QueryParser.parse(query, Features.STABLE);

    assertThat(binary.left().span().of(query)).isEqualTo("{a=\"ü\"}");
    assertThat(binary.right().span().of(query)).isEqualTo("sum by (b) (rate(foo[5m] offset 3m))");
    assertThat(binary.right().span().positionIn(query)).isEqualTo("2:3");
    var call = (Expr.Call) ((Expr.Aggregate) binary.right()).operand();
    assertThat(call.arguments().getFirst().span().of(query)).isEqualTo("foo[5m] offset 3m");
  }
}
