package barograph.storage.block;

import barograph.storage.chunk.ByteCursor;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.index.LabelIndex;
import barograph.storage.index.PairTexts;
import barograph.storage.index.StoredBitmap;
import barograph.storage.model.Labels;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/// The labels of a block, read where they lie: which pairs there are, which series have them, and
/// which of them a series has.
///
/// Values are unpacked a frame at a time and kept as long as there is memory to spare. Safe for any
/// number of threads.
final class BlockIndex implements LabelIndex, PairTexts {
  private static final int FRAME_ENTRY_BYTES = 16;

  /// Longer values are unpacked anew when a selection shows them.
  private static final int MOST_HELD_CHARS = 48;

  /// A string's own head and that of its array.
  private static final int STRING_BYTES = 32;

  /// More than a frame has, even one with the longest label value.
  private static final int MOST_FRAME_BYTES = 4 << 20;

  private final PagedFile file;
  private final BlockSection labels;
  private final BlockSection postings;
  private final int seriesCount;

  private final List<String> names;

  /// First pair of each name, and the number of pairs behind the last.
  private final int[] firstPairs;

  /// First pair, offset, packed and raw length of each frame.
  private final int[] frames;

  private final AtomicReferenceArray<@Nullable SoftReference<String[]>> unpacked;

  BlockIndex(PagedFile file, BlockSection labels, BlockSection postings, int seriesCount) {
    this.file = file;
    this.labels = labels;
    this.postings = postings;
    this.seriesCount = seriesCount;
    long end = labels.offset() + labels.length();
    int nameCount = file.getInt(end - 12);
    int frameCount = file.getInt(end - 8);
    int index = file.getInt(end - 4);
    long indexAt = labels.offset() + index;
    byte[] bytes = file.copy(indexAt, (int) (end - 12 - indexAt), 0);
    var cursor = new ByteCursor().reset(bytes, 0, bytes.length);
    if (nameCount < 0
        || frameCount < 0
        || nameCount > bytes.length / 2
        || frameCount > bytes.length / FRAME_ENTRY_BYTES) {
      throw new CorruptChunkException(
          "%d label names and %d frames in %d bytes"
              .formatted(nameCount, frameCount, bytes.length));
    }
    names = new ArrayList<>(nameCount);
    firstPairs = new int[nameCount + 1];
    for (int i = 0; i < nameCount; i++) {
      int length = cursor.readLength();
      names.add(new String(bytes, cursor.position(), length, StandardCharsets.UTF_8));
      cursor.skip(length);
      firstPairs[i + 1] = firstPairs[i] + cursor.readCount(Integer.MAX_VALUE - firstPairs[i]);
    }
    frames = new int[4 * frameCount];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = cursor.readInt();
    }
    checkFrames(firstPairs[nameCount]);
    unpacked = new AtomicReferenceArray<>(frameCount);
  }

  /// Each pair is in a frame, and has an entry among the postings.
  private void checkFrames(int pairs) {
    int first = 0;
    for (int i = 0; i < frames.length; i += 4) {
      if (frames[i] < first || (i == 0 && frames[i] > 0)) {
        throw new CorruptChunkException(
            "frame %d begins with pair %d, behind one that begins with %d"
                .formatted(i / 4, frames[i], first));
      }
      first = frames[i];
    }
    if (first > pairs || (pairs > 0 && frames.length == 0) || 4L * pairs > postings.length()) {
      throw new CorruptChunkException(
          "%d pairs in %d frames, the last of which begins with pair %d, and %d bytes of postings"
              .formatted(pairs, frames.length / 4, first, postings.length()));
    }
  }

  @Override
  public RoaringBitmap all() {
    return RoaringBitmap.bitmapOfRange(0, seriesCount);
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public List<String> values(String name) {
    int at = nameIndex(name);
    return at < 0 ? List.of() : new Values(firstPairs[at], firstPairs[at + 1]);
  }

  @Override
  public RoaringBitmap postings(String name, String value) {
    int at = nameIndex(name);
    if (at < 0) {
      return new RoaringBitmap();
    }
    int pair = lowerBound(firstPairs[at], firstPairs[at + 1], value);
    return pair < firstPairs[at + 1] && text(pair).equals(value)
        ? postings(pair)
        : new RoaringBitmap();
  }

  @Override
  public RoaringBitmap union(String name, String prefix, Predicate<String> accepts) {
    int at = nameIndex(name);
    int first = -1;
    long[] members = null;
    if (at >= 0) {
      int from = firstPairs[at];
      int to = firstPairs[at + 1];
      if (!prefix.isEmpty()) {
        from = lowerBound(from, to, prefix);
      }
      for (int pair = from; pair < to; pair++) {
        String value = text(pair);
        if (!value.startsWith(prefix)) {
          break;
        }
        if (accepts.test(value)) {
          if (first < 0) {
            first = pair;
            continue;
          }
          if (members == null) {
            members = new long[(seriesCount + Long.SIZE - 1) / Long.SIZE];
            mark(first, members);
          }
          mark(pair, members);
        }
      }
    }
    if (first < 0) {
      return new RoaringBitmap();
    }
    return members == null ? postings(first) : BitSetUtil.bitmapOf(members);
  }

  /// Marks the series that have a pair. A bitmap of runs would be made anew for each pair.
  private void mark(int pair, long[] members) {
    int entry = postingsEntry(pair);
    if ((entry & PostingsWriter.SINGLE_FLAG) == 0) {
      postings(pair).forEach((int series) -> mark(members, series));
      return;
    }
    int series = entry & ~PostingsWriter.SINGLE_FLAG;
    if (series >= seriesCount) {
      throw new CorruptBlockException(
          "%s: series %d of %d has a label".formatted(file.path(), series, seriesCount));
    }
    mark(members, series);
  }

  private static void mark(long[] members, int series) {
    members[series / Long.SIZE] |= 1L << series;
  }

  /// The first pair of label `name`; 0 if no series has it.
  int firstPair(String name) {
    int at = nameIndex(name);
    return at < 0 ? 0 : firstPairs[at];
  }

  /// How many values label `name` has.
  int valueCount(String name) {
    return valueCount(name, "");
  }

  /// How many values of label `name` begin with `prefix`.
  int valueCount(String name, String prefix) {
    int at = nameIndex(name);
    if (at < 0) {
      return 0;
    }
    int from = firstPairs[at];
    int to = firstPairs[at + 1];
    if (prefix.isEmpty()) {
      return to - from;
    }
    int first = lowerBound(from, to, prefix);
    return lowerBound(first, to, prefix + Character.toString(Character.MAX_CODE_POINT)) - first;
  }

  /// The first pair from `from` on whose value is not before `value`, or `to`.
  private int lowerBound(int from, int to, String value) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Labels.UTF8_ORDER.compare(text(middle), value) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The labels that have the first `count` of the given pairs, which ascend.
  Labels labels(int[] pairs, int count) {
    var strings = new String[2 * count];
    int name = 0;
    for (int i = 0; i < count; i++) {
      int pair = pairs[i];
      while (firstPairs[name + 1] <= pair) {
        name++;
      }
      strings[2 * i] = names.get(name);
      strings[2 * i + 1] = text(pair);
    }
    return Labels.ofSorted(strings);
  }

  @Override
  public void forEachValue(String name, ValueVisitor visitor) {
    int at = nameIndex(name);
    if (at >= 0) {
      for (int pair = firstPairs[at]; pair < firstPairs[at + 1]; pair++) {
        visitor.visit(text(pair), postings(pair).getLongCardinality());
      }
    }
  }

  @Override
  public @Nullable String value(int pair) {
    String text = text(pair);
    return text.length() > MOST_HELD_CHARS ? null : text;
  }

  @Override
  public int handle(int pair) {
    return pair;
  }

  @Override
  public String longValue(int handle) {
    return text(handle);
  }

  @Override
  public int compareLong(int handle, int other) {
    return Integer.compare(handle, other);
  }

  @Override
  public boolean ascend() {
    return true;
  }

  @Override
  public int ownBytes(String value) {
    return STRING_BYTES + value.length();
  }

  /// Handles are good for as long as the block is open.
  @Override
  public void close() {}

  @Override
  public int end() {
    return firstPairs[firstPairs.length - 1];
  }

  /// The name of a pair.
  @Override
  public String name(int pair) {
    int at = Arrays.binarySearch(firstPairs, pair);
    at = at < 0 ? -at - 2 : at;
    // Names without pairs share their first with the one behind.
    while (firstPairs[at + 1] <= pair) {
      at++;
    }
    return names.get(at);
  }

  private int nameIndex(String name) {
    int low = 0;
    int high = names.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Labels.UTF8_ORDER.compare(names.get(middle), name);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /// Where the table of postings by pair begins.
  private long postingsEntries() {
    return postings.end() - 4L * firstPairs[names.size()];
  }

  private int postingsEntry(int pair) {
    return file.getInt(postingsEntries() + 4L * pair);
  }

  private RoaringBitmap postings(int pair) {
    try {
      RoaringBitmap found = readPostings(pair);
      if (!found.isEmpty() && Integer.toUnsignedLong(found.last()) >= seriesCount) {
        throw new CorruptChunkException(
            "postings of series %d of %d".formatted(found.last(), seriesCount));
      }
      return found;
    } catch (CorruptChunkException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new CorruptBlockException(
          "%s: postings of pair %d make no sense although their checksum is right"
              .formatted(file.path(), pair),
          e);
    }
  }

  private RoaringBitmap readPostings(int pair) {
    int entry = postingsEntry(pair);
    if ((entry & PostingsWriter.SINGLE_FLAG) != 0) {
      return RoaringBitmap.bitmapOf(entry & ~PostingsWriter.SINGLE_FLAG);
    }
    long offset = postings.offset() + entry;
    byte[] head = file.copy(offset, (int) Math.min(128, postingsEntries() - offset), 0);
    var cursor = new ByteCursor().reset(head, 0, head.length);
    int kind = cursor.readByte();
    if (kind == PostingsWriter.LISTED) {
      var members = new int[cursor.readCount(PostingsWriter.MOST_LISTED)];
      int last = 0;
      for (int i = 0; i < members.length; i++) {
        last += cursor.readCount(seriesCount);
        members[i] = last;
      }
      return RoaringBitmap.bitmapOf(members);
    }
    int length = cursor.readCount(Integer.MAX_VALUE);
    MemorySegment bytes = file.check(offset + cursor.position(), length);
    ByteBuffer buffer = bytes.asSlice(offset + cursor.position(), length).asByteBuffer();
    return StoredBitmap.read(buffer);
  }

  /// The value of a pair, however long.
  String text(int pair) {
    int low = 0;
    int high = unpacked.length() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (frames[4 * middle] <= pair) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return frame(low)[pair - frames[4 * low]];
  }

  private String[] frame(int frame) {
    SoftReference<String[]> kept = unpacked.getAcquire(frame);
    String[] values = kept == null ? null : kept.get();
    if (values == null) {
      values = unpack(frame);
      unpacked.setRelease(frame, new SoftReference<>(values));
    }
    return values;
  }

  private String[] unpack(int frame) {
    int first = frames[4 * frame];
    int end = frame + 1 < unpacked.length() ? frames[4 * (frame + 1)] : firstPairs[names.size()];
    int rawLength = frames[4 * frame + 3];
    byte[] packed = file.copy(labels.offset() + frames[4 * frame + 1], frames[4 * frame + 2], 0);
    try {
      // Each value has the lengths of what it shares and of what it does not.
      if (rawLength < 2L * (end - first)
          || rawLength > MOST_FRAME_BYTES
          || rawLength != Zstd.getFrameContentSize(packed)) {
        throw new CorruptChunkException(
            "%d values in %d bytes, packed as %d bytes"
                .formatted(end - first, rawLength, Zstd.getFrameContentSize(packed)));
      }
      return values(Zstd.decompress(packed, rawLength), end - first);
    } catch (ZstdException | CorruptChunkException | IndexOutOfBoundsException e) {
      throw new CorruptBlockException(
          "%s: frame %d of label values does not unpack".formatted(file.path(), frame), e);
    }
  }

  private static String[] values(byte[] raw, int count) {
    var values = new String[count];
    var cursor = new ByteCursor().reset(raw, 0, raw.length);
    byte[] text = new byte[256];
    for (int i = 0; i < values.length; i++) {
      int shared = cursor.readCount(text.length);
      int own = cursor.readLength();
      if (text.length < shared + own) {
        text = Arrays.copyOf(text, Math.max(2 * text.length, shared + own));
      }
      System.arraycopy(raw, cursor.position(), text, shared, own);
      cursor.skip(own);
      values[i] = new String(text, 0, shared + own, StandardCharsets.UTF_8);
    }
    return values;
  }

  /// A run of pairs as the list of their values, unpacked as it is walked.
  private final class Values extends AbstractList<String> implements RandomAccess {
    private final int from;
    private final int to;

    Values(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public String get(int index) {
      return text(Objects.checkIndex(index, to - from) + from);
    }

    @Override
    public int size() {
      return to - from;
    }
  }
}
