package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.FRAME_HEADER_BYTES;
import static barograph.storage.wal.LogFormat.INT;

import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.jspecify.annotations.Nullable;

/// Writes frames into segments. Used by the log's thread alone.
///
/// If something fails for want of space, it may be tried again and then goes to the same place.
final class SegmentWriter {
  /// How far ahead of the frames a segment is filled with zeros: syncing a frame that fits in
  /// changes no file length, which is several times cheaper.
  private static final long RESERVE_BYTES = 1 << 20;

  private static final int SHARE_OF_FREE_SPACE = 16;

  private static final int SMALLEST_WORTH_COMPRESSING = 64;

  private final Disk disk;
  private final Path folder;
  private final long wantedSegmentBytes;
  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
  private final CRC32C checksum = new CRC32C();

  private final SyncedMark mark;
  private final FrameHistory history = new FrameHistory();

  private @Nullable AppendFile file;
  private long number;
  private long end;
  private long baseMillis;

  /// What the present segment holds, or the last one of before the start, and how far it is synced.
  private Contents holds;

  private long synced;

  private volatile LogPosition syncedUpTo;

  /// No frame was written since the last sync.
  private boolean followsSync;

  private long reserved;
  private long segmentLimit;
  private int sequence;
  private byte[] frame = new byte[0];
  private ByteBuffer frameBuffer = ByteBuffer.wrap(frame);
  private final AtomicLong bytesWritten = new AtomicLong();

  SegmentWriter(Disk disk, Path folder, long wantedSegmentBytes, ReplaySummary after) {
    this.disk = disk;
    this.folder = folder;
    this.wantedSegmentBytes = wantedSegmentBytes;
    this.number = after.lastSegment();
    this.end = after.lastEnd();
    this.synced = after.lastSynced();
    this.holds = after.lastHolds();
    this.syncedUpTo = new LogPosition(number, end);
    this.mark = new SyncedMark(disk, folder);
  }

  long number() {
    return number;
  }

  long end() {
    return end;
  }

  long segmentLimit() {
    return segmentLimit;
  }

  /// Up to where all is safe. Any thread.
  LogPosition synced() {
    return syncedUpTo;
  }

  long bytesWritten() {
    return bytesWritten.get();
  }

  /// Ends the present segment, synced, and starts another, whose file and name are safe on return.
  void start(long newNumber, long newBaseMillis) throws IOException {
    if (file == null && number > 0) {
      syncLast();
    }
    finish();
    mark.open();
    long share = disk.freeBytes(folder) / SHARE_OF_FREE_SPACE;
    segmentLimit = Math.min(wantedSegmentBytes, Math.max(share, RESERVE_BYTES));
    Path path = folder.resolve(LogFormat.segmentName(newNumber));
    var header =
        new LogFormat.SegmentHeader(newNumber, number, end, synced, holds, newBaseMillis).toBytes();
    reserved = Math.min(RESERVE_BYTES, segmentLimit);
    var created = disk.create(path, reserved);
    try {
      created.write(header);
    } catch (DiskFullException e) {
      created.close();
      disk.delete(path);
      throw e;
    }
    file = created;
    number = newNumber;
    end = created.position();
    sequence = 0;
    baseMillis = newBaseMillis;
    history.clear();
    holds = Contents.NONE;
    followsSync = true;
    bytesWritten.addAndGet(end);
    created.force();
    disk.syncFolder(folder);
    mark();
    mark.force();
  }

  /// A process that was killed may not have synced its last segment. What was read back from it
  /// counts from now on: who sends it again is answered that it is stored, and new rows name series
  /// of it. Nor its name, which the next header is going to name.
  private void syncLast() throws IOException {
    try (AppendFile last = disk.reopen(folder.resolve(LogFormat.segmentName(number)), end)) {
      last.force();
    }
    disk.syncFolder(folder);
  }

  /// Notes that all up to here is synced.
  private void mark() throws IOException {
    synced = end;
    syncedUpTo = new LogPosition(number, end);
    followsSync = true;
    mark.write(new SyncedMark.Synced(number, end, holds));
  }

  /// Appends a frame of `length` bytes of records.
  ///
  /// @param frameHolds what is in them
  void append(byte[] records, int from, int length, Contents frameHolds) throws IOException {
    var out = Objects.requireNonNull(file, "no segment was started");
    int most =
        FRAME_HEADER_BYTES
            + FrameNote.MOST_BYTES
            + Integer.BYTES
            + compressor.maxCompressedLength(length);
    if (frame.length < most) {
      frame = new byte[most];
      frameBuffer = ByteBuffer.wrap(frame);
    }
    FrameNote note = history.note(frameHolds);
    int start = note.write(frame, FRAME_HEADER_BYTES, baseMillis);
    frame[FRAME_HEADER_BYTES - 1] =
        (byte) (note.flags() | (followsSync ? LogFormat.FOLLOWS_SYNC : 0));
    int payload = start - FRAME_HEADER_BYTES + encode(records, from, length, start);
    int total = FRAME_HEADER_BYTES + payload;
    INT.set(frame, 0, payload);
    INT.set(frame, 8, sequence);
    checksum.reset();
    checksum.update(frame, 8, total - 8);
    INT.set(frame, 4, (int) checksum.getValue());
    makeRoom(out, total);
    out.write(frameBuffer.clear().limit(total));
    sequence++;
    history.add(frameHolds);
    holds = history.segment();
    followsSync = false;
    end += total;
    bytesWritten.addAndGet(total);
  }

  /// Puts the records at `at`, behind the note, and answers how long they are there.
  private int encode(byte[] records, int from, int length, int at) {
    int codec = FRAME_HEADER_BYTES - 1;
    if (length >= SMALLEST_WORTH_COMPRESSING) {
      int compressed =
          Integer.BYTES + compressor.compress(records, from, length, frame, at + Integer.BYTES);
      if (compressed < length) {
        frame[codec] |= LogFormat.CODEC_LZ4;
        INT.set(frame, at, length);
        return compressed;
      }
    }
    frame[codec] |= LogFormat.CODEC_RAW;
    System.arraycopy(records, from, frame, at, length);
    return length;
  }

  private void makeRoom(AppendFile out, int bytes) throws IOException {
    if (end + bytes <= reserved) {
      return;
    }
    long wanted = end + bytes + Math.min(RESERVE_BYTES, segmentLimit);
    try {
      out.reserve(wanted);
      reserved = wanted;
    } catch (DiskFullException little) {
      // The frame alone may still fit.
    }
  }

  void force() throws IOException {
    if (file != null) {
      file.force();
      mark();
    }
  }

  /// Ends the present segment: what was reserved and not used is given back.
  void finish() throws IOException {
    var out = file;
    if (out != null) {
      out.truncate(end);
      out.force();
      out.close();
      file = null;
      mark();
    }
  }

  /// Ends the log: nothing is appended any more.
  void close() throws IOException {
    finish();
    mark.force();
    mark.close();
  }

  /// Lets go of the file as it is.
  void abandon() {
    var out = file;
    file = null;
    try (mark) {
      if (out != null) {
        out.close();
      }
    } catch (IOException alreadyFailing) {
      // The failure that brought us here says more.
    }
  }
}
