package barograph.storage.wal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where each series stands in the rows of its target: positions in the order in which they first
/// came, within a segment.
final class RowPositions {
  private static final int PAGE_SHIFT = 10;
  private static final int[] NO_PAGE = {};

  private @Nullable TargetChain[] targets = new TargetChain[16];

  /// Position of each series in its target, meaningful only where the target agrees, in pages: of
  /// series that are no longer written nothing is kept beyond the segment.
  private int[][] positions = {};

  /// Starts over; targets of which nothing has come since the last time are forgotten.
  void startSegment() {
    Arrays.fill(positions, NO_PAGE);
    for (int i = 0; i < targets.length; i++) {
      var chain = targets[i];
      if (chain != null && chain.used) {
        chain.restart();
      } else {
        targets[i] = null;
      }
    }
  }

  /// The rows of a target.
  TargetChain chainOf(int target) {
    if (target >= targets.length) {
      targets = Arrays.copyOf(targets, Math.max(target + 1, targets.length * 2));
    }
    var chain = targets[target];
    if (chain == null) {
      chain = new TargetChain();
      targets[target] = chain;
    }
    chain.used = true;
    return chain;
  }

  /// The position of series `ref` in `chain`, a new one if it has none yet.
  int position(TargetChain chain, int ref) {
    int page = ref >>> PAGE_SHIFT;
    if (page >= positions.length) {
      int known = positions.length;
      positions = Arrays.copyOf(positions, Math.max(page + 1, known * 2));
      Arrays.fill(positions, known, positions.length, NO_PAGE);
    }
    int[] its = positions[page];
    if (its.length == 0) {
      its = new int[1 << PAGE_SHIFT];
      positions[page] = its;
    }
    int at = ref & ((1 << PAGE_SHIFT) - 1);
    int position = its[at];
    if (position < chain.size && chain.refs[position] == ref) {
      return position;
    }
    position = chain.add(ref);
    its[at] = position;
    return position;
  }
}
