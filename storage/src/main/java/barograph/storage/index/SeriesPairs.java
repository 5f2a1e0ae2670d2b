package barograph.storage.index;

import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Series of one index with the label pairs of each, as numbers: what is needed to put the series
/// of several indexes into one order without a string for each of their labels.
///
/// First all series are added, with pairs as the index numbers them; then [#resolve] looks up the
/// text of each different pair once, but for long values, which are read when they are asked for.
/// Fill it on one thread; afterwards nothing changes any more.
public final class SeriesPairs {
  private static final int SOME_PAIRS = 10;

  /// What a series and a pair of it take in here, and while series are put in order.
  private static final int SERIES_BYTES = 24;

  private static final int PAIR_BYTES = 4;

  /// What a different pair takes.
  private static final int DIFFERENT_BYTES = 28;

  private static final int ASK_EACH = 1 << 10;

  private final Allowance allowance;
  private int[] series = new int[16];
  private int[] starts = new int[17];
  private int[] pairs = new int[128];
  private int size;

  /// The different pairs in label order.
  private String[] names = {};

  /// Null where the value is long.
  private @Nullable String[] values = {};

  /// Of pairs whose value is long.
  private int[] handles = {};

  private @Nullable PairTexts texts;

  /// @param allowance asked for what is held
  public SeriesPairs(Allowance allowance) {
    this.allowance = allowance;
  }

  /// None at all.
  public static SeriesPairs none() {
    return new SeriesPairs(Allowance.UNLIMITED);
  }

  /// Makes room for `more` series with some pairs each.
  public void reserve(int more) {
    reserve(more, Math.multiplyExact(more, SOME_PAIRS));
  }

  /// Makes room for `more` series with `morePairs` pairs in all.
  public void reserve(int more, int morePairs) {
    allowance.take((long) more * SERIES_BYTES + (long) morePairs * PAIR_BYTES);
    if (starts[size] + morePairs > pairs.length) {
      pairs = Arrays.copyOf(pairs, starts[size] + morePairs);
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
      int room = Math.max(start + count, start + (start >> 1));
      allowance.take((long) (room - pairs.length) * PAIR_BYTES);
      pairs = Arrays.copyOf(pairs, room);
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

  /// Looks up the different pairs, and numbers them from zero in label order.
  ///
  /// @param texts taken over: closed by [#close]
  /// @throws IndexOutOfBoundsException if there is a pair that they do not have
  public void resolve(PairTexts texts) {
    this.texts = texts;
    int end = starts[size];
    int most = -1;
    for (int i = 0; i < end; i++) {
      most = Math.max(most, pairs[i]);
    }
    if (most >= texts.end()) {
      throw new IndexOutOfBoundsException("pair %d of %d".formatted(most, texts.end()));
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
    allowance.take((long) different * DIFFERENT_BYTES);
    lookUp(texts, marks, different);
    for (int i = 0; i < end; i++) {
      int pair = pairs[i];
      pairs[i] = before[pair >> 6] + Long.bitCount(marks[pair >> 6] & ((1L << pair) - 1));
    }
  }

  private void lookUp(PairTexts from, long[] marks, int different) {
    names = new String[different];
    values = new @Nullable String[different];
    handles = new int[different];
    int found = 0;
    long own = 0;
    for (int word = 0; word < marks.length; word++) {
      for (long rest = marks[word]; rest != 0; rest &= rest - 1) {
        int pair = word << 6 | Long.numberOfTrailingZeros(rest);
        names[found] = from.name(pair);
        String value = from.value(pair);
        if (value == null) {
          handles[found] = from.handle(pair);
        } else {
          own += from.ownBytes(value);
        }
        values[found++] = value;
        if (found % ASK_EACH == 0 || found == different) {
          allowance.take(own);
          own = 0;
        }
      }
    }
  }

  /// Puts the pairs in label order, if they are not in it by themselves; not under a lock, as it
  /// takes its time.
  public void sort() {
    if (texts == null || texts.ascend()) {
      return;
    }
    int different = names.length;
    var order = new int[different];
    Arrays.setAll(order, i -> i);
    mergeSort(order, order.clone(), 0, different);
    var sortedNames = new String[different];
    var sortedValues = new @Nullable String[different];
    var sortedHandles = new int[different];
    var ranks = new int[different];
    for (int i = 0; i < different; i++) {
      sortedNames[i] = names[order[i]];
      sortedValues[i] = values[order[i]];
      sortedHandles[i] = handles[order[i]];
      ranks[order[i]] = i;
    }
    names = sortedNames;
    values = sortedValues;
    handles = sortedHandles;
    renumber(ranks);
  }

  /// Sorts `into` from `from` to `to`; `source` has the same content, and is overwritten.
  private void mergeSort(int[] into, int[] source, int from, int to) {
    if (to - from < 2) {
      return;
    }
    if (to - from > ASK_EACH) {
      // Whoever asked may have lost patience.
      allowance.take(0);
    }
    int middle = (from + to) >>> 1;
    mergeSort(source, into, from, middle);
    mergeSort(source, into, middle, to);
    if (compare(source[middle - 1], source[middle]) <= 0) {
      System.arraycopy(source, from, into, from, to - from);
      return;
    }
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right == to || (left < middle && compare(source[left], source[right]) <= 0);
      into[i] = takeLeft ? source[left++] : source[right++];
    }
  }

  private int compare(int a, int b) {
    int order = compare(names[a], names[b]);
    if (order != 0) {
      return order;
    }
    String left = values[a];
    String right = values[b];
    if (left == null && right == null) {
      return texts().compareLong(handles[a], handles[b]);
    }
    return compare(value(a), value(b));
  }

  /// The order of two texts; most of what is compared is the very same string.
  @SuppressWarnings("ReferenceEquality")
  public static int compare(String a, String b) {
    return a == b ? 0 : Labels.UTF8_ORDER.compare(a, b);
  }

  private PairTexts texts() {
    return Objects.requireNonNull(texts, "pairs are looked up before they are read");
  }

  /// How many different pairs there are, once resolved.
  public int different() {
    return names.length;
  }

  public String name(int different) {
    return names[different];
  }

  /// Read anew at each call if it is long.
  public String value(int different) {
    String value = values[different];
    return value != null ? value : texts().longValue(handles[different]);
  }

  /// The value unless it is long.
  public @Nullable String shortValue(int different) {
    return values[different];
  }

  /// Forgets the texts of pairs but for long values, whose numbers stay as they are.
  public void forgetShort() {
    names = new String[0];
    values = new String[0];
  }

  /// A long value, whatever has been forgotten.
  public String longValue(int different) {
    return texts().longValue(handles[different]);
  }

  /// Renumbers the pairs for good: pair `i` becomes `to[i]`.
  public void renumber(int[] to) {
    int end = starts[size];
    for (int i = 0; i < end; i++) {
      pairs[i] = to[pairs[i]];
    }
  }

  /// Long values are not needed any more.
  public void close() {
    if (texts != null) {
      texts.close();
    }
  }
}
