package barograph.storage.block;

import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;

/// A mapped block file that lets nobody see a byte before the page around it has proved sound.
///
/// The first touch of each page computes its checksum; later ones look at a bit.
final class PagedFile {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final MemorySegment bytes;
  private final long checkedBytes;
  private final long checksumsAt;
  private final AtomicLongArray sound;

  /// A file whose bytes up to `checkedBytes` have their checksums at `checksumsAt`, which must have
  /// been checked itself.
  PagedFile(Path path, MemorySegment bytes, long checkedBytes, long checksumsAt) {
    this.path = path;
    this.bytes = bytes;
    this.checkedBytes = checkedBytes;
    this.checksumsAt = checksumsAt;
    this.sound = new AtomicLongArray((int) ((pages() + 63) / 64));
  }

  long pages() {
    return (checkedBytes + BlockFormat.PAGE_BYTES - 1) / BlockFormat.PAGE_BYTES;
  }

  Path path() {
    return path;
  }

  /// The file's bytes, of which those in `[offset, offset + length)` have proved sound.
  ///
  /// @throws CorruptBlockException if they have not
  MemorySegment check(long offset, long length) {
    if (offset < 0 || length < 0 || offset + length > checkedBytes) {
      throw new CorruptBlockException(
          "%s: bytes %d to %d are pointed at, of %d"
              .formatted(path, offset, offset + length, checkedBytes));
    }
    if (length > 0) {
      long last = (offset + length - 1) / BlockFormat.PAGE_BYTES;
      for (long page = offset / BlockFormat.PAGE_BYTES; page <= last; page++) {
        if ((sound.getOpaque((int) (page >>> 6)) & 1L << page) == 0) {
          checkPage(page);
        }
      }
    }
    return bytes;
  }

  int getInt(long offset) {
    return check(offset, 4).get(INT, offset);
  }

  long getLong(long offset) {
    return check(offset, 8).get(LONG, offset);
  }

  /// A copy of `length` bytes in an array that is `slack` longer.
  byte[] copy(long offset, int length, int slack) {
    check(offset, length);
    var copy = new byte[length + slack];
    copyTo(copy, offset, length);
    return copy;
  }

  void copyTo(byte[] into, long offset, int length) {
    MemorySegment.copy(check(offset, length), ValueLayout.JAVA_BYTE, offset, into, 0, length);
  }

  /// Checks the piece that begins at `position` as it is on the disk.
  ///
  /// @throws CorruptBlockException if a page of it is not what was written; it tells of the first
  /// @throws NoSuchFileException if the file is gone, which is no damage
  void recheck(Disk disk, long position) throws NoSuchFileException {
    var piece =
        ByteBuffer.allocate((int) Math.min(BlockFormat.PIECE_BYTES, checkedBytes - position));
    int length = piece.capacity();
    try {
      int read = disk.read(path, position, piece);
      if (read != length) {
        throw new CorruptBlockException(
            "%s: ends after %d bytes, expected %d".formatted(path, position + read, checkedBytes));
      }
    } catch (NoSuchFileException gone) {
      throw gone;
    } catch (IOException e) {
      throw new CorruptBlockException(
          "%s: bytes %d to %d cannot be read".formatted(path, position, position + length), e);
    }
    for (int at = 0; at < length; at += BlockFormat.PAGE_BYTES) {
      int page = Math.min(BlockFormat.PAGE_BYTES, length - at);
      requireSound(position + at, page, Checksum.of(piece.array(), at, page));
    }
  }

  private void requireSound(long from, long length, int found) {
    int expected = bytes.get(INT, checksumsAt + 4 * (from / BlockFormat.PAGE_BYTES));
    if (found != expected) {
      throw new CorruptBlockException(
          "%s: checksum of bytes %d to %d is %08x, expected %08x; restore the block from a backup or delete its folder"
              .formatted(path, from, from + length, found, expected),
          from,
          length);
    }
  }

  private void checkPage(long page) {
    long from = page * BlockFormat.PAGE_BYTES;
    long length = Math.min(BlockFormat.PAGE_BYTES, checkedBytes - from);
    int found;
    try {
      found = Checksum.of(bytes, from, length);
    } catch (InternalError unreadable) {
      // What the machine says when the disk cannot give a mapped page.
      throw new CorruptBlockException(
          "%s: bytes %d to %d cannot be read".formatted(path, from, from + length), unreadable);
    }
    requireSound(from, length, found);
    sound.accumulateAndGet((int) (page >>> 6), 1L << page, (old, bit) -> old | bit);
  }
}
