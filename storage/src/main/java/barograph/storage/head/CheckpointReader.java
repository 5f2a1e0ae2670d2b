package barograph.storage.head;

import barograph.storage.chunk.ByteCursor;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import barograph.storage.head.SealedChunks.FileState;
import barograph.storage.index.Tombstones;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a checkpoint back into a head that is still empty.
final class CheckpointReader {
  private record Frame(int kind, byte[] bytes) {
    ByteCursor cursor() {
      return new ByteCursor().reset(bytes, 1, bytes.length);
    }
  }

  private final Head head;
  private final Disk disk;
  private final Path file;
  private final List<String> damages = new ArrayList<>();
  private final StreamCopy copy = new StreamCopy();
  private final PairNumbers numbers = new PairNumbers();
  private int framesRead;
  private boolean filesKnown;
  private int series;
  private int restored;
  private int expectedSeries = -1;

  /// Series have lesser numbers.
  private int referenceEnd = SeriesTable.MOST;

  private long settled = Long.MIN_VALUE;

  CheckpointReader(Head head, Disk disk, Path file) {
    this.head = head;
    this.disk = disk;
    this.file = file;
  }

  /// Fills the head with what can be read.
  ///
  /// @return null if the file is no checkpoint at all
  @Nullable Checkpoint read() throws IOException {
    long size = disk.size(file);
    ByteBuffer header = readBytes(0, Checkpoint.HEADER_BYTES);
    long segment = Checkpoint.segment(file);
    if (header.getInt(0) != Checkpoint.MAGIC
        || header.getInt(4) != Checkpoint.MAJOR
        || header.getLong(8) != segment) {
      // What the header says is known otherwise, and the frames speak for themselves.
      damages.add("%s does not begin as checkpoint %d does".formatted(file, segment));
    }
    // What series stand on comes behind them, hence twice.
    forEachFrame(
        size,
        frame -> {
          switch (frame.kind) {
            case Checkpoint.PAIRS -> readPairs(frame.cursor());
            case Checkpoint.TARGETS -> readTargets(frame.cursor());
            case Checkpoint.FILES -> readFiles(frame.cursor());
            case Checkpoint.END -> readEnd(frame.cursor());
            case Checkpoint.TOMBSTONES -> readTombstones(frame.bytes);
            default -> {}
          }
        });
    if (framesRead == 0) {
      return null;
    }
    numbers.complete();
    if (!filesKnown) {
      damages.addAll(head.sealed.restore(head.sealed.filesOnDisk(), 0));
    }
    if (expectedSeries < 0) {
      // From here maintenance finds the true oldest time by itself.
      head.bounds.restore(Head.EARLIEST, head.targets.newestRow());
    }
    head.settle(settled);
    forEachFrame(
        size,
        frame -> {
          switch (frame.kind) {
            case Checkpoint.SERIES -> readSeries(frame.cursor());
            case Checkpoint.LATE -> readLate(frame.cursor());
            case Checkpoint.LATE_HISTOGRAMS -> readLateHistograms(frame.cursor());
            case Checkpoint.HISTOGRAMS -> SideFrames.readHistograms(frame.cursor(), head);
            case Checkpoint.EXEMPLARS -> SideFrames.readExemplars(frame.cursor(), head);
            case Checkpoint.METADATA -> SideFrames.readMetadata(frame.cursor(), head);
            default -> {}
          }
        });
    head.pairs.restored();
    if (series != expectedSeries && damages.isEmpty()) {
      damages.add("%s has %d series, expected %d".formatted(file, series, expectedSeries));
    }
    return new Checkpoint(segment, settled, damages.stream().distinct().toList(), lostSeries());
  }

  private int lostSeries() {
    if (expectedSeries < 0) {
      return damages.isEmpty() ? 0 : -1;
    }
    return Math.max(0, expectedSeries - restored);
  }

  @FunctionalInterface
  private interface FrameConsumer {
    void accept(Frame frame) throws IOException;
  }

  private void forEachFrame(long size, FrameConsumer consumer) throws IOException {
    long at = Checkpoint.HEADER_BYTES;
    while (at < size) {
      if (size - at < Checkpoint.FRAME_HEADER_BYTES) {
        damages.add("%s breaks off at %d".formatted(file, at));
        return;
      }
      ByteBuffer header = readBytes(at, Checkpoint.FRAME_HEADER_BYTES);
      int length = header.getInt(0);
      long next = at + Checkpoint.FRAME_HEADER_BYTES + length;
      if (length < 1 || length > Checkpoint.MAX_FRAME_BYTES || next > size) {
        damages.add(
            "%s: frame at %d is %d bytes long; the rest is lost".formatted(file, at, length));
        return;
      }
      byte[] bytes = readBytes(at + Checkpoint.FRAME_HEADER_BYTES, length).array();
      int checksum = Checksum.of(bytes);
      if (checksum != header.getInt(4)) {
        damages.add(
            "%s: frame at %d has checksum %08x, expected %08x"
                .formatted(file, at, checksum, header.getInt(4)));
      } else {
        try {
          framesRead++;
          consumer.accept(new Frame(bytes[0], bytes));
        } catch (CorruptChunkException | IndexOutOfBoundsException e) {
          damages.add("%s: frame at %d: %s".formatted(file, at, e.getMessage()));
        }
      }
      at = next;
    }
  }

  private ByteBuffer readBytes(long at, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    disk.read(file, at, bytes);
    return bytes;
  }

  private void readPairs(ByteCursor cursor) {
    while (cursor.remaining() > 0) {
      int pair = cursor.readCount(Integer.MAX_VALUE - 8);
      String name = cursor.readText();
      numbers.add(pair, head.pairs.pair(name, cursor.readText()));
    }
  }

