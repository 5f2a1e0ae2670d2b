package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest(name = "{0} is {1} bytes")
  @CsvSource({
    "0, 0",
    "0B, 0",
    "17B, 17",
    "1KB, 1024",
    "1KiB, 1024",
    "512MB, 536870912",
    "10GiB, 10737418240",
    "2TB, 2199023255552",
    "1PB, 1125899906842624",
    "7EB, 8070450532247928832",
    "5mb, 5242880",
  })
  void everyUnitIsAPowerOfTwo(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest(name = "\"{0}\"")
  @ValueSource(strings = {"", "10", "MB", "1.5GB", "-1B", "10XB", "10 apples", "8EB", "1K", "B1"})
  void anythingElseIsNoSize(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("\"" + text + "\"");
  }
}
