package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.FIRST_FRAME;

import barograph.storage.disk.Disk;
import barograph.storage.model.Damage;
import barograph.storage.wal.LogFormat.SegmentHeader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads a log that is being written, in order, from a position on, as far as it is synced. One
/// thread at a time.
///
/// A segment's rows stand on those before them, so that the first segment is read from its start,
/// and what lies before the position is passed over.
public final class TailReader {
  private final Disk disk;
  private final Log log;
  private final Path folder;
  private long segment;

  /// Where reading goes on.
  private long at;

  /// What lies before in the first segment was handed over in an earlier life.
  private long handedOver;

  private @Nullable SegmentReader frames;
  private @Nullable RecordReader records;

  /// @param from what an earlier reader of the same log answered to [#position]
  TailReader(Disk disk, Log log, LogPosition from) {
    this.disk = disk;
    this.log = log;
    this.folder = log.folder();
    this.segment = from.segment();
    this.handedOver = from.offset();
    this.at = from.offset();
  }

  /// Behind all that was handed over.
  public LogPosition position() {
    return new LogPosition(segment, Math.max(at, handedOver));
  }

  /// Hands over what follows, until so many bytes of frames were read or all is that is synced.
  ///
  /// @param synced how far the log is synced now
  /// @return whether there may be more at once
  public boolean read(LogPosition synced, long bytes, ReplayHandler handler) throws IOException {
    long left = bytes;
    while (left > 0 && segment <= synced.segment()) {
      boolean newest = segment == synced.segment();
      if (frames == null && !open(synced.segment(), handler)) {
        if (newest) {
          return false;
        }
        next(synced.segment());
        continue;
      }
      try {
        left -= readFrames(newest ? synced.offset() : endOf(synced.segment()), left, handler);
      } catch (NoSuchFileException e) {
        // More waited than may, and it was deleted: whoever deletes it tells of that.
        if (newest) {
          throw e;
        }
        next(synced.segment());
        continue;
      }
      if (left > 0) {
        if (newest) {
          return false;
        }
        next(synced.segment());
      }
    }
    return left <= 0;
  }

  /// Begins with the present segment; false if there is nothing of it to be read.
  private boolean open(long newest, ReplayHandler handler) throws IOException {
    Path file = folder.resolve(LogFormat.segmentName(segment));
    if (!disk.exists(file)) {
      return false;
    }
    var found = SegmentFile.open(disk, segment, file);
    if (found.header() == null) {
      tellOf(found, newest, handler);
      return false;
    }
    long base = found.header().baseMillis();
    frames = new SegmentReader(disk, file, FIRST_FRAME, base);
    records = new RecordReader(handler);
    records.startSegment(base);
    at = FIRST_FRAME;
    return true;
  }

  /// A segment without a header may just have been begun when the process stopped: then there is
  /// nothing in it, or a later one says that nothing was synced.
  private void tellOf(SegmentFile found, long newest, ReplayHandler handler) throws IOException {
    SegmentHeader next = successor(disk, folder, segment, newest);
    if (next != null && next.predecessorSynced() <= FIRST_FRAME) {
      return;
    }
    Contents lost = contents(disk, folder, segment, newest);
    if (!lost.isNothing()) {
      handler.damaged(
          new Damage(
              found.file(),
              0,
              found.size(),
              found.flaw(),
              lost.range(),
              lost.samples(),
              lost.series()));
    }
  }

  private void next(long newest) throws IOException {
    frames = null;
    records = null;
    handedOver = 0;
    at = 0;
    long next = newest;
    for (Path file : disk.list(folder)) {
      long number = LogFormat.segmentNumber(file).orElse(0);
      if (number > segment) {
        next = Math.min(next, number);
      }
    }
    segment = next;
  }

  /// Where the present segment ends, which is not the newest.
  private long endOf(long newest) throws IOException {
    SegmentHeader next = successor(disk, folder, segment, newest);
    if (next != null) {
      return next.predecessorEnd();
    }
    Path file = folder.resolve(LogFormat.segmentName(segment));
    return disk.exists(file) ? disk.size(file) : 0;
  }

  private static @Nullable SegmentHeader successor(Disk disk, Path folder, long number, long newest)
      throws IOException {
    for (long later = number + 1; later <= newest; later++) {
      Path file = folder.resolve(LogFormat.segmentName(later));
      SegmentHeader header =
          disk.exists(file) ? SegmentFile.open(disk, later, file).header() : null;
      if (header != null && header.predecessor() == number) {
        return header;
      }
    }
    return null;
  }

  /// What is in a segment, by the word of the one behind it. If none has a header that says it,
  /// nobody knows, unless the segment was only begun: then all is zeros where its frames would be.
  static Contents contents(Disk disk, Path folder, long number, long newest) throws IOException {
    SegmentHeader next = successor(disk, folder, number, newest);
    if (next != null) {
      return next.predecessorHolds();
    }
    var segment = SegmentFile.open(disk, number, folder.resolve(LogFormat.segmentName(number)));
    try {
      boolean begun = segment.isZero(disk, FIRST_FRAME, segment.size());
      return begun ? Contents.NONE : Contents.UNKNOWN;
    } catch (IOException unreadable) {
      return Contents.UNKNOWN;
    }
  }

  /// Reads up to `end` or so many bytes; answers how many.
  private long readFrames(long end, long bytes, ReplayHandler handler) throws IOException {
    SegmentReader reader = frames;
    RecordReader decoder = records;
    if (reader == null || decoder == null) {
      throw new AssertionError("segment %x is not open".formatted(segment));
    }
    reader.extend(end);
    long from = at;
    while (at < end && at - from < bytes) {
      int length = reader.frameAt(at);
      if (length < 0) {
        long next = reader.nextFrame(at + 1);
        long stop = next < 0 ? end : next;
        lost(at, stop, "no frame with a good checksum, expected one", handler);
        at = stop;
        continue;
      }
      readFrame(reader, decoder, length, handler);
    }
    return at - from;
  }

  private void readFrame(
      SegmentReader reader, RecordReader decoder, int length, ReplayHandler handler)
      throws IOException {
    int lost = reader.framesBefore(at);
    if (lost > 0) {
      decoder.lost(lost);
    }
    try {
      int unpacked = reader.unpack(at, length);
      decoder.handTo(at < handedOver ? Nobody.INSTANCE : handler);
      decoder.read(reader.records(), unpacked);
    } catch (CorruptLogException e) {
      decoder.lost(Integer.MAX_VALUE);
      lost(at, at + length, String.valueOf(e.getMessage()), handler);
    }
    at += length;
  }

  /// Tells of a piece that cannot be read, unless it was handed over before, or was still being
  /// written when the machine stopped: then nobody was told that it is stored.
  private void lost(long from, long to, String reason, ReplayHandler handler) throws IOException {
    if (to <= handedOver) {
      return;
    }
    SegmentHeader next = successor(disk, folder, segment, log.synced().segment());
    long synced = next == null ? log.syncedOf(segment) : next.predecessorSynced();
    Path file = folder.resolve(LogFormat.segmentName(segment));
    if (from < synced && !(synced == Long.MAX_VALUE && isReserve(file, from, to))) {
      handler.damaged(Damage.of(file, from, to - from, reason));
    }
  }

  /// Whether there are nothing but the zeros that a segment ends with which was not ended in order.
  private boolean isReserve(Path file, long from, long to) throws IOException {
    SegmentFile found = SegmentFile.open(disk, segment, file);
    return to >= found.size() && found.isZero(disk, from, to);
  }
}
