package barograph.storage.compact;

import barograph.storage.block.BlockId;
import java.util.List;

/// Blocks that are to become one.
///
/// @param sources in the order of writing; one alone is only written anew
/// @param level of what comes out
public record Merge(List<BlockId> sources, int level) {
  public Merge {
    sources = sources.stream().sorted().toList();
    if (sources.isEmpty() || level < 1) {
      throw new IllegalArgumentException(
          "a merge of %d blocks to level %d, expected at least one of each"
              .formatted(sources.size(), level));
    }
  }
}
