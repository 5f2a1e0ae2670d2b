package barograph.ingest.scrape;

import barograph.ingest.exposition.PageExemplar;
import barograph.storage.Appender;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesExemplar;
import barograph.storage.SeriesLimitException;
import barograph.storage.SeriesLookup;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The samples of a target's page as what the store takes: its new series named, each sample with
/// the store's number and a timestamp. One thread at a time.
final class PageBatch {
  private static final int UNKNOWN = -1;

  private final Appender appender;
  private final String rowName;
  private final SeriesTable series;
  private final boolean trackTimestamps;
  private final LongAdder duplicates;

  /// Zeros with which series of the present page began; null if there is none.
  private @Nullable SampleBatch starts;

  /// Samples of the page that were left out because their series are beyond a limit, and what was
  /// said of the first.
  private int overLimit;

  private String firstOverLimit = "";

  /// @param trackTimestamps whether a series that brings its own timestamps can vanish
  /// @param duplicates counts samples of a series that the page has had already
  PageBatch(
      Appender appender,
      String rowName,
      SeriesTable series,
      boolean trackTimestamps,
      LongAdder duplicates) {
    this.appender = appender;
    this.rowName = rowName;
    this.series = series;
    this.trackTimestamps = trackTimestamps;
    this.duplicates = duplicates;
  }

  /// Begins another page.
  void clear() {
    overLimit = 0;
    firstOverLimit = "";
    starts = null;
  }

  /// Zeros with which series of the page began; null if there is none.
  @Nullable SampleBatch starts() {
    return starts == null || starts.isEmpty() ? null : starts;
  }

  /// How many samples limits of series have kept out.
  int overLimit() {
    return overLimit;
  }

  /// What limits have kept out, in words; empty for nothing.
  String incomplete() {
    return overLimit == 0
        ? ""
        : overLimit + " samples refused, the others are stored; the first: " + firstOverLimit;
  }

  /// Names the new series of the page that `reader` has read to the store, and puts the page's
  /// samples into the batch.
  ///
  /// @param firstNew the number from which on series are new
  /// @return how many series were new to this target
  int fill(
      PageReader reader, PageBuffers.Set buffers, int visit, int firstNew, long timestampMillis) {
    PageSamples samples = buffers.samples;
    int[] numbers = nameNew(reader, firstNew);
    for (int i = 0; i < samples.size; i++) {
      int number = samples.series[i];
      if (number >= firstNew) {
        number = numbers[number - firstNew];
        if (number == UNKNOWN) {
          overLimit++;
          continue;
        }
      }
      if (samples.timestamped[i]) {
        if (trackTimestamps) {
          series.see(number, visit);
        }
        add(buffers, number, i, samples.timestamps[i]);
      } else if (series.see(number, visit)) {
        add(buffers, number, i, timestampMillis);
      } else {
        duplicates.increment();
      }
    }
    takeExemplars(buffers, numbers, firstNew, timestampMillis);
    return series.size() - firstNew;
  }

  /// The same for a page that `reader` has read once more from scratch: only samples whose series
  /// the store calls otherwise than before are put into the batch.
  void fillRenamed(
      PageReader reader, PageBuffers.Set buffers, int visit, int firstNew, long timestampMillis) {
    PageSamples samples = buffers.samples;
    int[] numbers = nameNew(reader, firstNew);
    for (int i = 0; i < samples.size; i++) {
      int number = numbers[samples.series[i] - firstNew];
      if (number >= firstNew && (samples.timestamped[i] || series.see(number, visit))) {
        add(buffers, number, i, samples.timestamped[i] ? samples.timestamps[i] : timestampMillis);
      } else if (number == UNKNOWN) {
        overLimit++;
      }
    }
  }

  private int[] nameNew(PageReader reader, int firstNew) {
    List<Labels> labels = reader.newSeries();
    var numbers = new int[labels.size()];
    if (numbers.length == 0) {
      return numbers;
    }
    var lookup = new SeriesLookup();
    for (Labels each : labels) {
      lookup.add(each, rowName);
    }
    appender.seriesFor(lookup);
    for (int i = 0; i < numbers.length; i++) {
      SeriesLimitException refusal = lookup.refusal(i);
      if (refusal == null) {
        numbers[i] = series.number(lookup.ref(i));
      } else {
        numbers[i] = UNKNOWN;
        firstOverLimit = firstOverLimit.isEmpty() ? TargetScraper.words(refusal) : firstOverLimit;
      }
    }
    reader.adopt(firstNew, numbers);
    return numbers;
  }

  /// Puts the `index`th sample of the page into the batch.
  private void add(PageBuffers.Set buffers, int number, int index, long timestampMillis) {
    @Nullable Histogram histogram = buffers.samples.histogram(index);
    long start = buffers.samples.start(index);
    if (start != 0 && series.startsAt(number, start)) {
      starts = starts == null ? SampleBatch.onlyAhead() : starts;
      starts.addStart(series.ref(number), start, timestampMillis, histogram);
    }
    if (histogram == null) {
      buffers.batch.add(series.ref(number), timestampMillis, buffers.samples.values[index]);
    } else {
      buffers.batch.add(series.ref(number), timestampMillis, histogram);
    }
  }

  private void takeExemplars(
      PageBuffers.Set buffers, int[] numbers, int firstNew, long timestampMillis) {
    for (PageSamples.OfSeries found : buffers.samples.exemplars) {
      int number = found.series() < firstNew ? found.series() : numbers[found.series() - firstNew];
      if (number != UNKNOWN) {
        PageExemplar seen = found.exemplar();
        buffers.exemplars.add(
            new SeriesExemplar(
                series.ref(number),
                new Exemplar(
                    seen.labels(),
                    seen.value(),
                    seen.timestamped() ? seen.timestampMillis() : timestampMillis)));
      }
    }
    // Those of one series must come in their order; a page may have them in any.
    buffers.exemplars.sort(Comparator.comparing(SeriesExemplar::exemplar));
  }
}
