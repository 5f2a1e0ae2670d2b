package barograph.storage.index;

import barograph.storage.index.Tombstones.Span;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The spans that series have lost, turned round: for each series its spans in order of time, those
/// that overlap made one. Thousands of deletions then cost a reader two binary searches.
final class SpansBySeries {
  /// Beyond so many pairs of a series and a span, 16 bytes each, it is not worth its memory.
  private static final int MOST_PAIRS = 1 << 20;

  private final int[] series;

  /// Where the spans of each series begin; those of the last one end at the last entry.
  private final int[] starts;

  private final int[] ends;
  private final long[] first;
  private final long[] last;

  /// That of `spans`; null if it would be too large.
  static @Nullable SpansBySeries of(List<Span> spans, RoaringBitmap all) {
    long pairs = spans.stream().mapToLong(span -> span.series().getLongCardinality()).sum();
    return pairs > MOST_PAIRS ? null : new SpansBySeries(spans, all.toArray(), (int) pairs);
  }

  private SpansBySeries(List<Span> spans, int[] series, int pairs) {
    this.series = series;
    this.starts = new int[series.length + 1];
    this.first = new long[pairs];
    this.last = new long[pairs];
    for (Span span : spans) {
      span.series().forEach((int each) -> starts[place(each) + 1]++);
    }
    for (int i = 0; i < series.length; i++) {
      starts[i + 1] += starts[i];
    }
    this.ends = Arrays.copyOf(starts, series.length);
    spans.stream()
        .sorted(Comparator.comparingLong((Span span) -> span.range().startMillis()))
        .forEach(span -> span.series().forEach((int each) -> add(place(each), span.range())));
  }

  private int place(int each) {
    return Arrays.binarySearch(series, each);
  }

  /// Adds a span that begins no earlier than those which are there.
  private void add(int place, TimeRange range) {
    int end = ends[place];
    if (end > starts[place] && range.startMillis() <= last[end - 1]) {
      last[end - 1] = Math.max(last[end - 1], range.endMillis());
      return;
    }
    first[end] = range.startMillis();
    last[end] = range.endMillis();
    ends[place] = end + 1;
  }

  /// Takes what series `each` has lost out of the samples from place `from` and the histograms from
  /// place `histogramsFrom` on.
  void apply(int each, SampleColumns samples, int from, int histogramsFrom) {
    int place = place(each);
    if (place < 0) {
      return;
    }
    long earliest = Long.MAX_VALUE;
    long latest = Long.MIN_VALUE;
    if (samples.size() > from) {
      earliest = samples.timestamps()[from];
      latest = samples.timestamps()[samples.size() - 1];
    }
    if (samples.histogramCount() > histogramsFrom) {
      long[] times = samples.histograms().timestamps();
      earliest = Math.min(earliest, times[histogramsFrom]);
      latest = Math.max(latest, times[samples.histogramCount() - 1]);
    }
    for (int i = firstFrom(place, earliest); i < ends[place] && first[i] <= latest; i++) {
      samples.remove(new TimeRange(first[i], last[i]), from, histogramsFrom);
    }
  }

  /// Whether series `each` has lost what it had at `time`.
  boolean covers(int each, long time) {
    int place = place(each);
    if (place < 0) {
      return false;
    }
    int found = firstFrom(place, time);
    return found < ends[place] && first[found] <= time;
  }

  /// The first span of a series that ends at `time` or later.
  private int firstFrom(int place, long time) {
    int found = Arrays.binarySearch(last, starts[place], ends[place], time);
    return found < 0 ? -found - 1 : found;
  }
}
