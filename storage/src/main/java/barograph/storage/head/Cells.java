package barograph.storage.head;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Off-heap memory in cells of 64 bytes, a cache line each, and in pages of 64 cells.
///
/// A cell is named by a number; 0 names none. Slabs of 1 MiB are added as needed and live as long
/// as this object, so a reader that races with a writer may read a stale cell but never memory that
/// is gone. Pages may be taken by any thread; single cells belong to the head's one writer.
final class Cells {
  static final int BYTES = 64;
  static final int PAGE_CELLS = 64;

  private static final int SLAB_SHIFT = 14;
  private static final int SLAB_CELLS = 1 << SLAB_SHIFT;

  private final Arena arena = Arena.ofAuto();
  private volatile MemorySegment[] slabs = {};

  private final Object pageLock = new Object();
  private int nextPage = 1;
  private int[] freePages = new int[16];
  private int freePageCount;

  private int[] freeCells = new int[256];
  private int freeCellCount;
  private int cellsInUse;

  /// The slab that holds `cell`; its bytes begin there at [#offset(int)].
  MemorySegment slab(int cell) {
    return slabs[cell >>> SLAB_SHIFT];
  }

  static long offset(int cell) {
    return (long) (cell & (SLAB_CELLS - 1)) << 6;
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
          more[slab] = arena.allocate((long) SLAB_CELLS * BYTES, BYTES);
          slabs = more;
        }
      }
    }
    int cell = page * PAGE_CELLS;
    slab(cell).asSlice(offset(cell), (long) PAGE_CELLS * BYTES).fill((byte) 0);
    return cell;
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
