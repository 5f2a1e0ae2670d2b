package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.CHAIN_MASK;
import static barograph.storage.wal.LogFormat.LONG;
import static barograph.storage.wal.LogFormat.MAX_ROW;
import static barograph.storage.wal.LogFormat.VALUE_INTEGER;
import static barograph.storage.wal.LogFormat.VALUE_XOR;
import static barograph.storage.wal.LogFormat.bitmapBytes;
import static barograph.storage.wal.LogFormat.unzigzag;

import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns the bytes of frames back into records, and knows which values are to be trusted after
/// frames were lost. Reads any bytes whatever: what makes no sense is a [CorruptLogException].
final class RecordReader {
  /// How many positions of a segment's targets may go unnamed after damage, and take memory.
  private static final int MAX_GAP = 1 << 20;

  /// What is known of a target's positions in this segment.
  private final class Positions {
    int[] refs = new int[8];
    long[] last = new long[8];
    boolean[] known = new boolean[8];
    int size;
    int rows;

    /// The most samples that a row had to leave out since the last [#takeLeftOut].
    int mostLeftOut;

    void define(int position, int ref) throws CorruptLogException {
      if (position > size) {
        if (!damaged || position - size > MAX_GAP - unnamed) {
          throw new CorruptLogException(
              "position %d in a layout of %d, expected none skipped".formatted(position, size));
        }
        unnamed += position - size;
      }
      if (position >= refs.length) {
        int room = Math.max(position + 1, refs.length * 2);
        refs = Arrays.copyOf(refs, room);
        last = Arrays.copyOf(last, room);
        known = Arrays.copyOf(known, room);
      }
      if (position >= size) {
        Arrays.fill(known, size, position, false);
        size = position + 1;
      }
      refs[position] = ref;
      last[position] = 0;
      known[position] = true;
    }

    void forget() {
      Arrays.fill(known, 0, size, false);
    }
  }

  private ReplayHandler handler;
  private final Map<Integer, Positions> targets = new HashMap<>();
  private final int[] positions = new int[MAX_ROW];
  private final int[] refs = new int[MAX_ROW];
  private final double[] values = new double[MAX_ROW];
  private final FamiliarTexts familiar = new FamiliarTexts();
  private final SideRecords side = new SideRecords();
  private long baseMillis;
  private boolean damaged;

  /// Positions of the segment that are unnamed, as what named them is damaged.
  private int unnamed;

  private long samples;
  private long lostSamples;
  private long takenFrom = Long.MAX_VALUE;
  private long takenTo = Long.MIN_VALUE;
  private long leftOutSamples;
  private long leftOutFrom = Long.MAX_VALUE;
  private long leftOutTo = Long.MIN_VALUE;

  /// The frame's bytes, with eight more behind [#end] that may be touched.
  private byte[] bytes = new byte[0];

  private int at;
  private int end;

  RecordReader(ReplayHandler handler) {
    this.handler = handler;
  }

  /// Hands what comes from now on to somebody else.
  void handTo(ReplayHandler other) {
    handler = other;
  }

  long samples() {
    return samples;
  }

  long lostSamples() {
    return lostSamples;
  }

  /// From when to when the samples are that were handed over of this segment; null without any.
  @Nullable TimeRange takenRange() {
    return takenFrom > takenTo ? null : new TimeRange(takenFrom, takenTo);
  }

  /// What was left out since the last time of asking, as it stood on something that was lost.
  Contents takeLeftOut() {
    if (leftOutSamples == 0) {
      return Contents.NONE;
    }
    long series = 0;
    for (var known : targets.values()) {
      series += known.mostLeftOut;
      known.mostLeftOut = 0;
    }
    var taken = new Contents(leftOutSamples, series, leftOutFrom, leftOutTo);
    leftOutSamples = 0;
    leftOutFrom = Long.MAX_VALUE;
    leftOutTo = Long.MIN_VALUE;
    return taken;
  }

  void startSegment(long baseMillis) {
    this.baseMillis = baseMillis;
    damaged = false;
    unnamed = 0;
    takenFrom = Long.MAX_VALUE;
    takenTo = Long.MIN_VALUE;
    targets.clear();
    side.startSegment();
  }

  /// Says that frames are missing before the next one. After a single one the chain numbers tell
  /// which targets had rows in it; more could hold so many rows that the numbers start over.
  void lost(int frames) {
    damaged = true;
    if (frames > 1) {
      targets.values().forEach(Positions::forget);
    }
  }

