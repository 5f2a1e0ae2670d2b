package barograph.storage.chunk;

import java.util.Arrays;

/// The width in which a column of unsigned numbers is packed in the fewest bits, wider ones leaving
/// their high parts in front as patches.
///
/// Most columns are packed little narrower than their widest number, so widths are tried from there
/// down, and for each the wider numbers are counted, in a loop of sums that the compiler does
/// several at once; all widths are counted in a histogram only if eight do not tell. It keeps its
/// working arrays: one thread at a time.
final class PatchedWidth {
  /// Width byte, and for patches their number and how much wider they are.
  private static final int HEADER_BITS = 8;

  private static final int PATCH_HEADER_BITS = 16;

  /// Widths that are tried before all are counted in a histogram.
  private static final int FEW_WIDTHS = 8;

  private final int[] counts = new int[Long.SIZE + 1];

  /// Neighbours are counted apart, as most have the same width, and one count would have to wait
  /// for the other.
  private final int[] more = new int[Long.SIZE + 1];

  private int most;
  private int width;
  private int patches;

  /// What the best width so far takes, without the width byte.
  private long bits;

  /// Weighs the first `count` of `numbers`.
  ///
  /// @param widest the width of the widest
  /// @return the bits that they take
  long weigh(long[] numbers, int count, int widest) {
    if (widest == Long.SIZE) {
      // Such numbers are negative to a comparison.
      return weighAll(numbers, count, widest);
    }
    begin(count, widest);
    int least = Math.max(0, widest - FEW_WIDTHS);
    for (int narrow = widest - 1; narrow >= least; narrow--) {
      if (!tryWidth(narrow, countWider(numbers, count, narrow), count)) {
        return HEADER_BITS + bits;
      }
    }
    return least == 0 ? HEADER_BITS + bits : weighAll(numbers, count, widest);
  }

  /// How many numbers, all of less than 64 bits, are wider than `narrow` bits.
  private static int countWider(long[] numbers, int count, int narrow) {
    long greatest = (1L << narrow) - 1;
    long wider = 0;
    for (int i = 0; i < count; i++) {
      // The sign, without a branch.
      wider += (greatest - numbers[i]) >>> 63;
    }
    return (int) wider;
  }

  /// The same, counting all widths whatever they are.
  long weighAll(long[] numbers, int count, int widest) {
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
    begin(count, widest);
    int wider = 0;
    for (int narrow = widest - 1; narrow >= 0; narrow--) {
      wider += counts[narrow + 1];
      if (!tryWidth(narrow, wider, count)) {
        break;
      }
    }
    return HEADER_BITS + bits;
  }

  private void begin(int count, int widest) {
    most = widest;
    width = widest;
    patches = 0;
    bits = (long) count * widest;
  }

  /// Takes `narrow` if it is better than what is best so far, and answers whether there may be a
  /// better one among those that are narrower.
  private boolean tryWidth(int narrow, int wider, int count) {
    int patchBits = Patches.placeBits(count) + most;
    long cost = (long) count * narrow + PATCH_HEADER_BITS + (long) wider * (patchBits - narrow);
    if (cost < bits) {
      bits = cost;
      width = narrow;
      patches = wider;
    }
    // Narrower ones have no fewer patches, which may take too much even if all else took nothing;
    // and in between it is one or the other that is less.
    return PATCH_HEADER_BITS + (long) wider * patchBits < bits;
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
