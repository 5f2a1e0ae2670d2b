package barograph.storage.head;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Off-heap memory in cells of 64 bytes, a cache line each, and in pages of 64 cells.
///
/// A cell is named by a number; 0 names none. Slabs of 1 MiB are added as needed and live as long
/// as this object, so a reader that races with a writer may read a stale cell but never memory that
/// is gone. Pages may be taken by any thread; single cells belong to the head's one writer.
///
/// A slab is a buffer and not a memory segment, of which every access is some twenty methods for a
/// compiler to inline: all that works on cells is hot from the first sample on, and takes the first
/// compiler a quarter of the time so. Buffers are read and written at absolute places alone, so
/// that any number of threads may share them.
final class Cells {
  static final int BYTES = 64;
  static final int PAGE_CELLS = 64;

  private static final int SLAB_SHIFT = 14;
  private static final int SLAB_CELLS = 1 << SLAB_SHIFT;

  private static final byte[] ZEROS = new byte[PAGE_CELLS * BYTES];

  private volatile ByteBuffer[] slabs = {};

  private final Object pageLock = new Object();
  private int nextPage = 1;
  private int[] freePages = new int[16];
  private int freePageCount;

  private int[] freeCells = new int[256];
  private int freeCellCount;
  private int cellsInUse;

  /// The slab that holds `cell`; its bytes begin there at [#offset(int)].
  ByteBuffer slab(int cell) {
    return slabs[cell >>> SLAB_SHIFT];
  }

  static int offset(int cell) {
    return (cell & (SLAB_CELLS - 1)) << 6;
  }

  /// The first cell of a page of zeros.
  int allocatePage() {
    int page;
    synchronized (pageLock) {
      if (freePageCount > 0) {
        page = freePages[--freePageCount];
      } else {
        page = nextPage++;
        int slab = (page * PAGE_CELLS) >>> SLAB_SHIFT;
        if (slab == slabs.length) {
          var more = Arrays.copyOf(slabs, slab + 1);
          more[slab] = newSlab();
          slabs = more;
        }
      }
    }
    int cell = page * PAGE_CELLS;
    slab(cell).put(offset(cell), ZEROS);
    return cell;
  }

  /// Zeros that begin at a cache line.
  private static ByteBuffer newSlab() {
    return ByteBuffer.allocateDirect((SLAB_CELLS + 1) * BYTES)
        .alignedSlice(BYTES)
        .slice(0, SLAB_CELLS * BYTES)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Fills a cell with zeros.
  void clear(int cell) {
    slab(cell).put(offset(cell), ZEROS, 0, BYTES);
  }

  void freePage(int firstCell) {
    synchronized (pageLock) {
      if (freePageCount == freePages.length) {
        freePages = Arrays.copyOf(freePages, freePageCount * 2);
      }
      freePages[freePageCount++] = firstCell / PAGE_CELLS;
    }
  }

  /// A single cell with whatever it held before. Writer only.
  int allocate() {
    if (freeCellCount == 0) {
      int first = allocatePage();
      for (int i = PAGE_CELLS - 1; i >= 0; i--) {
        freeCells[freeCellCount++] = first + i;
      }
    }
    cellsInUse++;
    return freeCells[--freeCellCount];
  }

  /// Gives a single cell back. Writer only.
  void free(int cell) {
    if (freeCellCount + PAGE_CELLS >= freeCells.length) {
      freeCells = Arrays.copyOf(freeCells, freeCells.length * 2);
    }
    freeCells[freeCellCount++] = cell;
    cellsInUse--;
  }

  /// Single cells that are taken.
  int cellsInUse() {
    return cellsInUse;
  }

  /// Bytes of all slabs.
  long bytes() {
    return (long) slabs.length * SLAB_CELLS * BYTES;
  }
}
