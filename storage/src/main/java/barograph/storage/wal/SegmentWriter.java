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

  private @Nullable AppendFile file;
  private long number;
  private long end;
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

  long bytesWritten() {
    return bytesWritten.get();
  }

  /// Ends the present segment, synced, and starts another, whose file and name are safe on return.
  void start(long newNumber, long baseMillis) throws IOException {
    finish();
    long share = disk.freeBytes(folder) / SHARE_OF_FREE_SPACE;
    segmentLimit = Math.min(wantedSegmentBytes, Math.max(share, RESERVE_BYTES));
    Path path = folder.resolve(LogFormat.segmentName(newNumber));
    var header = new LogFormat.SegmentHeader(newNumber, number, end, baseMillis).toBytes();
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
    bytesWritten.addAndGet(end);
    created.force();
    disk.syncFolder(folder);
  }

  /// Appends a frame of `length` bytes of records.
  void append(byte[] records, int from, int length) throws IOException {
    var out = Objects.requireNonNull(file, "no segment was started");
    int most = FRAME_HEADER_BYTES + Integer.BYTES + compressor.maxCompressedLength(length);
    if (frame.length < most) {
      frame = new byte[most];
      frameBuffer = ByteBuffer.wrap(frame);
    }
    int payload = encode(records, from, length);
    int total = FRAME_HEADER_BYTES + payload;
    INT.set(frame, 0, payload);
    INT.set(frame, 8, sequence);
    checksum.reset();
    checksum.update(frame, 8, total - 8);
    INT.set(frame, 4, (int) checksum.getValue());
    makeRoom(out, total);
    out.write(frameBuffer.clear().limit(total));
    sequence++;
    end += total;
    bytesWritten.addAndGet(total);
  }

  private int encode(byte[] records, int from, int length) {
    int at = FRAME_HEADER_BYTES;
    if (length >= SMALLEST_WORTH_COMPRESSING) {
      int compressed =
          Integer.BYTES + compressor.compress(records, from, length, frame, at + Integer.BYTES);
      if (compressed < length) {
        frame[at - 1] = LogFormat.CODEC_LZ4;
        INT.set(frame, at, length);
        return compressed;
      }
    }
    frame[at - 1] = LogFormat.CODEC_RAW;
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
    }
  }

  /// Lets go of the file as it is.
  void abandon() {
    var out = file;
    file = null;
    if (out != null) {
      try {
        out.close();
      } catch (IOException alreadyFailing) {
        // The failure that brought us here says more.
      }
    }
  }
}
