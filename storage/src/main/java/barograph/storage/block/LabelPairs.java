package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import barograph.storage.model.Labels;
import com.github.luben.zstd.Zstd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Every pair of a label name and a value in a block being written, numbered in order of name and
/// value, and which of them each series has.
///
/// The number of a pair is its place in the order, so that neither a table of symbols nor one that
/// turns ranks into places is needed.
final class LabelPairs {
  /// Front-coded values are compressed together up to about this many bytes.
  static final int FRAME_BYTES = 1 << 14;

  static final int COMPRESSION_LEVEL = 6;

  /// Series' pairs are kept in pieces of so many bytes, lest a growing array be copied.
  private static final int SLAB_SHIFT = 20;

  private static final int SLAB_BYTES = 1 << SLAB_SHIFT;

  private final List<String> names = new ArrayList<>();
  private final List<String[]> values = new ArrayList<>();

  /// First pair of each name, and the number of pairs behind the last.
  private int[] firstPairs = new int[1];

  /// Number of each pair in order of coming, until [#finish].
  private Map<String, Map<String, Integer>> numbers = new HashMap<>();

  /// Place of each of these numbers in the order of name and value.
  private int[] ranks = new int[0];

  /// For each series the count of its pairs and their numbers, varints, in label order.
  private final List<byte[]> slabs = new ArrayList<>();

  private int[] starts = new int[128];
  private int end = SLAB_BYTES;
  private int seriesCount;
  private int count;

  // Labels of neighbours are mostly the same strings: what the last series had is looked at first.
  private Labels last = Labels.EMPTY;
  private int[] lastNumbers = new int[64];

  /// Takes in the labels of the next series.
  void add(Labels labels) {
    if (seriesCount == starts.length) {
      starts = Arrays.copyOf(starts, seriesCount + (seriesCount >> 1));
    }
    int most = 5 * (labels.size() + 1);
    if (end + most > SLAB_BYTES) {
      slabs.add(new byte[Math.max(SLAB_BYTES, most)]);
      end = 0;
    }
    starts[seriesCount++] = (slabs.size() - 1) << SLAB_SHIFT | end;
    byte[] slab = slabs.getLast();
    int at = putVarint(slab, end, labels.size());
    if (lastNumbers.length < labels.size()) {
      lastNumbers = Arrays.copyOf(lastNumbers, 2 * labels.size());
    }
    for (int i = 0; i < labels.size(); i++) {
      int number =
          i < last.size()
                  && labels.value(i).equals(last.value(i))
                  && labels.name(i).equals(last.name(i))
              ? lastNumbers[i]
              : number(labels.name(i), labels.value(i));
      lastNumbers[i] = number;
      at = putVarint(slab, at, number);
    }
    last = labels;
    end = at;
  }

  private int number(String name, String value) {
    var byValue = numbers.computeIfAbsent(name, absent -> new HashMap<>());
    Integer known = byValue.putIfAbsent(value, count);
    return known == null ? count++ : known;
  }

  private static int putVarint(byte[] into, int from, int value) {
    int at = from;
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      into[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    into[at++] = (byte) rest;
    return at;
  }

  /// Numbers the pairs in their order once every series is in.
  void finish() {
    var ordered = new TreeMap<String, Map<String, Integer>>(Labels.UTF8_ORDER);
    ordered.putAll(numbers);
    ranks = new int[count];
    firstPairs = new int[ordered.size() + 1];
    int rank = 0;
    for (var name : ordered.entrySet()) {
      String[] sorted = name.getValue().keySet().toArray(String[]::new);
      Arrays.sort(sorted, Labels.UTF8_ORDER);
      for (String value : sorted) {
        ranks[name.getValue().getOrDefault(value, 0)] = rank++;
      }
      names.add(name.getKey());
      values.add(sorted);
      firstPairs[names.size()] = rank;
    }
    numbers = new HashMap<>();
    last = Labels.EMPTY;
  }

  int seriesCount() {
    return seriesCount;
  }

  /// Puts the pairs of a series, by the order in which it came in, into `into` from `at` on; they
  /// ascend.
  ///
  /// @return their number, or if there is no room for them the number behind a minus sign
  int pairs(int series, int[] into, int at) {
    byte[] slab = slabs.get(starts[series] >>> SLAB_SHIFT);
    int from = starts[series] & (SLAB_BYTES - 1);
    int size = 0;
    for (int i = -1; i < size; i++) {
      int value = 0;
      int shift = 0;
      byte b;
      do {
        b = slab[from++];
        value |= (b & 0x7f) << shift;
        shift += 7;
      } while (b < 0);
      if (i >= 0) {
        into[at + i] = ranks[value];
      } else if (at + value > into.length) {
        return -value;
      } else {
        size = value;
      }
    }
    return size;
  }

  /// The first pair of label `name`, or the number of all pairs if there is none.
  int firstPair(String name) {
    int at = names.indexOf(name);
    return at < 0 ? count : firstPairs[at];
  }

  /// How many pairs there are.
  int count() {
    return count;
  }

  /// The values of label `name`, those of its pairs in order.
  String[] values(String name) {
    int at = names.indexOf(name);
    return at < 0 ? new String[0] : values.get(at);
  }

  /// Writes frames of values, then what is needed to find a frame: the names with the number of
  /// their values, the frames with their first pair, and the counts of both.
  void writeTo(ByteSink into) {
    var frames = new ByteSink();
    int frameCount = 0;
    var raw = new ByteSink();
    byte[] previous = new byte[0];
    int pair = 0;
    int first = 0;
    for (String[] ofName : values) {
      for (String value : ofName) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int shared = raw.size() == 0 ? 0 : sharedPrefix(previous, bytes);
        raw.putVarint(shared);
        raw.putVarint(bytes.length - shared);
        raw.putBytes(bytes, shared, bytes.length - shared);
        previous = bytes;
        pair++;
        if (raw.size() >= FRAME_BYTES || pair == count) {
          byte[] packed = Zstd.compress(raw.toByteArray(), COMPRESSION_LEVEL);
          frames.putInt(first);
          frames.putInt(into.size());
          frames.putInt(packed.length);
          frames.putInt(raw.size());
          frameCount++;
          into.putBytes(packed);
          raw.clear();
          first = pair;
        }
      }
    }
    int index = into.size();
    for (int i = 0; i < names.size(); i++) {
      byte[] name = names.get(i).getBytes(StandardCharsets.UTF_8);
      into.putVarint(name.length);
      into.putBytes(name);
      into.putVarint(values.get(i).length);
    }
    into.putBytes(frames.array(), 0, frames.size());
    into.putInt(names.size());
    into.putInt(frameCount);
    into.putInt(index);
  }

  private static int sharedPrefix(byte[] a, byte[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }
}
