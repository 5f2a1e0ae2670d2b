package barograph.storage.compact;

import barograph.storage.block.Block;
import barograph.storage.block.BlockId;
import barograph.storage.model.TimeRange;

/// A block as the [Planner] sees it.
///
/// @param bytes the length of its file
/// @param series how many it has
/// @param buried how many of them have tombstones
/// @param sound whether it may be merged: one that cannot be read in full is left as it is
public record Piece(
    BlockId id, TimeRange range, int level, long bytes, int series, int buried, boolean sound) {

  public static Piece of(Block block, boolean sound) {
    return new Piece(
        block.id(),
        block.range(),
        block.level(),
        block.bytes(),
        block.seriesCount(),
        block.tombstones().series().getCardinality(),
        sound);
  }
}
