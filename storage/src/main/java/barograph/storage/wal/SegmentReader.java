package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.FRAME_HEADER_BYTES;
import static barograph.storage.wal.LogFormat.INT;

import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/// Finds the intact frames of one segment, whatever its bytes are.
final class SegmentReader {
  private static final int WINDOW_BYTES = 1 << 20;

  /// LZ4 makes at most this much of a byte.
  private static final int MOST_OF_A_BYTE = 255;

  /// A frame this far ahead is not believed in.
  private static final int MAX_SEQUENCE_JUMP = 1 << 20;

  private final LZ4SafeDecompressor decompressor = LZ4Factory.fastestInstance().safeDecompressor();

  /// A frame's first bytes, its length, may be that many zeros before one that is not.
  private static final int ZEROS_BEFORE_LENGTH = 3;

  private static final byte[] ZEROS = new byte[1 << 12];

  private final Disk disk;
  private final Path file;
  private long limit;
  private final long baseMillis;
  private final FrameNote.Reader notes = new FrameNote.Reader();

  /// How many bytes may still be spent on checksums of what only looks like a frame.
  private long patience;

  private byte[] window = new byte[WINDOW_BYTES];
  private long windowStart;
  private int windowLength;
  private byte[] records = new byte[LogFormat.FRAME_BYTES];
  private int sequence;

  private FrameNote note = FrameNote.NOTHING;

  /// @param limit where the frames end at the latest
  /// @param baseMillis the time that the segment's times are told from
  SegmentReader(Disk disk, Path file, long limit, long baseMillis) {
    this.baseMillis = baseMillis;
    this.disk = disk;
    this.file = file;
    this.limit = limit;
    this.patience = 8 * limit + WINDOW_BYTES;
  }

  /// Lets frames end later than was said before: more of them have been synced.
  void extend(long newLimit) {
    patience += 8 * Math.max(0, newLimit - limit);
    limit = newLimit;
    windowLength = 0;
  }

  /// How many frames are missing before the one at `position`, which must be intact.
  int framesBefore(long position) throws IOException {
    return sequenceAt(position) - sequence;
  }

  /// The length of the intact frame at `position`, or -1 if there is none.
  int frameAt(long position) throws IOException {
    int header = at(position, FRAME_HEADER_BYTES);
    if (header < 0) {
      return -1;
    }
    int payload = (int) INT.get(window, header);
    int ahead = (int) INT.get(window, header + 8) - sequence;
    int codec = window[header + 12] & LogFormat.CODEC_MASK;
    if (payload <= 0
        || payload > LogFormat.MAX_FRAME_BYTES + FRAME_HEADER_BYTES + FrameNote.MOST_BYTES
        || position + FRAME_HEADER_BYTES + payload > limit
        || ahead < 0
        || ahead > MAX_SEQUENCE_JUMP
        || (codec != LogFormat.CODEC_RAW && codec != LogFormat.CODEC_LZ4)) {
      return -1;
    }
    int length = FRAME_HEADER_BYTES + payload;
    int frame = at(position, length);
    if (frame < 0) {
      return -1;
    }
    int checksum = Checksum.of(window, frame + 8, length - 8);
    if (checksum != (int) INT.get(window, frame + 4)) {
      patience -= length;
      return -1;
    }
    return length;
  }

  /// Where the next intact frame starts from `position` on, or -1 if none follows.
  long nextFrame(long position) throws IOException {
    long last = limit - FRAME_HEADER_BYTES;
    for (long at = position; at <= last && patience > 0; at++) {
      at = Math.max(at, nextByte(at) - ZEROS_BEFORE_LENGTH);
      if (frameAt(at) >= 0) {
        return at;
      }
    }
    return -1;
  }

  /// Where the next byte from `position` on is that is not zero, or the limit: what is reserved and
  /// not written is a mebibyte of zeros.
  private long nextByte(long position) throws IOException {
    for (long at = position; at < limit; ) {
      int start = at(at, 1);
      if (start < 0) {
        return limit;
      }
      int count = Math.min(windowLength - start, ZEROS.length);
      int found = Arrays.mismatch(window, start, start + count, ZEROS, 0, count);
      if (found >= 0) {
        return at + found;
      }
      at += count;
    }
    return limit;
  }

  /// Whether all before the intact frame at `position` was synced when it was written.
  boolean followsSync(long position) throws IOException {
    return (window[at(position, FRAME_HEADER_BYTES) + 12] & LogFormat.FOLLOWS_SYNC) != 0;
  }

  /// What the frame that was unpacked last says of itself and of those before it.
  FrameNote note() {
    return note;
  }

  /// Unpacks the intact frame at `position` and answers how many bytes of [#records] it fills.
  int unpack(long position, int length) throws IOException, CorruptLogException {
    sequence = sequenceAt(position) + 1;
    int frame = at(position, length);
    int flags = window[frame + 12];
    int codec = flags & LogFormat.CODEC_MASK;
    note = notes.read(window, frame + FRAME_HEADER_BYTES, frame + length, flags, baseMillis);
    int from = notes.end();
    int payload = frame + length - from;
    if (codec == LogFormat.CODEC_RAW) {
      room(payload);
      System.arraycopy(window, from, records, 0, payload);
      return payload;
    }
    if (payload < Integer.BYTES) {
      throw new CorruptLogException("packed frame of %d bytes".formatted(payload));
    }
    int unpacked = (int) INT.get(window, from);
    int packed = payload - Integer.BYTES;
    if (unpacked < 0
        || unpacked > LogFormat.MAX_FRAME_BYTES
        || unpacked > (long) packed * MOST_OF_A_BYTE) {
      throw new CorruptLogException(
          "frame of %d bytes says that it unpacks to %d".formatted(packed, unpacked));
    }
    room(unpacked);
    try {
      int found =
          decompressor.decompress(window, from + Integer.BYTES, packed, records, 0, unpacked);
      if (found != unpacked) {
        throw new CorruptLogException(
            "frame unpacks to %d bytes, expected %d".formatted(found, unpacked));
      }
    } catch (LZ4Exception e) {
      throw new CorruptLogException("frame does not unpack: " + e.getMessage());
    }
    return unpacked;
  }

  /// The records of the frame unpacked last, with spare bytes behind them.
  byte[] records() {
    return records;
  }

  private void room(int length) {
    if (records.length < length + Long.BYTES) {
      records = new byte[length + Long.BYTES];
    }
  }

  private int sequenceAt(long position) throws IOException {
    return (int) INT.get(window, at(position, FRAME_HEADER_BYTES) + 8);
  }

  /// Where in the window the `length` bytes from `position` on are; -1 if the file has fewer.
  private int at(long position, int length) throws IOException {
    if (position < windowStart || position + length > windowStart + windowLength) {
      if (position + length > limit) {
        return -1;
      }
      if (length > window.length) {
        window = Arrays.copyOf(window, length);
      }
      windowStart = position;
      windowLength = disk.read(file, position, ByteBuffer.wrap(window));
      if (windowLength < length) {
        return -1;
      }
    }
    return (int) (position - windowStart);
  }
}
