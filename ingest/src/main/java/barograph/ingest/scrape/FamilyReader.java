package barograph.ingest.scrape;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.FamilyPage;
import barograph.ingest.exposition.FamilyPage.Item;
import barograph.ingest.exposition.PageExemplar;
import barograph.storage.model.Histogram;
import org.jspecify.annotations.Nullable;

/// Reads pages of protocol-buffer messages into samples: the key of a series stands in the place
/// that its line has on a page of text. One thread at a time.
final class FamilyReader {
  private final FamilyPage page;
  private final LineCache lines;
  private final PageTally tally;
  private final MetricMetadata metadata;
  private final boolean honorTimestamps;
  private final boolean startTimes;

  FamilyReader(
      FamilyPage page,
      LineCache lines,
      PageTally tally,
      MetricMetadata metadata,
      ScrapeConfig.Labelling labelling) {
    this.page = page;
    this.lines = lines;
    this.tally = tally;
    this.metadata = metadata;
    this.honorTimestamps = labelling.honorTimestamps();
    this.startTimes = labelling.startTimes();
  }

  void read(byte[] bytes, int length, int visit, PageSamples samples) throws BadPageException {
    page.reset(bytes, length);
    int previous = LineCache.NONE;
    for (Item item = page.next(); item != Item.END; item = page.next()) {
      if (item == Item.FAMILY) {
        remember(visit);
        continue;
      }
      tally.scraped++;
      int entry = lines.after(previous);
      if (entry == LineCache.NONE || !lines.is(entry, page.key(), page.keyLength())) {
        entry = lookUp();
        if (entry == LineCache.NONE) {
          continue;
        }
        lines.link(previous, entry);
      }
      previous = entry;
      lines.use(entry, visit);
      tally.lines++;
      if (lines.kind(entry) == LineCache.SERIES) {
        take(lines.subject(entry), samples);
      }
    }
  }

  private void remember(int visit) {
    int number = metadata.number(page.family());
    metadata.type(number, page.type());
    metadata.help(number, page.help());
    metadata.unit(number, page.unit());
    metadata.seen(number, visit);
  }

  /// The entry of a series that is not where it was last time; [LineCache#NONE] if there are too
  /// many.
  private int lookUp() throws BadPageException {
    int entry = lines.find(page.key(), 0, page.keyLength());
    return entry != LineCache.NONE
        ? entry
        : lines.addSeries(page.key(), 0, page.keyLength(), tally.name(page, ""));
  }

  private void take(int series, PageSamples samples) {
    tally.kept++;
    samples.add(
        series, page.value(), honorTimestamps && page.timestamped(), page.timestampMillis());
    @Nullable Histogram histogram = page.histogram();
    if (histogram != null) {
      samples.set(histogram);
    }
    if (startTimes) {
      samples.start(samples.size - 1, page.startMillis());
    }
    for (PageExemplar exemplar : page.exemplars()) {
      samples.add(series, exemplar);
    }
  }
}
