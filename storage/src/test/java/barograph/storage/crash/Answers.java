package barograph.storage.crash;

import barograph.storage.Selection;
import barograph.storage.Store;
import barograph.storage.crash.Ledger.Place;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Everything that a store answers with, by place: samples of both kinds, exemplars and metadata.
final class Answers {
  private Answers() {}

  static Map<Place, Object> of(Store store) {
    var found = new HashMap<Place, Object>();
    var columns = new SampleColumns();
    try (Selection selection = store.reader().select(List.of(), TimeRange.ALL)) {
      for (int i = 0; i < selection.size(); i++) {
        String series = selection.labels(i).metricName();
        selection.read(i, TimeRange.ALL, columns);
        for (int k = 0; k < columns.size(); k++) {
          put(
              new Place(series, columns.timestamps()[k]),
              Double.doubleToRawLongBits(columns.values()[k]),
              found);
        }
        HistogramColumns histograms = columns.histograms();
        for (int k = 0; k < histograms.size(); k++) {
          put(new Place(series, histograms.timestamps()[k]), histograms.histogram(k), found);
        }
      }
    }
    for (var series : store.reader().exemplars(List.of(List.of()), TimeRange.ALL)) {
      for (var exemplar : series.exemplars()) {
        put(exemplarOf(series.series().metricName(), exemplar.timestampMillis()), exemplar, found);
      }
    }
    store
        .reader()
        .metadata()
        .forEach((metric, metadata) -> put(metadataOf(metric), metadata, found));
    return found;
  }

  private static void put(Place place, Object value, Map<Place, Object> into) {
    if (into.put(place, value) != null) {
      throw new AssertionError(place + " comes twice");
    }
  }

  static Place exemplarOf(String series, long time) {
    return new Place("exemplar of " + series, time);
  }

  static Place metadataOf(String metric) {
    return new Place("metadata of " + metric, 0);
  }
}
