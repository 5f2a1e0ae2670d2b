package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.HistogramEncoder;
import barograph.storage.model.HistogramColumns;
import java.io.IOException;

/// Writes the section of native histograms: the chunks of each series that has any, then where they
/// are.
final class HistogramWriter {
  private final PagedWriter file;
  private final HistogramEncoder encoder;
  private final ByteSink chunk = new ByteSink(1 << 14);
  private final ByteSink entries = new ByteSink();
  private final ByteSink table = new ByteSink();
  private int count;

  /// Begins the section.
  ///
  /// @param dense whether chunks are to be small rather than fast to read
  HistogramWriter(PagedWriter file, boolean dense) throws IOException {
    this.file = file;
    this.encoder = new HistogramEncoder(dense);
    file.begin();
  }

  /// Writes the histograms of the `series`th series of the block; series come in ascending order.
  void add(int series, HistogramColumns histograms) throws IOException {
    table.putInt(series);
    table.putInt(entries.size());
    count++;
    entries.putVarint(file.sectionPosition());
    entries.putVarint(chunks(histograms));
    long last = 0;
    for (int from = 0; from < histograms.size(); ) {
      int fitting = HistogramEncoder.fitting(histograms, from);
      chunk.clear();
      encoder.encode(histograms, from, fitting, chunk);
      file.write(chunk);
      long first = histograms.timestamps()[from];
      entries.putVarint(fitting);
      entries.putVarint(chunk.size());
      entries.putZigzag(first - last);
      last = histograms.timestamps()[from + fitting - 1];
      entries.putVarint(last - first);
      from += fitting;
    }
  }

  private static int chunks(HistogramColumns histograms) {
    int chunks = 0;
    for (int from = 0; from < histograms.size(); chunks++) {
      from += HistogramEncoder.fitting(histograms, from);
    }
    return chunks;
  }

  /// Ends the section.
  void finish() throws IOException {
    long entriesAt = file.sectionPosition();
    file.write(entries);
    table.putLong(entriesAt);
    table.putInt(count);
    file.write(table);
    file.end(SectionType.HISTOGRAMS);
  }
}
