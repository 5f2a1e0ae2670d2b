package barograph.server.config;

import java.util.Locale;

/// Sizes as configuration and flags write them: `512MB`, `1GiB`; every unit is a power of 1,024.
public final class ByteSize {
  private static final String UNITS = "KMGTPE";

  private ByteSize() {}

  /// The number of bytes.
  ///
  /// @throws IllegalArgumentException if `text` is not a number followed by a unit
  public static long parse(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    String unit = text.substring(digits).strip().toUpperCase(Locale.ROOT).replace("IB", "B");
    if (text.equals("0")) {
      return 0;
    }
    boolean plain = unit.equals("B");
    int power = plain || unit.length() != 2 ? 0 : UNITS.indexOf(unit.charAt(0)) + 1;
    boolean known = plain || (power > 0 && unit.endsWith("B"));
    if (digits == 0 || !known) {
      throw new IllegalArgumentException(
          "\"%s\" is no size, expected a number with a unit such as 512MB or 10GiB"
              .formatted(text));
    }
    try {
      return Math.multiplyExact(Long.parseLong(text.substring(0, digits)), 1L << (10 * power));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("size \"%s\" is too large".formatted(text), e);
    }
  }
}
