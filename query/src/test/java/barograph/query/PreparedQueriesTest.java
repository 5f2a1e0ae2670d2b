package barograph.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.query.ast.Expr;
import barograph.query.ast.Features;
import barograph.query.ast.PromqlException;
import barograph.query.parse.QueryParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreparedQueriesTest {
  private final List<String> read = new ArrayList<>();
  private final PreparedQueries queries = new PreparedQueries(this::read);

  private Expr read(String text) {
    read.add(text);
    return QueryParser.parse(text, Features.STABLE);
  }

  /// Of so many characters.
  private static String query(int number, int length) {
    String name = "m%d".formatted(number);
    return name + "_".repeat(length - name.length());
  }

  @Test
  void aQueryIsReadOnceHoweverOftenItIsAsked() {
    var first = queries.of("up == 0");
    assertThat(queries.of("up == 0")).isSameAs(first);
    assertThat(first.text()).isEqualTo("up == 0");
    assertThat(first.expr()).isEqualTo(QueryParser.parse("up == 0", Features.STABLE));
    assertThat(queries.of("up == 1").expr()).isNotEqualTo(first.expr());
    assertThat(read).containsExactly("up == 0", "up == 1");
  }

  @Test
  void whatIsNoQueryIsSaidEachTime() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> queries.of("up ==")).isInstanceOf(PromqlException.class);
    }
    assertThat(read).containsExactly("up ==", "up ==");
  }

  @Test
  void whatWasAskedForLongestAgoIsForgotten() {
    // 64 of them fit.
    for (int i = 0; i < 64; i++) {
      queries.of(query(i, 4_096));
    }
    queries.of(query(0, 4_096));
    assertThat(read).hasSize(64);
    queries.of(query(64, 4_096));
    read.clear();
    queries.of(query(0, 4_096));
    queries.of(query(2, 4_096));
    assertThat(read).isEmpty();
    queries.of(query(1, 4_096));
    assertThat(read).containsExactly(query(1, 4_096));
  }

  @Test
  void whatIsLongOrHasADearExpressionIsNotKept() {
    String dear = "up{job=~\"(x[a-c]?){9}\"}";
    String large = "up{job!~\"%s\"}".formatted("\\\\pL".repeat(200));
    for (String text : List.of(query(1, 8_193), dear, large)) {
      queries.of(text);
      queries.of(text);
    }
    assertThat(read).containsExactly(query(1, 8_193), query(1, 8_193), dear, dear, large, large);
    read.clear();
    String usual = "up{job=~\"a|b\",path!~\"/api/v[12]/.+\"}";
    for (String text : List.of(query(2, 8_192), usual)) {
      queries.of(text);
      queries.of(text);
    }
    assertThat(read).containsExactly(query(2, 8_192), usual);
  }
}
