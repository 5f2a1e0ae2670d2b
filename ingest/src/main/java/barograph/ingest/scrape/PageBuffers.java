package barograph.ingest.scrape;

import barograph.ingest.exposition.PageFormat;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesExemplar;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Room for the pages that are being read at this moment, shared by all targets, so that memory
/// goes by how many are read at once and not by how many there are.
final class PageBuffers {
  private static final int SPARE = 32;
  private static final int LARGEST_KEPT = 8 << 20;

  private final BlockingQueue<Set> spare = new ArrayBlockingQueue<>(SPARE);

  /// Everything that one page needs.
  static final class Set {
    PageFormat format = PageFormat.TEXT;
    final PageBytes page = new PageBytes();
    final PageSamples samples = new PageSamples();
    final SampleBatch batch = new SampleBatch();
    final List<SeriesExemplar> exemplars = new ArrayList<>();
  }

  Set take() {
    Set set = spare.poll();
    return set == null ? new Set() : set;
  }

  void giveBack(Set set) {
    if (set.page.bytes.length <= LARGEST_KEPT) {
      spare.offer(set);
    }
  }
}
