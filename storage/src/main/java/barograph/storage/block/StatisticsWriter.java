package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.ChunkSummary;
import java.io.IOException;

/// Gathers what is known of long chunks without decoding them, page by page as the directory. One
/// thread at a time.
final class StatisticsWriter {
  private final ChunkSummary summary = new ChunkSummary();
  private final ByteSink summaries = new ByteSink(1 << 12);
  private final ByteSink offsets = new ByteSink();

  /// Begins the next page.
  void page() {
    offsets.putInt(summaries.size());
  }

  /// Sums up the next chunk of a series that is not constant, the values `column[from, from +
  /// count)`.
  void add(double[] column, int from, int count) {
    if (count >= BlockFormat.FEWEST_FOR_SUMMARY) {
      summary.take(column, from, count);
      summary.writeTo(summaries);
    }
  }

  /// Writes the section, if there is anything to say.
  void writeTo(PagedWriter file) throws IOException {
    if (summaries.size() > 0) {
      summaries.putBytes(offsets.array(), 0, offsets.size());
      file.section(SectionType.STATISTICS, summaries);
    }
  }
}
