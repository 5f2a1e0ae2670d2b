package barograph.ingest.unpack;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/// A body without its packing. Reused, as is the room that it takes; one thread at a time.
public final class PlainBody {
  private static final int LEAST_ROOM = 64 << 10;

  /// The largest window of Zstandard, as a power of two, that is given room: 8 MiB, as far back as
  /// its ordinary levels look.
  private static final int LARGEST_WINDOW = 23;

  private final SnappyBlock snappy = new SnappyBlock();
  private byte[] unpacked = new byte[0];
  private byte[] bytes = unpacked;
  private int length;

  /// What was unpacked, up to [#length()].
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /// Bytes of memory that are kept for the next body.
  public int room() {
    return unpacked.length + snappy.bytes().length;
  }

  /// Unpacks the bytes `[from, to)` of `packed`.
  ///
  /// @throws UnpackException if they are not packed so, or would become more than `limit` bytes
  public void unpack(Encoding encoding, byte[] packed, int from, int to, int limit)
      throws UnpackException {
    switch (encoding) {
      case SNAPPY -> {
        snappy.unpack(packed, from, to, limit);
        bytes = snappy.bytes();
        length = snappy.length();
      }
      case IDENTITY -> {
        if (to - from > limit) {
          throw UnpackException.tooLarge(to - from, limit);
        }
        reserve(to - from);
        System.arraycopy(packed, from, unpacked, 0, to - from);
        bytes = unpacked;
        length = to - from;
      }
      case ZSTD, GZIP -> {
        var source = new ByteArrayInputStream(packed, from, to - from);
        try (InputStream plain = encoding == Encoding.ZSTD ? zstd(source) : gzip(source)) {
          drain(plain, limit);
        } catch (IOException e) {
          throw UnpackException.corrupt(
              "%s: corrupt input: %s"
                  .formatted(encoding == Encoding.ZSTD ? "zstd" : "gzip", e.getMessage()));
        }
      }
    }
  }

  /// The same of what is left in a buffer, which stays as it is.
  public void unpack(Encoding encoding, ByteBuffer packed, int limit) throws UnpackException {
    if (packed.hasArray()) {
      int from = packed.arrayOffset() + packed.position();
      unpack(encoding, packed.array(), from, from + packed.remaining(), limit);
    } else {
      var copy = new byte[packed.remaining()];
      packed.get(packed.position(), copy);
      unpack(encoding, copy, 0, copy.length, limit);
    }
  }

  private static InputStream zstd(InputStream source) throws IOException {
    return new ZstdInputStreamNoFinalizer(source, RecyclingBufferPool.INSTANCE)
        .setLongMax(LARGEST_WINDOW);
  }

  private static InputStream gzip(InputStream source) throws IOException {
    return new GZIPInputStream(source, 8192);
  }

  private void drain(InputStream plain, int limit) throws IOException, UnpackException {
    reserve(LEAST_ROOM);
    int filled = 0;
    while (true) {
      // One byte more than may be: whoever has it is too long.
      int room = (int) Math.min(unpacked.length, limit + 1L) - filled;
      int read = plain.read(unpacked, filled, room);
      if (read < 0) {
        break;
      }
      filled += read;
      if (filled > limit) {
        throw UnpackException.tooLarge(limit);
      }
      if (filled == unpacked.length) {
        unpacked = Arrays.copyOf(unpacked, (int) Math.min(2L * filled, limit + 1L));
      }
    }
    bytes = unpacked;
    length = filled;
  }

  private void reserve(int room) {
    if (unpacked.length < room) {
      unpacked = new byte[room];
    }
  }
}
