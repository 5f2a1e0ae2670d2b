package barograph.storage.head;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The floats of the head's series: where each sample is put.
///
/// A sample goes into the stream of its series' record; its time is a row of the target if it can
/// be, so that series that are sampled together share their timestamps, and else into a stream of
/// its own. A stream of 120 samples, or one that has filled its fragments, is sealed into a chunk.
/// All of it is the writer's, who takes no lock.
final class FloatStreams {
  /// A stream of fewer rows that does not fit its target's rows goes over to times of its own; one
  /// of more is sealed, and the next begins in the target's rows again.
  private static final int FEW_ROWS = 32;

  /// Most rows that a stream may miss at once; after more, a new one takes less.
  private static final int MOST_HOLES_AT_ONCE = 12;

  /// A stream may have so many holes, and one more for every four rows: beyond that, times of its
  /// own are cheaper.
  private static final int HOLES_FROM_START = 4;

  private static final int NONE = -1;

  private final Head head;
  private final Cells cells;
  private final SeriesTable table;
  private final Targets targets;
  private final Versions versions;
  private final TimeBounds bounds;
  private final Sealer sealer;
  private final FloatRows rows;
  private final Holes holes = new Holes();
  private final long[] words = new long[BitStream.MAX_WORDS];
  private final double[] values = new double[FEW_ROWS];
  private int lastTarget;

  FloatStreams(Head head) {
    this.head = head;
    this.cells = head.cells;
    this.table = head.table;
    this.targets = head.targets;
    this.versions = head.versions;
    this.bounds = head.bounds;
    this.sealer = new Sealer(head);
    this.rows = new FloatRows(head);
  }

  /// Offers one sample.
  ///
  /// @param besideHistograms whether the series' histograms may be in its way
  Appended append(int ref, long timestamp, double value, boolean besideHistograms) {
    if (ref < 0) {
      return Appended.UNKNOWN;
    }
    int cell = table.cell(ref);
    if (cell == 0) {
      return Appended.UNKNOWN;
    }
    ByteBuffer record = cells.slab(cell);
    int at = Cells.offset(cell);
    int flags = Series.flags(record, at);
    if ((flags & Series.ALIVE) == 0) {
      return Appended.UNKNOWN;
    }
    if ((flags & Series.HISTOGRAMS) != 0 && besideHistograms) {
      Appended refusal = head.histograms.inTheWayOf(ref, timestamp);
      if (refusal != null) {
        return refusal;
      }
    }
    lastTarget = record.getInt(at + Series.TARGET);
    TargetTimes times = targets.get(lastTarget);
    int row = begunRow(times, timestamp);
    if (row != NONE && rows.append(ref, lastTarget, row, value)) {
      bounds.took(timestamp);
      return Appended.STORED;
    }
    int own = record.getInt(at + Series.OWN_TIMES);
    if ((flags & Series.SAMPLED) != 0) {
      long last = lastTime(record, at, own, times);
      if (timestamp <= last) {
        return timestamp < last
            ? Appended.OUT_OF_ORDER
            : record.getLong(at + Series.LAST_BITS) == Double.doubleToRawLongBits(value)
                ? Appended.REPEATED
                : Appended.CONTRADICTING;
      }
    }
    if (timestamp < bounds.floor()) {
      return Appended.TOO_OLD;
    }
    versions.beginWrite(ref);
    try {
      store(ref, record, at, times, timestamp, value);
    } finally {
      versions.endWrite(ref);
    }
    bounds.took(timestamp);
    return Appended.STORED;
  }

  /// Stores samples of several series of one target and time, as long as nothing is different from
  /// the way that nearly all go.
  ///
  /// @param refs of the samples' series, from place `from` up to `to`
  /// @param values theirs, at the same places
  /// @return how many were stored
  int appendRow(int[] refs, int from, int to, long timestamp, double[] values) {
    int cell = refs[from] < 0 ? 0 : table.cell(refs[from]);
    if (cell == 0) {
      return 0;
    }
    int target = cells.slab(cell).getInt(Cells.offset(cell) + Series.TARGET);
    int row = begunRow(targets.get(target), timestamp);
    int stored = row == NONE ? 0 : rows.append(refs, from, to, target, row, values);
    if (stored > 0) {
      lastTarget = target;
      bounds.took(timestamp);
    }
    return stored;
  }

  /// The row of that time, if a series of the target has begun it and the row before is still
  /// known, or [#NONE].
  private int begunRow(TargetTimes times, long timestamp) {
    if (timestamp < bounds.floor()) {
      return NONE;
    }
    int row = times.find(timestamp);
    return row > times.base() && row < times.end() ? row : NONE;
  }

