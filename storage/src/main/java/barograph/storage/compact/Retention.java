package barograph.storage.compact;

import barograph.storage.block.Block;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How long blocks are kept: by age against the newest sample, and by the bytes that the whole data
/// folder takes.
///
/// @param time how far a block's newest sample may lie behind the store's; [Duration#ZERO] for ever
/// @param bytes the most bytes of everything; 0 for any number
public record Retention(Duration time, long bytes) {
  public Retention {
    if (time.isNegative() || bytes < 0) {
      throw new IllegalArgumentException(
          "retention of %s and %d bytes, expected no negative one".formatted(time, bytes));
    }
  }

  /// Those of `blocks` that are past retention: always the oldest.
  ///
  /// @param otherBytes what is in the folder besides them and stays: log, head, quarantine
  /// @param coming bytes of a block that is about to be written, for which there shall be room
  public List<Block> expired(List<Block> blocks, long newestMillis, long otherBytes, long coming) {
    var inTime =
        blocks.stream().sorted(Comparator.comparingLong(b -> b.range().endMillis())).toList();
    var expired = new ArrayList<Block>();
    long total = otherBytes + coming + blocks.stream().mapToLong(Block::bytes).sum();
    for (Block block : inTime) {
      boolean tooOld =
          time.isPositive() && newestMillis - block.range().endMillis() > time.toMillis();
      boolean tooMuch = bytes > 0 && total > bytes;
      if (!tooOld && !tooMuch) {
        break;
      }
      expired.add(block);
      total -= block.bytes();
    }
    return expired;
  }
}
