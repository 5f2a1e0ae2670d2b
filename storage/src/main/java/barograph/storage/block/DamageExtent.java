package barograph.storage.block;

import barograph.storage.chunk.CorruptChunkException;
import org.jspecify.annotations.Nullable;

/// How many series of a block, and samples of theirs, a damaged stretch of its chunks costs at
/// most.
///
/// A series whose chunks touch the stretch counts with all its samples in the block, as it is not
/// answered in part; so does one whose chunk holds the differences to such a one.
final class DamageExtent {
  private final SeriesDirectory.Page page = new SeriesDirectory.Page();
  private final long from;
  private final long to;
  private long series;
  private long samples;

  private DamageExtent(long from, long to) {
    this.from = from;
    this.to = to;
  }

  /// That of the bytes from `from` up to `to`, which are chunks; null if the directory cannot tell.
  static @Nullable DamageExtent of(SeriesDirectory directory, int seriesCount, long from, long to) {
    var extent = new DamageExtent(from, to);
    try {
      for (int first = 0; first < seriesCount; first += BlockFormat.SERIES_PER_ENTRY) {
        directory.read(first, extent.page);
        extent.addPage();
      }
      return extent;
    } catch (CorruptBlockException
        | CorruptChunkException
        | IndexOutOfBoundsException
        | ArithmeticException damagedToo) {
      return null;
    }
  }

  private void addPage() {
    boolean belowIsLost = false;
    for (int slot = 0; slot < page.seriesCount(); slot++) {
      boolean lost = false;
      for (int chunk = page.firstChunk(slot); chunk < page.firstChunk(slot + 1); chunk++) {
        lost |= page.offset(chunk) < to && page.offset(chunk) + page.length(chunk) > from;
        lost |= belowIsLost && page.kind(chunk) == SeriesWriter.DIFFERENCE;
      }
      if (lost) {
        Rows rows = page.rows(slot);
        series++;
        samples += rows.present(rows.first(), rows.first() + rows.span());
      }
      belowIsLost = lost;
    }
  }

  long series() {
    return series;
  }

  long samples() {
    return samples;
  }
}