  /// Stores samples of one series as long as nothing is different from the way that nearly all go:
  /// [FloatRows] for many rows of one series, which is looked up once.
  ///
  /// @param times of the samples from place `from` up to `to`
  /// @param values theirs, at `valuesAt` and from there on `stride` apart
  /// @return how many were stored
  int appendAll(
      int ref, long[] times, int from, int to, double[] values, int valuesAt, int stride) {
    int cell = ref < 0 ? 0 : table.cell(ref);
    if (cell == 0) {
      return 0;
    }
    ByteBuffer record = cells.slab(cell);
    int at = Cells.offset(cell);
    long state = record.getLong(at + Series.STATE);
    long stream = record.getLong(at + Series.OWN_TIMES);
    int rows = Series.rowsIn(stream);
    if (state >>> 56 != (Series.ALIVE | Series.SAMPLED)
        || (int) stream != 0
        || rows == 0
        || times[from] < bounds.floor()) {
      return 0;
    }
    lastTarget = record.getInt(at + Series.TARGET);
    TargetTimes target = targets.get(lastTarget);
    int row = record.getInt(at + Series.FIRST_ROW) + rows;
    TargetTimes.Column column = target.column();
    int known = Math.min(to - from, target.end() - row);
    if (known <= 0 || row <= column.base()) {
      return 0;
    }
    int place = row - column.base();
    int other = Arrays.mismatch(column.times(), place, place + known, times, from, from + known);
    int most = other < 0 ? known : other;
    if (most == 0) {
      return 0;
    }
    int stored;
    versions.beginWrite(ref);
    try {
      stored = appendValues(record, at, rows, values, valuesAt, stride, most);
    } finally {
      versions.endWrite(ref);
    }
    if (stored > 0) {
      bounds.took(times[from]);
      bounds.took(times[from + stored - 1]);
    }
    return stored;
  }

  /// Appends the values of up to `most` rows, until the stream must be sealed.
  private int appendValues(
      ByteBuffer record, int at, int rows, double[] values, int from, int stride, int most) {
    int done = 0;
    if (record.getShort(at + Series.LEAD) != 0) {
      done =
          ValueStream.extendRun(
              record, at, values, from, stride, Math.min(most, Head.MOST_ROWS - rows));
    }
    int open = Math.min(most, Head.SEAL_ROWS - rows);
    return done < open
        ? done
            + ValueStream.appendAll(
                cells, record, at, values, from + done * stride, stride, open - done)
        : done;
  }

  /// The number of the target that the series belongs to of which a sample was stored last.
  int lastTarget() {
    return lastTarget;
  }

  /// Time of the newest float of a series that came in order; [Long#MIN_VALUE] if it has none, or
  /// is not there.
  long lastTime(int ref) {
    int cell = table.cell(ref);
    if (cell == 0) {
      return Long.MIN_VALUE;
    }
    ByteBuffer record = cells.slab(cell);
    int at = Cells.offset(cell);
    return (Series.flags(record, at) & Series.SAMPLED) == 0
        ? Long.MIN_VALUE
        : lastTime(
            record,
            at,
            record.getInt(at + Series.OWN_TIMES),
            targets.get(record.getInt(at + Series.TARGET)));
  }

  /// Time of the newest sample, or less than the floor if it is no longer known.
  long lastTime(ByteBuffer record, int at, int own, TargetTimes times) {
    if (own != 0) {
      return cells.slab(own).getLong(Cells.offset(own) + Series.LAST_TIME);
    }
    int row = record.getInt(at + Series.FIRST_ROW) + Series.rows(record, at) - 1;
    TargetTimes.Column column = times.column();
    return row < column.base() ? Long.MIN_VALUE : column.time(row);
  }

  private void store(
      int ref, ByteBuffer record, int at, TargetTimes times, long timestamp, double value) {
    int rows = Series.rows(record, at);
    if ((rows >= Head.SEAL_ROWS && mustSeal(record, at, rows, value))
        || BitStream.isNearlyFull(record, at, ValueStream.MOST_BITS)) {
      sealer.seal(ref, record, at, times);
      rows = 0;
    }
    int own = record.getInt(at + Series.OWN_TIMES);
    if (own == 0 || rows == 0) {
      int row = placeInRows(record, at, times, timestamp, rows, own);
      if (row >= 0) {
        int missed = row - record.getInt(at + Series.FIRST_ROW) - rows;
        if (missed > 0 && rows > 0) {
          if (mayMiss(record, at, rows, missed)) {
            for (int i = missed; i > 0; i--) {
              ValueStream.appendHole(cells, record, at);
              head.recentHoles.add(ref, row - i);
            }
          } else {
            sealer.seal(ref, record, at, times);
            rows = 0;
          }
        }
        if (rows == 0) {
          record.putInt(at + Series.FIRST_ROW, row);
        }
        if (own != 0) {
          giveBackOwnTimes(record, at, own);
        }
      } else {
        appendOwnTime(ref, record, at, times, timestamp);
      }
    } else {
      appendOwnTime(ref, record, at, times, timestamp);
    }
    ValueStream.append(cells, record, at, value);
    int kept = Series.flags(record, at) & Series.HISTOGRAMS;
    record.put(at + Series.FLAGS, (byte) (kept | Series.ALIVE | Series.SAMPLED));
  }

