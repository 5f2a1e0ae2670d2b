package barograph.storage.block;

import barograph.storage.chunk.ByteCursor;
import barograph.storage.chunk.ChunkSummary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a block tells of its chunks without their being decoded. It keeps the summaries of the last
/// page of the directory that it was asked about; one thread at a time.
final class Summaries {
  private final SeriesDirectory directory;

  /// Null in a block without statistics.
  private final @Nullable BlockSection section;

  private final ChunkSummary constant = new ChunkSummary();
  private ChunkSummary[] ofChunks = {};

  /// The page whose summaries are there; -1 for none.
  private int number = -1;

  Summaries(SeriesDirectory directory, @Nullable BlockSection section) {
    this.directory = directory;
    this.section = section;
  }

  /// What is known of a chunk of `page`, or of the rows that a constant series has in its place;
  /// null if nothing is. Good until the next call.
  @Nullable ChunkSummary find(SeriesDirectory.Page page, int slot, int chunk) {
    ChunkSummary found = constant;
    if (page.isConstant(slot)) {
      constant.takeConstant(page.value(slot));
    } else if (section == null || page.count(chunk) < BlockFormat.FEWEST_FOR_SUMMARY) {
      return null;
    } else {
      if (number != page.number()) {
        read(page, section);
      }
      found = ofChunks[chunk];
    }
    return found.isSilent() ? null : found;
  }

  private void read(SeriesDirectory.Page page, BlockSection from) {
    number = -1;
    int count = page.chunkCount();
    if (ofChunks.length < count) {
      int known = ofChunks.length;
      ofChunks = Arrays.copyOf(ofChunks, Math.max(count, 2 * known));
      for (int i = known; i < ofChunks.length; i++) {
        ofChunks[i] = new ChunkSummary();
      }
    }
    byte[] bytes = directory.pageBytes(from, page.number());
    var cursor = new ByteCursor().reset(bytes, 0, bytes.length);
    for (int chunk = 0; chunk < count; chunk++) {
      if (page.count(chunk) >= BlockFormat.FEWEST_FOR_SUMMARY) {
        ofChunks[chunk].readFrom(cursor);
      }
    }
    number = page.number();
  }
}