  /// Hands the records in `frame`, which ends at `end` with eight spare bytes behind, to the
  /// handler.
  void read(byte[] frame, int end) throws CorruptLogException {
    bytes = frame;
    at = 0;
    this.end = end;
    while (at < end) {
      int type = bytes[at++];
      switch (type) {
        case LogFormat.SERIES -> series();
        case LogFormat.TARGET -> target();
        case LogFormat.LAYOUT -> layout();
        case LogFormat.ROW -> row();
        case LogFormat.LOOSE -> loose();
        case LogFormat.TOMBSTONE -> deletion(false);
        case LogFormat.LATE_TOMBSTONE -> deletion(true);
        case LogFormat.CHECKPOINT -> handler.checkpoint(text());
        case LogFormat.RUN -> run(false);
        case LogFormat.LATE -> run(true);
        case LogFormat.HISTOGRAM -> histogram();
        case LogFormat.LATE_HISTOGRAM -> {
          side.readLateHistogram(text(), baseMillis, handler);
          take(side.time(), 1);
        }
        case LogFormat.EXEMPLAR -> side.readExemplar(text(), baseMillis, handler);
        case LogFormat.METADATA -> side.readMetadata(text(), handler);
        default ->
            throw new CorruptLogException(
                "record of type %d, expected one up to %d: it is another release's"
                    .formatted(type, LogFormat.METADATA));
      }
    }
  }

  private void target() throws CorruptLogException {
    int target = number("target");
    handler.target(target, new String(text(), StandardCharsets.UTF_8));
  }

  private void series() throws CorruptLogException {
    int ref = number("series");
    int target = number("target");
    int count = count("labels", (end - at) / 2);
    var pairs = new String[2 * count];
    for (int i = 0; i < pairs.length; i += 2) {
      pairs[i] = familiar.read(i, bytes, textFrom(), at);
      pairs[i + 1] = familiar.read(i + 1, bytes, textFrom(), at);
      if (i > 0 && Labels.UTF8_ORDER.compare(pairs[i - 2], pairs[i]) >= 0) {
        throw new CorruptLogException(
            "label \"%s\" follows \"%s\", expected them sorted".formatted(pairs[i], pairs[i - 2]));
      }
    }
    handler.series(ref, target, Labels.ofSorted(pairs));
  }

  private Positions positionsOf(int target) {
    return targets.computeIfAbsent(target, absent -> new Positions());
  }

  private void layout() throws CorruptLogException {
    var known = positionsOf(number("target"));
    int first = number("position");
    int count = count("positions", MAX_ROW);
    int ref = 0;
    for (int i = 0; i < count; i++) {
      ref = nextRef(ref);
      known.define(first + i, ref);
    }
  }

  private int nextRef(int before) throws CorruptLogException {
    long ref = before + unzigzag(unsigned());
    if (ref < 0 || ref >= LogFormat.MOST_NUMBER) {
      throw new CorruptLogException("series %d, expected a small number".formatted(ref));
    }
    return (int) ref;
  }

  private void row() throws CorruptLogException {
    int target = number("target");
    int flags = octet();
    int number = number("chain number");
    long timestampMillis = baseMillis + unzigzag(unsigned());
    int count = readPositions(flags);
    var known = positionsOf(target);
    if (number != (known.rows & CHAIN_MASK)) {
      if (!damaged) {
        throw new CorruptLogException(
            "row %d of target %d, expected row %d"
                .formatted(number, target, known.rows & CHAIN_MASK));
      }
      known.forget();
    }
    known.rows = number + 1;
    if ((flags & LogFormat.ROW_ABSOLUTE) != 0) {
      int ref = 0;
      for (int i = 0; i < count; i++) {
        ref = nextRef(ref);
        known.define(positions[i], ref);
      }
    }
    int found = readValues(known, count);
    if (found < count) {
      leaveOut(timestampMillis, count - found);
      known.mostLeftOut = Math.max(known.mostLeftOut, count - found);
    }
    if (found > 0) {
      take(timestampMillis, found);
      handler.row(target, timestampMillis, refs, values, found);
    }
  }

  private void take(long timestampMillis, int count) {
    samples += count;
    takenFrom = Math.min(takenFrom, timestampMillis);
    takenTo = Math.max(takenTo, timestampMillis);
  }

  private void leaveOut(long timestampMillis, int count) {
    lostSamples += count;
    leftOutSamples += count;
    leftOutFrom = Math.min(leftOutFrom, timestampMillis);
    leftOutTo = Math.max(leftOutTo, timestampMillis);
  }

  /// Fills `positions` with those that the row has, and answers how many.
  private int readPositions(int flags) throws CorruptLogException {
    int first = (flags & LogFormat.ROW_FROM_START) != 0 ? 0 : number("position");
    if ((flags & LogFormat.ROW_BITMAP) == 0) {
      int count = count("samples in a row", MAX_ROW);
      for (int i = 0; i < count; i++) {
        positions[i] = first + i;
      }
      return count;
    }
    int span = count("positions", MAX_ROW * LogFormat.MAX_SPREAD);
    int bitmap = skip(bitmapBytes(span));
    int count = 0;
    for (int i = 0; i < span; i++) {
      if ((bytes[bitmap + (i >> 3)] >> (i & 7) & 1) != 0) {
        if (count == MAX_ROW) {
          throw new CorruptLogException("more than %d samples in a row".formatted(MAX_ROW));
        }
        positions[count++] = first + i;
      }
    }
    return count;
  }

