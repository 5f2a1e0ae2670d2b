package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import barograph.storage.model.Labels;
import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/// Every pair of a label name and a value in a block being written, numbered in order of name and
/// value, with the series that have it.
///
/// The number of a pair is its place in the order, so that neither a table of symbols nor one that
/// turns ranks into places is needed.
final class LabelPairs {
  /// Front-coded values are compressed together up to about this many bytes.
  static final int FRAME_BYTES = 1 << 14;

  static final int COMPRESSION_LEVEL = 6;

  /// A postings entry with this bit is the one series itself, and no offset.
  static final int SINGLE_FLAG = 1 << 31;

  /// Up to this many series are listed instead of being made a bitmap.
  static final int MOST_LISTED = 12;

  static final int LISTED = 0;
  static final int BITMAP = 1;

  private final List<String> names = new ArrayList<>();
  private final List<String[]> values = new ArrayList<>();

  /// First pair of each name, and the number of pairs behind the last.
  private int[] firstPairs = new int[1];

  /// Number of each pair: in order of coming until [#finish], then in order of name and value.
  private final Map<String, Map<String, Integer>> numbers = new HashMap<>();

  /// The pairs of all series, one series behind the other.
  private int[] pairs = new int[1024];

  private int[] starts = new int[128];
  private int seriesCount;
  private int count;

  /// Takes in the labels of the next series.
  void add(Labels labels) {
    int at = starts[seriesCount];
    if (at + labels.size() > pairs.length) {
      pairs = Arrays.copyOf(pairs, Math.max(at + labels.size(), 2 * pairs.length));
    }
    for (int i = 0; i < labels.size(); i++) {
      var byValue = numbers.computeIfAbsent(labels.name(i), absent -> new HashMap<>());
      Integer known = byValue.putIfAbsent(labels.value(i), count);
      pairs[at++] = known == null ? count++ : known;
    }
    seriesCount++;
    if (seriesCount == starts.length) {
      starts = Arrays.copyOf(starts, 2 * seriesCount);
    }
    starts[seriesCount] = at;
  }

  /// Numbers the pairs in their order once every series is in.
  void finish() {
    var ordered = new TreeMap<String, Map<String, Integer>>(Labels.UTF8_ORDER);
    ordered.putAll(numbers);
    var ranks = new int[count];
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
    numbers.clear();
    for (int i = 0; i < starts[seriesCount]; i++) {
      pairs[i] = ranks[pairs[i]];
    }
  }

  int seriesCount() {
    return seriesCount;
  }

  /// Where the pairs of a series begin, by the order in which it came in.
  int start(int series) {
    return starts[series];
  }

  /// Where they end.
  int end(int series) {
    return starts[series + 1];
  }

  /// A pair by its place between [#start] and [#end]; the pairs of a series ascend.
  int pair(int place) {
    return pairs[place];
  }

  /// The first pair of label `name`, or the number of all pairs if there is none.
  int firstPair(String name) {
    int at = names.indexOf(name);
    return at < 0 ? count : firstPairs[at];
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

  /// Writes the series of every pair, then per pair where they are.
  ///
  /// @param order the series, as they came in, by their numbers in the block
  void writePostingsTo(int[] order, ByteSink into) {
    int total = starts[seriesCount];
    var ends = new int[count];
    for (int i = 0; i < total; i++) {
      ends[pairs[i]]++;
    }
    int begun = 0;
    for (int pair = 0; pair < count; pair++) {
      int members = ends[pair];
      ends[pair] = begun;
      begun += members;
    }
    var members = new int[total];
    for (int number = 0; number < order.length; number++) {
      for (int i = start(order[number]); i < end(order[number]); i++) {
        members[ends[pairs[i]]++] = number;
      }
    }
    var entries = new ByteSink(4 * count);
    int from = 0;
    for (int pair = 0; pair < count; pair++) {
      int to = ends[pair];
      entries.putInt(to - from == 1 ? members[from] | SINGLE_FLAG : into.size());
      if (to - from > MOST_LISTED) {
        writeBitmap(members, from, to, into);
      } else if (to - from > 1) {
        into.putByte(LISTED);
        into.putVarint(to - from);
        int last = 0;
        for (int i = from; i < to; i++) {
          into.putVarint(members[i] - last);
          last = members[i];
        }
      }
      from = to;
    }
    into.putBytes(entries.array(), 0, entries.size());
  }

  private static void writeBitmap(int[] members, int from, int to, ByteSink into) {
    RoaringBitmapWriter<RoaringBitmap> writer = RoaringBitmapWriter.writer().get();
    for (int i = from; i < to; i++) {
      writer.add(members[i]);
    }
    RoaringBitmap bitmap = writer.get();
    bitmap.runOptimize();
    var bytes = new byte[bitmap.serializedSizeInBytes()];
    bitmap.serialize(ByteBuffer.wrap(bytes));
    into.putByte(BITMAP);
    into.putVarint(bytes.length);
    into.putBytes(bytes);
  }

  private static int sharedPrefix(byte[] a, byte[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }
}
