package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.FIRST_FRAME;

import barograph.storage.disk.Disk;
import barograph.storage.wal.LogFormat.SegmentHeader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads a log back after a stop of any kind.
///
/// It changes nothing in the log's folder, so that it may itself be stopped and started over at any
/// point. The newest segment ends at its last intact frame; the segment that is started next names
/// that end in its header, and so what lies behind it never counts again.
public final class Replay {
  private static final Logger LOG = System.getLogger("barograph.log");
  private static final int COPY_BYTES = 1 << 16;

  /// A segment's file, and its header if that can be read.
  private record Segment(
      long number, Path file, long size, @Nullable SegmentHeader header, String flaw) {}

  private final Disk disk;
  private final Path folder;
  private final Path quarantine;
  private final ReplayHandler handler;
  private final RecordReader records;
  private final NavigableMap<Long, Segment> segments = new TreeMap<>();
  private long bytes;
  private int damages;
  private long lastSegment;
  private long lastEnd;

  private Replay(Disk disk, Path folder, Path quarantine, ReplayHandler handler) {
    this.disk = disk;
    this.folder = folder;
    this.quarantine = quarantine;
    this.handler = handler;
    this.records = new RecordReader(handler);
  }

  /// Hands everything logged in segment `fromSegment` and later to `handler`.
  ///
  /// Damage costs the frame it is in, is reported to the handler and copied to `quarantine`; a torn
  /// end of the newest segment, which nobody was told is stored, is passed over.
  ///
  /// @param fromSegment what [Log#rotate] answered for the checkpoint that the caller starts from;
  ///   0 for the whole log
  /// @throws IOException if the folder cannot be listed; never because of what the files hold
  public static ReplaySummary run(
      Disk disk, Path folder, Path quarantine, long fromSegment, ReplayHandler handler)
      throws IOException {
    return new Replay(disk, folder, quarantine, handler).run(fromSegment);
  }

  private ReplaySummary run(long fromSegment) throws IOException {
    long newest = Math.max(0, fromSegment - 1);
    for (Path file : disk.list(folder)) {
      var number = LogFormat.segmentNumber(file);
      if (number.isPresent()) {
        newest = Math.max(newest, number.getAsLong());
        if (number.getAsLong() >= fromSegment) {
          segments.put(number.getAsLong(), open(number.getAsLong(), file));
        }
      }
    }
    if (fromSegment > 0 && !segments.containsKey(fromSegment)) {
      missing(fromSegment);
    }
    for (var segment : segments.values()) {
      try {
        read(segment, fromSegment);
      } catch (IOException e) {
        unreadable(segment, e);
      }
    }
    return new ReplaySummary(
        segments.size(),
        bytes,
        records.samples(),
        records.lostSamples(),
        damages,
        lastSegment,
        lastEnd,
        newest + 1);
  }

  /// Reads both copies of a segment's header.
  private Segment open(long number, Path file) throws IOException {
    var start = ByteBuffer.allocate(FIRST_FRAME);
    try {
      disk.read(file, 0, start);
    } catch (IOException e) {
      return new Segment(number, file, disk.size(file), null, String.valueOf(e.getMessage()));
    }
    start.flip();
    SegmentHeader header = null;
    String flaw = "";
    for (int at : new int[] {0, LogFormat.SECOND_HEADER}) {
      try {
        header = SegmentHeader.of(start.position(Math.min(at, start.limit())), number);
      } catch (CorruptLogException e) {
        flaw = String.valueOf(e.getMessage());
      }
    }
    return new Segment(number, file, disk.size(file), header, flaw);
  }

  private void read(Segment segment, long fromSegment) throws IOException {
    var next = nextReadable(segment.number);
    var header = segment.header;
    if (header == null) {
      if (next == null || header(next).predecessor() >= segment.number) {
        readWithoutHeader(segment, next == null);
      }
      return;
    }
    long before = header.predecessor();
    if (before > fromSegment && !segments.containsKey(before)) {
      missing(before);
    }
    records.startSegment(header.baseMillis());
    boolean sealed = next != null && header(next).predecessor() == segment.number;
    long limit = sealed && next != null ? header(next).predecessorEnd() : segment.size;
    int damagesBefore = damages;
    long end = readFrames(segment, limit, sealed);
    lastSegment = segment.number;
    lastEnd = end;
    if (!segment.flaw.isEmpty() && (end > FIRST_FRAME || damages > damagesBefore)) {
      damaged(segment, 0, FIRST_FRAME, segment.flaw + "; its other copy serves");
    }
  }

