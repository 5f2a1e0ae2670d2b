package barograph.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which trace a request belongs to is told as the W3C says.
class SpanContextTest {
  @Test
  void whatIsToldIsUnderstood() {
    String header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    var context = SpanContext.parse(header);
    assertThat(context)
        .isEqualTo(
            new SpanContext(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L, 0x00f067aa0ba902b7L, true));
    assertThat(String.valueOf(context == null ? null : context.header())).isEqualTo(header);
    // A later version may say more.
    assertThat(SpanContext.parse("01" + header.substring(2) + "-more")).isEqualTo(context);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "00+4bf92f3577b34da6a3ce929d0e0e4736+00f067aa0ba902b7+01",
      })
  void whatIsNoContextBeginsANewTrace(String header) {
    assertThat(SpanContext.parse(header)).isNull();
  }

  @Test
  void asManyTracesAreRecordedAsAreWanted() {
    for (double fraction : new double[] {0, 0.25, 1}) {
      long sampled =
          IntStream.range(0, 10_000).filter(i -> SpanContext.fresh(fraction).sampled()).count();
      assertThat(sampled).isBetween((long) (8_000 * fraction), (long) (12_000 * fraction));
    }
  }
}