  /// Fills `refs` and `values` with what can be trusted of a row's samples.
  private int readValues(Positions known, int count) throws CorruptLogException {
    int bitmap = skip(bitmapBytes(count));
    int found = 0;
    for (int i = 0; i < count; i++) {
      boolean changed = (bytes[bitmap + (i >> 3)] >> (i & 7) & 1) != 0;
      int position = positions[i];
      if (position < known.size && known.known[position]) {
        if (changed) {
          known.last[position] = value(known.last[position]);
        }
        refs[found] = known.refs[position];
        values[found++] = Double.longBitsToDouble(known.last[position]);
      } else if (changed) {
        value(0);
      }
    }
    return found;
  }

  private void histogram() throws CorruptLogException {
    Long leftOut = side.readHistogram(text(), baseMillis, damaged, handler);
    if (leftOut == null) {
      take(side.time(), 1);
    } else {
      leaveOut(leftOut, 1);
    }
  }

  private void loose() throws CorruptLogException {
    int ref = number("series");
    long timestampMillis = baseMillis + unzigzag(unsigned());
    double value = Double.longBitsToDouble(value(0));
    take(timestampMillis, 1);
    handler.sample(ref, timestampMillis, value);
  }

  private void run(boolean late) throws CorruptLogException {
    int ref = number("series");
    int count = count("samples in a run", MAX_ROW);
    var timestamps = new long[count];
    long before = baseMillis;
    long step = 0;
    for (int i = 0; i < count; i++) {
      step += unzigzag(unsigned());
      before += step;
      timestamps[i] = before;
      if (i == 0) {
        step = 0;
      }
    }
    int bitmap = skip(bitmapBytes(count));
    long last = 0;
    for (int i = 0; i < count; i++) {
      if ((bytes[bitmap + (i >> 3)] >> (i & 7) & 1) != 0) {
        last = value(last);
      }
      take(timestamps[i], 1);
      double value = Double.longBitsToDouble(last);
      if (late) {
        handler.late(ref, timestamps[i], value);
      } else {
        handler.sample(ref, timestamps[i], value);
      }
    }
  }

  private void deletion(boolean late) throws CorruptLogException {
    long first = unzigzag(unsigned());
    long last = unzigzag(unsigned());
    int count = count("series", MAX_ROW);
    int ref = 0;
    for (int i = 0; i < count; i++) {
      ref = nextRef(ref);
      refs[i] = ref;
    }
    if (first > last) {
      throw new CorruptLogException("a deletion from %d to %d".formatted(first, last));
    }
    var range = new TimeRange(first, last);
    if (late) {
      handler.lateTombstone(range, refs, count);
    } else {
      handler.tombstone(range, refs, count);
    }
  }

  /// The bits that follow `before`.
  private long value(long before) throws CorruptLogException {
    int control = octet();
    if (control < VALUE_INTEGER) {
      return integer(before, control);
    }
    if (control < VALUE_XOR) {
      int length = control & 0x3f;
      if (length == 0 || length >= Long.BYTES) {
        throw new CorruptLogException("value with control byte %02x".formatted(control));
      }
      return integer(before, little(length));
    }
    int trailing = control >> 3 & 7;
    int length = (control & 7) + 1;
    if (trailing + length > Long.BYTES) {
      throw new CorruptLogException("value with control byte %02x".formatted(control));
    }
    return before ^ little(length) << (trailing << 3);
  }

  private static long integer(long before, long difference) {
    long integer = (long) Double.longBitsToDouble(before) + unzigzag(difference);
    return Double.doubleToRawLongBits((double) integer);
  }

  /// The next `length` bytes, one to eight, as a number.
  private long little(int length) throws CorruptLogException {
    long word = (long) LONG.get(bytes, skip(length));
    return length == Long.BYTES ? word : word & ((1L << (8 * length)) - 1);
  }

  private byte[] text() throws CorruptLogException {
    int from = textFrom();
    return Arrays.copyOfRange(bytes, from, at);
  }

  /// Moves over a text and answers where it starts; it ends at [#at].
  private int textFrom() throws CorruptLogException {
    return skip(count("bytes", end - at));
  }

  private int number(String what) throws CorruptLogException {
    return count(what, LogFormat.MOST_NUMBER - 1);
  }

  private int count(String what, int most) throws CorruptLogException {
    long count = unsigned();
    if (count < 0 || count > most) {
      throw new CorruptLogException(
          "%s: found %d, expected at most %d".formatted(what, count, most));
    }
    return (int) count;
  }

  private long unsigned() throws CorruptLogException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int octet = octet();
      value |= (octet & 0x7fL) << shift;
      if (octet < 0x80) {
        return value;
      }
    }
    throw new CorruptLogException("a number of more than ten bytes");
  }

  private int octet() throws CorruptLogException {
    return bytes[skip(1)] & 0xff;
  }

  /// Moves over `length` bytes and answers where they start.
  private int skip(int length) throws CorruptLogException {
    int from = at;
    if (length > end - from) {
      throw new CorruptLogException(
          "a record needs %d bytes, the frame has %d left".formatted(length, end - from));
    }
    at = from + length;
    return from;
  }
}
