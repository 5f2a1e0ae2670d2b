package barograph.storage.index;

import java.util.Arrays;
import java.util.function.IntFunction;

/// Series of one index with the label pairs of each, as numbers: what is needed to put the series
/// of several indexes into one order without a string for each of their labels.
///
/// First all series are added, with pairs as the index numbers them; then [#resolve] looks up the
/// text of each different pair once. Fill it on one thread; afterwards nothing changes any more.
public final class SeriesPairs {
  private static final int SOME_PAIRS = 10;

  private int[] series = new int[16];
  private int[] starts = new int[17];
  private int[] pairs = new int[128];
  private int size;

  /// The different pairs in ascending order of their numbers.
  private String[] names = {};

  private String[] values = {};

  /// Makes room for `more` series with some pairs each.
  public void reserve(int more) {
    int somePairs = Math.multiplyExact(more, SOME_PAIRS);
    if (starts[size] + somePairs > pairs.length) {
      pairs = Arrays.copyOf(pairs, starts[size] + somePairs);
    }
    if (size + more > series.length) {
      int room = Math.max(size + more, size + (size >> 1));
      series = Arrays.copyOf(series, room);
      starts = Arrays.copyOf(starts, room + 1);
    }
  }

  /// Adds a series with `count` pairs, which stand in `from` from `at` on.
  public void add(int number, int[] from, int at, int count) {
    System.arraycopy(from, at, pairs(number, count), starts[size - 1], count);
  }

  /// Adds a series with `count` pairs, which the caller puts into the array from [#start] of this
  /// series on.
  public int[] pairs(int number, int count) {
    if (size == series.length) {
      series = Arrays.copyOf(series, size + (size >> 1));
      starts = Arrays.copyOf(starts, size + (size >> 1) + 1);
    }
    int start = starts[size];
    if (start + count > pairs.length) {
      pairs = Arrays.copyOf(pairs, Math.max(start + count, start + (start >> 1)));
    }
    series[size++] = number;
    starts[size] = start + count;
    return pairs;
  }

  /// How many series there are.
  public int size() {
    return size;
  }

  /// The number of the `place`th series in its index.
  public int series(int place) {
    return series[place];
  }

  /// Where the pairs of the `place`th series begin.
  public int start(int place) {
    return starts[place];
  }

  /// Where they end.
  public int end(int place) {
    return starts[place + 1];
  }

  /// A pair by its place between [#start] and [#end]: once resolved, a number among the different
  /// ones.
  public int pair(int at) {
    return pairs[at];
  }

  /// Looks up the different pairs, and numbers them from zero in the order that they have.
  public void resolve(IntFunction<String> name, IntFunction<String> value) {
    int end = starts[size];
    int most = -1;
    for (int i = 0; i < end; i++) {
      most = Math.max(most, pairs[i]);
    }
    var marks = new long[(most >> 6) + 1];
    for (int i = 0; i < end; i++) {
      marks[pairs[i] >> 6] |= 1L << pairs[i];
    }
    var before = new int[marks.length];
    int different = 0;
    for (int word = 0; word < marks.length; word++) {
      before[word] = different;
      different += Long.bitCount(marks[word]);
    }
    names = new String[different];
    values = new String[different];
    int found = 0;
    for (int word = 0; word < marks.length; word++) {
      for (long rest = marks[word]; rest != 0; rest &= rest - 1) {
        int pair = word << 6 | Long.numberOfTrailingZeros(rest);
        names[found] = name.apply(pair);
        values[found++] = value.apply(pair);
      }
    }
    for (int i = 0; i < end; i++) {
      int pair = pairs[i];
      pairs[i] = before[pair >> 6] + Long.bitCount(marks[pair >> 6] & ((1L << pair) - 1));
    }
  }

  /// How many different pairs there are, once resolved.
  public int different() {
    return names.length;
  }

  public String name(int different) {
    return names[different];
  }

  public String value(int different) {
    return values[different];
  }

  /// Renumbers the pairs for good: pair `i` becomes `to[i]`.
  public void renumber(int[] to) {
    int end = starts[size];
    for (int i = 0; i < end; i++) {
      pairs[i] = to[pairs[i]];
    }
  }
}