  private @Nullable Segment nextReadable(long number) {
    for (var segment : segments.tailMap(number, false).values()) {
      if (segment.header != null) {
        return segment;
      }
    }
    return null;
  }

  private static SegmentHeader header(Segment segment) {
    if (segment.header == null) {
      throw new AssertionError("segment %x has no header".formatted(segment.number));
    }
    return segment.header;
  }

  /// Without its header a segment's times mean nothing. The newest one may just have been begun
  /// when the machine stopped: then there is nothing but zeros where its frames would be.
  private void readWithoutHeader(Segment segment, boolean newest) throws IOException {
    if (newest && isZero(segment.file, FIRST_FRAME, segment.size)) {
      LOG.log(Level.INFO, "{0} was begun and holds nothing", segment.file);
      return;
    }
    damaged(segment, 0, segment.size, segment.flaw);
  }

  /// Reads the frames up to `limit`; answers where the last intact one ends.
  private long readFrames(Segment segment, long limit, boolean sealed) throws IOException {
    long stop = Math.min(limit, segment.size);
    var reader = new SegmentReader(disk, segment.file, stop);
    long at = FIRST_FRAME;
    while (at < stop) {
      int length = reader.frameAt(at);
      if (length < 0) {
        long next = reader.nextFrame(at + 1);
        if (next < 0) {
          break;
        }
        damaged(segment, at, next - at, "no frame with a good checksum, expected one");
        at = next;
        continue;
      }
      int lost = reader.framesBefore(at);
      if (lost > 0) {
        records.lost(lost);
      }
      try {
        int unpacked = reader.unpack(at, length);
        records.read(reader.records(), unpacked);
      } catch (CorruptLogException e) {
        damaged(segment, at, length, String.valueOf(e.getMessage()));
        records.lost(Integer.MAX_VALUE);
      }
      bytes += length;
      at += length;
    }
    if (sealed && at < limit) {
      damaged(
          segment,
          at,
          limit - at,
          "no frame with a good checksum, expected them up to %d".formatted(limit));
    } else if (at < stop && !isZero(segment.file, at, stop)) {
      LOG.log(
          Level.INFO,
          "{0}: what follows byte {1} was being written when the process stopped and is left out",
          segment.file,
          Long.toString(at));
    }
    return at;
  }

  private boolean isZero(Path file, long from, long to) throws IOException {
    var window = ByteBuffer.allocate(COPY_BYTES);
    for (long at = from; at < to; at += window.limit()) {
      window.clear().limit((int) Math.min(window.capacity(), to - at));
      disk.read(file, at, window);
      window.flip();
      while (window.hasRemaining()) {
        if (window.get() != 0) {
          return false;
        }
      }
      if (window.limit() == 0) {
        return true;
      }
    }
    return true;
  }

  /// A bad sector must not keep the process from starting; what was read before it counts.
  private void unreadable(Segment segment, IOException e) {
    damages++;
    handler.damaged(new Damage(segment.file, 0, segment.size, "cannot be read: " + e.getMessage()));
  }

  private void missing(long number) {
    damages++;
    handler.damaged(
        new Damage(folder.resolve(LogFormat.segmentName(number)), 0, 0, "the segment is missing"));
  }

  private void damaged(Segment segment, long offset, long length, String reason)
      throws IOException {
    damages++;
    copyAside(segment, offset, Math.min(length, segment.size - offset));
    handler.damaged(new Damage(segment.file, offset, length, reason));
  }

  /// Keeps damaged bytes for whoever wants to look at them. If that fails the log is read on all
  /// the same: the segment still has them until a checkpoint drops it.
  private void copyAside(Segment segment, long offset, long length) {
    Path copy = quarantine.resolve("wal-%016x-%d".formatted(segment.number, offset));
    if (length <= 0 || disk.exists(copy)) {
      return;
    }
    try {
      disk.createFolder(quarantine);
      try (var out = disk.create(copy, 0)) {
        var window = ByteBuffer.allocate(COPY_BYTES);
        for (long at = 0; at < length; at += window.limit()) {
          window.clear().limit((int) Math.min(window.capacity(), length - at));
          if (disk.read(segment.file, offset + at, window) <= 0) {
            break;
          }
          out.write(window.flip());
        }
        out.force();
      }
      disk.syncFolder(quarantine);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot copy damaged bytes to " + copy, e);
    }
  }
}