  private void readTargets(ByteCursor cursor) {
    while (cursor.remaining() > 0) {
      int number = cursor.readCount(Targets.MOST - 1);
      head.restoreTarget(number, cursor.readText());
      int base = cursor.readCount(TargetTimes.MOST_ROWS);
      long[] times = new long[cursor.readCount(cursor.remaining())];
      long last = 0;
      long step = 0;
      for (int i = 0; i < times.length; i++) {
        step += cursor.readZigzag();
        last += step;
        times[i] = last;
      }
      head.target(number).restore(base, times);
    }
  }

  private void readFiles(ByteCursor cursor) throws IOException {
    var files = new ArrayList<FileState>();
    long next = cursor.readVarint();
    while (cursor.remaining() > 0) {
      files.add(
          new FileState(
              cursor.readVarint(), cursor.readCount(SealedChunks.FILE_BYTES), cursor.readZigzag()));
    }
    filesKnown = true;
    damages.addAll(head.sealed.restore(files, next));
  }

  private void readTombstones(byte[] bytes) {
    Tombstones found = Tombstones.of(Arrays.copyOfRange(bytes, 1, bytes.length));
    if (found == null) {
      damages.add("%s: what was deleted makes no sense and shows again".formatted(file));
    } else {
      found.spans().forEach(span -> head.restoreTombstones(span.range(), span.series()));
    }
  }

  private void readEnd(ByteCursor cursor) {
    expectedSeries = cursor.readCount(Integer.MAX_VALUE);
    referenceEnd = cursor.readCount(SeriesTable.MOST);
    head.table.skipTo(referenceEnd);
    settled = cursor.readLong();
    head.bounds.restore(cursor.readLong(), cursor.readLong());
  }

  private void readSeries(ByteCursor cursor) {
    while (cursor.remaining() > 0) {
      int ref = cursor.readCount(referenceEnd - 1);
      copy.target = cursor.readCount(Targets.MOST - 1);
      int[] pairs = new int[cursor.readCount(cursor.remaining())];
      boolean known = copy.target < head.targets.end() && head.targets.isKnown(copy.target);
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = numbers.find(cursor.readCount(Integer.MAX_VALUE));
        known &= pairs[i] >= 0;
      }
      readStream(cursor);
      series++;
      if (known) {
        if (!copy.hasOwnTimes && copy.firstRow + copy.rows > head.target(copy.target).end()) {
          damages.add("%s: timestamps of series %d are lost".formatted(file, ref));
          copy.forgetSamples();
        }
        restored++;
        head.restoreSeries(ref, pairs, copy);
      } else {
        damages.add("%s: labels or target of series %d are lost".formatted(file, ref));
      }
    }
  }

  private void readLate(ByteCursor cursor) {
    while (cursor.remaining() > 0) {
      int ref = cursor.readCount(SeriesTable.MOST - 1);
      long[] times = new long[cursor.readCount(cursor.remaining())];
      long last = 0;
      for (int i = 0; i < times.length; i++) {
        last += cursor.readZigzag();
        times[i] = last;
      }
      boolean known = head.table.isAlive(ref);
      for (long time : times) {
        double value = Double.longBitsToDouble(cursor.readLong());
        if (known) {
          head.late().restore(ref, time, value, null);
        }
      }
      if (!known) {
        damages.add("%s: the series of %d late samples is lost".formatted(file, times.length));
      }
    }
  }

  private void readLateHistograms(ByteCursor cursor) {
    int lost = SideFrames.readLate(cursor, head);
    if (lost > 0) {
      damages.add("%s: the series of %d late histograms is lost".formatted(file, lost));
    }
  }

  private void readStream(ByteCursor cursor) {
    int flags = cursor.readByte();
    copy.hasOwnTimes = (flags & Series.OWN_TIMES_SAVED) != 0;
    copy.flags = flags & ~Series.OWN_TIMES_SAVED;
    copy.newestChunk = cursor.readInt();
    copy.firstRow = cursor.readCount(TargetTimes.MOST_ROWS);
    int rows = cursor.readCount(Short.MAX_VALUE * 2 + 1);
    copy.rows = rows & Series.ROW_MASK;
    copy.holes = rows >>> Series.ROW_BITS;
    if (copy.rows > Head.MOST_ROWS) {
      throw new CorruptChunkException(
          "%d open rows, expected at most %d".formatted(copy.rows, Head.MOST_ROWS));
    }
    copy.lead = cursor.readCount(Head.MOST_ROWS);
    copy.lastBits = cursor.readLong();
    copy.mantissa = 0;
    copy.width = 0;
    copy.exponent = 0;
    copy.xorLead = 0;
    copy.xorLength = 0;
    copy.wordCount = 1;
    copy.words[0] = 0;
    copy.accumulated = 0;
    if (copy.rows > 0 && copy.lead == 0) {
      copy.mantissa = cursor.readZigzag();
      copy.width = cursor.readByte();
      copy.exponent = cursor.readByte();
      copy.xorLead = cursor.readByte();
      copy.xorLength = cursor.readByte();
      copy.accumulated = cursor.readByte();
      copy.wordCount = readWords(cursor, copy.words);
    }
    if (copy.hasOwnTimes) {
      copy.firstTime = cursor.readLong();
      copy.lastTime = cursor.readLong();
      copy.lastStep = cursor.readZigzag();
      copy.timeWidth = cursor.readByte();
      copy.timeAccumulated = cursor.readByte();
      copy.timeWordCount = readWords(cursor, copy.timeWords);
    }
  }

  private static int readWords(ByteCursor cursor, long[] into) {
    int count = cursor.readCount(BitStream.MAX_WORDS - 1);
    for (int i = 0; i < count; i++) {
      into[i] = cursor.readLong();
    }
    return count;
  }
}
