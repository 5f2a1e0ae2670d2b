package barograph.query.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.PromqlText;
import barograph.query.ast.Expr;
import barograph.query.ast.PromqlException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// PromQL under Jazzer: any text is refused by [PromqlException] alone, or is a query whose printed
/// form, on one line or many, is read as a query that is printed the same.
///
/// An ordinary run tries an empty text; `JAZZER_FUZZ=1 mvn -pl query test
/// -Dtest='CoverageFuzzTest#promql'` looks for others for five minutes.
class CoverageFuzzTest {
  @FuzzTest
  void promql(byte[] input) {
    Expr query;
    try {
      query = PromqlText.parse(new String(input, StandardCharsets.UTF_8), Set.of());
    } catch (PromqlException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    String printed = PromqlText.print(query);
    assertThat(PromqlText.print(PromqlText.parse(printed, Set.of()))).isEqualTo(printed);
    assertThat(PromqlText.print(PromqlText.parse(PromqlText.pretty(query), Set.of())))
        .isEqualTo(printed);
  }
}
