package barograph.storage.compact;

import barograph.storage.block.BlockId;
import barograph.storage.block.CorruptBlockException;

/// A block that was to be merged is damaged: the merge is given up, as it would lose what the
/// damage hides from it for good.
public final class UnreadableSourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String block;
  private final CorruptBlockException damage;

  UnreadableSourceException(BlockId block, CorruptBlockException cause) {
    super(cause.getMessage(), cause);
    this.block = block.text();
    this.damage = cause;
  }

  /// What is wrong with it.
  public CorruptBlockException damage() {
    return damage;
  }

  /// The damaged block.
  public BlockId block() {
    return new BlockId(block);
  }
}
