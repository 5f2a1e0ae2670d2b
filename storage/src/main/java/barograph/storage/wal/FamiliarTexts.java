package barograph.storage.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The texts of the labels of the series that was read last: most of the next one's are the same at
/// the same place, and need not be made anew.
final class FamiliarTexts {
  /// Labels beyond are rare, and made anew.
  private static final int PLACES = 128;

  private final byte[][] bytes = new byte[PLACES][0];
  private final @Nullable String[] texts = new String[PLACES];

  /// The text that stands at `place` in its series and whose bytes are `[from, to)`.
  String read(int place, byte[] source, int from, int to) {
    if (place >= PLACES) {
      return new String(source, from, to - from, UTF_8);
    }
    String known = texts[place];
    if (known != null && Arrays.equals(bytes[place], 0, bytes[place].length, source, from, to)) {
      return known;
    }
    String text = new String(source, from, to - from, UTF_8);
    bytes[place] = Arrays.copyOfRange(source, from, to);
    texts[place] = text;
    return text;
  }
}
