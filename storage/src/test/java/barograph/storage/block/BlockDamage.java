package barograph.storage.block;

import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// Damages a block file beyond what its parity, and the second copies of header and contents, make
/// good.
public final class BlockDamage {
  private BlockDamage() {}

  /// Turns over a bit of a block file on `disk`, and what could make it good again.
  public static void flip(SimulatedDisk disk, Path file, long bit) throws IOException {
    long other = counterpart(disk.readAll(file), bit);
    disk.flipBit(file, bit);
    if (other != bit) {
      disk.flipBit(file, other);
    }
  }

  /// A bit that must be wrong, too, lest the one at `bit` can be made good; itself if there is
  /// none, as nothing hangs on it.
  public static long counterpart(byte[] file, long bit) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int sections = bytes.getInt(file.length - BlockFormat.FOOTER_TAIL_BYTES);
    int contents = BlockFormat.FOOTER_TAIL_BYTES + sections * BlockFormat.TOC_ENTRY_BYTES;
    int second = file.length - contents;
    int header = second - BlockFormat.HEADER_BYTES;
    int first = header - contents;
    int at = (int) (bit >>> 3);
    long checksums = section(bytes, second, sections, SectionType.PAGE_CHECKSUMS);
    long parity = section(bytes, second, sections, SectionType.PARITY);
    if (at >= second) {
      return bit - 8L * (second - first);
    } else if (at >= header) {
      return bit - 8L * header;
    } else if (at >= first) {
      return bit + 8L * (second - first);
    } else if (at < BlockFormat.HEADER_BYTES) {
      return bit + 8L * header;
    } else if (at >= parity) {
      return bit;
    }
    long page = at < checksums ? at / BlockFormat.PAGE_BYTES : (at - checksums) / Integer.BYTES;
    long pages = (checksums + BlockFormat.PAGE_BYTES - 1) / BlockFormat.PAGE_BYTES;
    long inPage = at < checksums ? at % BlockFormat.PAGE_BYTES : 0;
    long other = parity + Parity.place(page, pages) * Parity.pageBytes(checksums) + inPage;
    return 8 * other + (bit + 1) % 8;
  }

  private static long section(ByteBuffer bytes, int contents, int sections, SectionType type) {
    for (int i = 0; i < sections; i++) {
      int entry = contents + i * BlockFormat.TOC_ENTRY_BYTES;
      if (bytes.getShort(entry) == type.number()) {
        return bytes.getLong(entry + 8);
      }
    }
    throw new AssertionError("there is no section " + type);
  }
}