  private static boolean mustSeal(ByteBuffer record, int at, int rows, double value) {
    return rows >= Head.MOST_ROWS
        || record.getShort(at + Series.LEAD) == 0
        || record.getLong(at + Series.LAST_BITS) != Double.doubleToRawLongBits(value);
  }

  /// The row of the target that the sample goes into, or -1 if it needs a time of its own.
  private static int placeInRows(
      ByteBuffer record, int at, TargetTimes times, long timestamp, int rows, int own) {
    int expected = record.getInt(at + Series.FIRST_ROW) + rows;
    if (own == 0 && expected < times.end() && times.isRow(expected, timestamp)) {
      return expected;
    }
    int row = times.find(timestamp);
    if (row < 0 || (rows > 0 && rows < FEW_ROWS && !mayMiss(record, at, rows, row - expected))) {
      return -1;
    }
    if (row == times.end()) {
      times.append(timestamp);
    }
    return row;
  }

  /// Whether a stream of `rows` rows may go on after `missed` rows that the series lacks.
  private static boolean mayMiss(ByteBuffer record, int at, int rows, int missed) {
    int holes = Series.holes(record, at) + missed;
    return missed <= MOST_HOLES_AT_ONCE
        && holes <= Series.MOST_HOLES
        && holes <= HOLES_FROM_START + (rows + missed) / 4
        && !BitStream.isNearlyFull(
            record, at, ValueStream.MOST_BITS + missed * ValueStream.MOST_HOLE_BITS);
  }

  /// Has a series let go of its cell of times of its own.
  void giveBackOwnTimes(ByteBuffer record, int at, int own) {
    BitStream.clear(cells, cells.slab(own), Cells.offset(own));
    cells.free(own);
    record.putInt(at + Series.OWN_TIMES, 0);
  }

  private void appendOwnTime(
      int ref, ByteBuffer record, int at, TargetTimes times, long timestamp) {
    int own = record.getInt(at + Series.OWN_TIMES);
    int rows = Series.rows(record, at);
    if (own == 0) {
      if (rows >= FEW_ROWS || (rows > 0 && record.getInt(at + Series.FIRST_ROW) < times.base())) {
        sealer.seal(ref, record, at, times);
        rows = 0;
      }
      own = moveToOwnTimes(record, at, times);
    }
    ByteBuffer cell = cells.slab(own);
    int cellAt = Cells.offset(own);
    if (rows > 0 && BitStream.isNearlyFull(cell, cellAt, TimeStream.MOST_BITS)) {
      sealer.seal(ref, record, at, times);
      rows = 0;
    }
    TimeStream.append(cells, cell, cellAt, Series.rows(record, at), timestamp);
  }

  /// Gives the series a cell for times of its own, with those of its open rows in it.
  private int moveToOwnTimes(ByteBuffer record, int at, TargetTimes times) {
    int own = cells.allocate();
    ByteBuffer cell = cells.slab(own);
    int cellAt = Cells.offset(own);
    cells.clear(own);
    int rows = Series.rows(record, at);
    int first = record.getInt(at + Series.FIRST_ROW);
    TargetTimes.Column column = times.column();
    holes.clear();
    if (Series.holes(record, at) > 0) {
      leaveOutHoles(record, at, rows);
    }
    int taken = 0;
    for (int i = 0; i < rows; i++) {
      if (!holes.contains(i)) {
        TimeStream.append(cells, cell, cellAt, taken++, column.time(first + i));
      }
    }
    record.putInt(at + Series.OWN_TIMES, own);
    return own;
  }

  /// Writes the few open values anew, without the holes between them, which are in [#holes] then.
  private void leaveOutHoles(ByteBuffer record, int at, int rows) {
    BitStream.copy(cells, record, at, words);
    long last = record.getLong(at + Series.LAST_BITS);
    int present = ValueStream.decode(words, rows, 0, last, values, 0, holes);
    BitStream.clear(cells, record, at);
    record.putShort(at + Series.ROWS, (short) 0);
    for (int i = 0; i < present; i++) {
      ValueStream.append(cells, record, at, values[i]);
    }
  }
}
