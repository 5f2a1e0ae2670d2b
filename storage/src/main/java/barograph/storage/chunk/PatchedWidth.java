package barograph.storage.chunk;

import java.util.Arrays;

/// The width in which a column of unsigned numbers is packed in the fewest bits, wider ones leaving
/// their high parts in front as patches.
///
/// It is found on a histogram of bit widths. Most columns are packed little narrower than their
/// widest number, so the eight greatest widths are counted first, in the bytes of one register, and
/// all of them only if that does not tell. It keeps its working arrays: one thread at a time.
final class PatchedWidth {
  /// Width byte, and for patches their number and how much wider they are.
  private static final int HEADER_BITS = 8;

  private static final int PATCH_HEADER_BITS = 16;

  /// Widths that are counted in a register, a byte each, and how many numbers these count.
  private static final int LANES = Long.BYTES;

  private static final int LANE_LIMIT = 255;

  private final int[] counts = new int[Long.SIZE + 1];

  /// Neighbours are counted apart, as most have the same width, and one count would have to wait
  /// for the other.
  private final int[] more = new int[Long.SIZE + 1];

  private int most;
  private int width;
  private int patches;

  /// Weighs the first `count` of `numbers`.
  ///
  /// @param widest the width of the widest
  /// @return the bits that they take
  long weigh(long[] numbers, int count, int widest) {
    most = widest;
    int known = countGreatest(numbers, count);
    long bits = search(count, known);
    return bits >= 0 ? bits : weighAll(numbers, count, widest);
  }

  /// The same, counting all widths whatever they are.
  long weighAll(long[] numbers, int count, int widest) {
    most = widest;
    Arrays.fill(counts, 0);
    Arrays.fill(more, 0);
    int even = count & ~1;
    for (int i = 0; i < even; i += 2) {
      counts[Bits.width(numbers[i])]++;
      more[Bits.width(numbers[i + 1])]++;
    }
    if (even < count) {
      counts[Bits.width(numbers[even])]++;
    }
    for (int i = 0; i <= widest; i++) {
      counts[i] += more[i];
    }
    return search(count, 0);
  }

  /// Counts the greatest widths; the least of those stands for all that are below.
  ///
  /// @return the least width whose count is its own
  private int countGreatest(long[] numbers, int count) {
    int greatest = most;
    int least = Math.max(0, greatest - LANES + 1);
    Arrays.fill(counts, least, greatest + 1, 0);
    for (int from = 0; from < count; from += LANE_LIMIT) {
      int to = Math.min(count, from + LANE_LIMIT);
      long lanes = 0;
      for (int i = from; i < to; i++) {
        int lane = Math.min(LANES - 1, greatest - Bits.width(numbers[i]));
        lanes += 1L << (lane << 3);
      }
      for (int width = greatest; width >= least; width--) {
        counts[width] += (int) lanes & LANE_LIMIT;
        lanes >>>= Byte.SIZE;
      }
    }
    return least == 0 || counts[least] == 0 ? 0 : least + 1;
  }

  /// Goes from the greatest width down, as long as there may be a better one.
  ///
  /// @param known the least width whose count is known
  /// @return the bits that the numbers take; negative if more counts are needed to tell
  private long search(int count, int known) {
    int patchBits = Patches.placeBits(count) + most;
    int best = most;
    int bestPatches = 0;
    long bestCost = (long) count * most;
    int wider = 0;
    for (int narrow = most - 1; narrow >= 0; narrow--) {
      if (narrow + 1 < known) {
        return -1;
      }
      wider += counts[narrow + 1];
      long cost = (long) count * narrow + PATCH_HEADER_BITS + (long) wider * (patchBits - narrow);
      if (cost < bestCost) {
        bestCost = cost;
        best = narrow;
        bestPatches = wider;
      }
      if (PATCH_HEADER_BITS + (long) wider * patchBits >= bestCost) {
        // Narrower ones have no fewer patches, which take too much even if all else took nothing;
        // and in between it is one or the other that is less.
        break;
      }
    }
    width = best;
    patches = bestPatches;
    return HEADER_BITS + bestCost;
  }

  /// How many numbers have which width, after [#weighAll].
  int[] counts() {
    return counts;
  }

  /// The width of the widest number.
  int most() {
    return most;
  }

  /// The best width.
  int width() {
    return width;
  }

  /// How many numbers are wider than that.
  int patches() {
    return patches;
  }
}
