package barograph.server.api;

import barograph.storage.Reader;
import barograph.storage.Selection;
import barograph.storage.model.Allowance;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Staleness;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The newest sample of every series that one of several selectors finds: each series once, and
/// none that has ended or has no name. Native histograms are among them only for those who can tell
/// of them.
///
/// Only where series lie and their samples are kept; labels are asked for again when they are
/// written, so that an answer of many series does not hold them all.
final class NewestSamples implements AutoCloseable {
  private static final Set<String> NAME_ONLY = Set.of(Labels.METRIC_NAME);

  /// Memory is asked for, and whether to go on, once in so many series.
  private static final int ASK_EACH = 1_024;

  private static final int BYTES_EACH = 64;

  private final List<Selection> selections = new ArrayList<>();
  private final List<Found> found = new ArrayList<>();
  private final TimeRange range;
  private final Allowance memory;
  private final boolean histograms;
  private final SampleColumns columns = new SampleColumns();
  private String lastName = "";
  private int looked;

  /// @param histogram null for a float
  private record Found(
      String name,
      Selection in,
      int series,
      long timeMillis,
      double value,
      @Nullable Histogram histogram) {}

  /// Takes what was found, one series after the other.
  @FunctionalInterface
  interface Taker {
    void take(String name, Labels labels, long timeMillis, double value);

    /// Takes a histogram, if it can.
    default void take(String name, Labels labels, long timeMillis, Histogram histogram) {}
  }

  /// Where the reading of a selection has come to.
  private static final class Cursor {
    final Selection selection;
    int series;
    Labels labels;

    Cursor(Selection selection) {
      this.selection = selection;
      this.labels = selection.labels(0);
    }

    boolean advance() {
      if (++series == selection.size()) {
        return false;
      }
      labels = selection.labels(series);
      return true;
    }
  }

  private NewestSamples(TimeRange range, Allowance memory, boolean histograms) {
    this.range = range;
    this.memory = memory;
    this.histograms = histograms;
  }

  /// Finds the floats.
  ///
  /// @param range newest samples outside of it do not count
  /// @param memory asked for what is held, and now and then whether to go on
  static NewestSamples select(
      Reader reader, List<List<Matcher>> selectors, TimeRange range, Allowance memory) {
    return select(reader, selectors, range, memory, false);
  }

  /// Finds them.
  ///
  /// @param range newest samples outside of it do not count
  /// @param memory asked for what is held, and now and then whether to go on
  /// @param histograms whether native histograms are wanted, but for those with bounds of their own
  static NewestSamples select(
      Reader reader,
      List<List<Matcher>> selectors,
      TimeRange range,
      Allowance memory,
      boolean histograms) {
    var newest = new NewestSamples(range, memory, histograms);
    try {
      for (var matchers : selectors) {
        newest.selections.add(reader.select(matchers, range, memory));
      }
      newest.find();
      return newest;
    } catch (RuntimeException | Error e) {
      newest.close();
      throw e;
    }
  }

  private void find() {
    if (selections.size() == 1) {
      var only = selections.getFirst();
      for (int i = 0; i < only.size(); i++) {
        take(only, i, only.labels(i, NAME_ONLY).metricName());
      }
    } else {
      findInAny();
    }
    // Labels whose names sort before that of the metric tear families apart.
    found.sort(Comparator.comparing(Found::name, Labels.UTF8_ORDER));
  }

  /// Merges the selections, each of which is in label order.
  private void findInAny() {
    var cursors = new PriorityQueue<Cursor>(Comparator.comparing((Cursor cursor) -> cursor.labels));
    for (var selection : selections) {
      if (selection.size() > 0) {
        cursors.add(new Cursor(selection));
      }
    }
    Labels last = Labels.EMPTY;
    for (var next = cursors.poll(); next != null; next = cursors.poll()) {
      if (!next.labels.equals(last)) {
        last = next.labels;
        take(next.selection, next.series, last.metricName());
      }
      if (next.advance()) {
        cursors.add(next);
      }
    }
  }

  private void take(Selection selection, int series, String name) {
    if (looked++ % ASK_EACH == 0) {
      memory.take(ASK_EACH * BYTES_EACH);
    }
    if (name.isEmpty()) {
      return;
    }
    selection.read(series, range, columns);
    if (columns.isEmpty()) {
      return;
    }
    long last = columns.lastTime();
    int size = columns.size();
    double value = 0;
    @Nullable Histogram histogram = null;
    if (size > 0 && columns.timestamps()[size - 1] == last) {
      value = columns.values()[size - 1];
    } else {
      histogram = columns.histograms().histogram(columns.histogramCount() - 1);
      if (!histograms || histogram.layout().isCustom()) {
        return;
      }
      memory.take(BYTES_EACH + (long) Long.BYTES * histogram.buckets());
    }
    if (histogram == null ? Staleness.isMarker(value) : histogram.isStale()) {
      return;
    }
    // The series of a metric share one text for its name.
    lastName = name.equals(lastName) ? lastName : name;
    found.add(new Found(lastName, selection, series, last, value, histogram));
  }

  /// Hands on what was found by name, and series of the same name in label order.
  void forEachByName(Taker taker) {
    for (var each : found) {
      var labels = each.in.labels(each.series);
      if (each.histogram == null) {
        taker.take(each.name, labels, each.timeMillis, each.value);
      } else {
        taker.take(each.name, labels, each.timeMillis, each.histogram);
      }
    }
  }

  /// What could not be read and why, each reason once.
  Set<String> warnings() {
    var warnings = new LinkedHashSet<String>();
    selections.forEach(selection -> warnings.addAll(selection.warnings()));
    return warnings;
  }

  @Override
  public void close() {
    selections.forEach(Selection::close);
  }
}
