package barograph.storage.wal;

import java.util.Arrays;

/// The label texts that were written last at each place of a series, and where their bytes are, so
/// that a text that comes again need not be encoded again.
final class LastTexts {
  private String[] texts = new String[32];
  private int[] starts = new int[32];
  private int[] lengths = new int[32];
  private int known;

  /// Forgets all of them: the bytes are gone.
  void clear() {
    known = 0;
  }

  boolean has(int place, String text) {
    return place < known && texts[place].equals(text);
  }

  int start(int place) {
    return starts[place];
  }

  int length(int place) {
    return lengths[place];
  }

  /// Says that the text of a place has been written once more.
  void move(int place, int start) {
    starts[place] = start;
  }

  /// @param place one that is known, or the one after the last known
  void put(int place, String text, int start, int length) {
    if (place == texts.length) {
      texts = Arrays.copyOf(texts, 2 * place);
      starts = Arrays.copyOf(starts, 2 * place);
      lengths = Arrays.copyOf(lengths, 2 * place);
    }
    texts[place] = text;
    starts[place] = start;
    lengths[place] = length;
    known = Math.max(known, place + 1);
  }
}
