package barograph.storage.block;

import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// A mapped block file that lets nobody see a byte before the page around it has proved sound.
///
/// The first touch of each page computes its checksum; later ones look at a bit. A page that is not
/// what was written is made good, in memory, from the others of its group and their parity.
final class PagedFile {
  /// Gives the file's bytes so that they can be changed in memory.
  @FunctionalInterface
  interface Changeable {
    MemorySegment map() throws IOException;
  }

  private static final Logger LOG = System.getLogger(PagedFile.class.getName());

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Changeable changeable;

  /// The mapped file; a copy that can be changed once a page was made good.
  private volatile MemorySegment bytes;

  private boolean changed;
  private final long checkedBytes;
  private final long parityAt;
  private final AtomicLongArray sound;

  /// A file whose bytes up to `checkedBytes` have their checksums behind them, and their parity at
  /// `parityAt`. Nothing needs to have been checked of these: each is held against the other.
  PagedFile(
      Path path, MemorySegment bytes, long checkedBytes, long parityAt, Changeable changeable) {
    this.path = path;
    this.bytes = bytes;
    this.checkedBytes = checkedBytes;
    this.parityAt = parityAt;
    this.changeable = changeable;
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
    if (offset < 0 || length < 0 || offset > checkedBytes - length) {
      throw new CorruptBlockException(
          "%s: %d bytes at %d are pointed at, of %d".formatted(path, length, offset, checkedBytes));
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
      int found = Checksum.of(piece.array(), at, page);
      if (found != expected(position + at)) {
        // Whoever has touched it before may have done so before it was damaged.
        long number = (position + at) / BlockFormat.PAGE_BYTES;
        sound.accumulateAndGet((int) (number >>> 6), 1L << number, (old, bit) -> old & ~bit);
        checkPage(number);
        throw CorruptBlockException.mended(
            flaw(position + at, page, found) + "; made good from the pages beside it",
            position + at,
            page);
      }
    }
  }

  /// Checks the parity, which nobody needs before a page is damaged: then it had better be there.
  ///
  /// @throws CorruptBlockException if its checksum is another one than `expected`; nothing is lost
  ///   yet
  void checkParity(int expected) {
    long length = Parity.bytes(checkedBytes);
    int found;
    try {
      found = Checksum.of(bytes, parityAt, length);
    } catch (InternalError unreadable) {
      throw new CorruptBlockException("%s: the parity cannot be read".formatted(path), unreadable);
    }
    if (found != expected) {
      throw CorruptBlockException.mended(
          "%s: checksum of the parity is %08x, expected %08x; a damaged page cannot be made good from it"
              .formatted(path, found, expected),
          parityAt,
          length);
    }
  }

  private int expected(long from) {
    return bytes.get(INT, checkedBytes + 4 * (from / BlockFormat.PAGE_BYTES));
  }

  private String flaw(long from, long length, int found) {
    return "%s: checksum of bytes %d to %d is %08x, expected %08x"
        .formatted(path, from, from + length, found, expected(from));
  }

  private int length(long page) {
    return (int) Math.min(BlockFormat.PAGE_BYTES, checkedBytes - page * BlockFormat.PAGE_BYTES);
  }

  private boolean isSound(long page) {
    long from = page * BlockFormat.PAGE_BYTES;
    return Checksum.of(bytes, from, length(page)) == expected(from);
  }

  private void checkPage(long page) {
    try {
      if (!isSound(page)) {
        mend(page);
      }
    } catch (InternalError unreadable) {
      // What the machine says when the disk cannot give a mapped page.
      long from = page * BlockFormat.PAGE_BYTES;
      throw new CorruptBlockException(
          "%s: bytes %d to %d cannot be read".formatted(path, from, from + length(page)),
          unreadable);
    }
    sound.accumulateAndGet((int) (page >>> 6), 1L << page, (old, bit) -> old | bit);
  }

  /// Makes a page good that is not what was written.
  ///
  /// If what the others say is what stands there, it is the page's checksum that is damaged.
  private synchronized void mend(long page) {
    if (isSound(page)) {
      return;
    }
    long from = page * BlockFormat.PAGE_BYTES;
    int length = length(page);
    String flaw = flaw(from, length, Checksum.of(bytes, from, length));
    byte[] good = fromOthers(page);
    if (good == null) {
      throw new CorruptBlockException(
          flaw + "; restore the block from a backup or delete its folder", from, length);
    }
    var rebuilt = MemorySegment.ofArray(good).asSlice(0, length);
    if (Checksum.of(good, 0, length) == expected(from)) {
      MemorySegment.copy(rebuilt, 0, toChange(flaw), from, length);
    } else if (rebuilt.mismatch(bytes.asSlice(from, length)) >= 0) {
      throw new CorruptBlockException(
          flaw + "; restore the block from a backup or delete its folder", from, length);
    }
    LOG.log(Level.WARNING, "{0}; made good from the pages beside it", flaw);
  }

  private MemorySegment toChange(String flaw) {
    if (!changed) {
      try {
        bytes = changeable.map();
        changed = true;
      } catch (IOException e) {
        throw new CorruptBlockException(flaw + "; it cannot be made good", e);
      }
    }
    return bytes;
  }

  /// What a page must be by the others of its group and their parity; null if one of them is
  /// damaged too.
  private byte @Nullable [] fromOthers(long page) {
    long pages = pages();
    int pageBytes = Parity.pageBytes(checkedBytes);
    var sum = new byte[pageBytes];
    var other = new byte[pageBytes];
    long parity = parityAt + Parity.place(page, pages) * pageBytes;
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, parity, sum, 0, pageBytes);
    int step = Parity.groups(pages);
    long end = Parity.endOfGroup(page, pages);
    for (long each = Parity.firstOfGroup(page, pages); each < end; each += step) {
      if (each == page) {
        continue;
      }
      if (!isSound(each)) {
        return null;
      }
      long at = each * BlockFormat.PAGE_BYTES;
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, other, 0, length(each));
      Parity.add(sum, other, 0, length(each));
    }
    return sum;
  }
}
