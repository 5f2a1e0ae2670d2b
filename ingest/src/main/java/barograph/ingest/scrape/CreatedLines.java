package barograph.ingest.scrape;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.ExposedSeries;
import barograph.ingest.hash.KeyedHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;

/// Since when the series of an OpenMetrics page count: a `_created` line says it of those that
/// stand before it in its family and have its labels, bounds and quantiles aside.
///
/// What such lines have in common is a hash, the *point*, which is made once for each line and then
/// known with it. One thread at a time.
final class CreatedLines {
  private final KeyedHash hash;

  /// For each sample of the page its line's point.
  private long[] points = {};

  /// Where the samples of the present family begin.
  private int familyFrom;

  CreatedLines(KeyedHash hash) {
    this.hash = hash;
  }

  void beginFamily(PageSamples samples) {
    familyFrom = samples.size;
  }

  /// The hash of a series' labels without bound and quantile.
  long point(ExposedSeries series) throws BadPageException {
    var labels = new TreeMap<String, String>();
    for (int i = 0; i < series.labels(); i++) {
      labels.put(series.labelName(i), series.labelValue(i));
    }
    labels.remove("le");
    labels.remove("quantile");
    byte[] text = labels.toString().getBytes(StandardCharsets.UTF_8);
    return hash.first(text, 0, text.length);
  }

  /// Notes the point of the last sample.
  void note(long point, PageSamples samples) {
    if (points.length < samples.size) {
      points = Arrays.copyOf(points, samples.series.length);
    }
    points[samples.size - 1] = point;
  }

  /// Gives the samples of `point` that came last their start.
  void tell(long point, long millis, PageSamples samples) {
    for (int i = samples.size - 1; i >= familyFrom && points[i] == point; i--) {
      samples.start(i, millis);
    }
  }
}
