package barograph.query;

import barograph.query.exec.Evaluator;
import barograph.query.plan.QueryWindow;
import barograph.query.value.Series;
import barograph.query.value.Value;
import barograph.storage.Reader;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Answers of range queries that dashboards ask again and again: steps of which the samples are
/// still the same are taken from the last answer, and only the others are computed.
///
/// The store is asked since which time samples have come or gone ([Reader#firstChange]), so a late
/// sample or a deletion costs the steps behind it and nothing is ever out of date. Answers with
/// warnings, infos or native histograms are not kept. Bounded by bytes: what was asked for least
/// recently goes first. Safe for any thread.
final class ResultCache {
  /// One answer may take this share of all.
  private static final int LARGEST_SHARE = 4;

  /// Of a series beside its points, and of each label.
  private static final int SERIES_BYTES = 128;

  private static final int LABEL_BYTES = 64;

  private final Reader reader;
  private final long maxBytes;
  private final long leastSamples;
  private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private long bytes;

  /// @param maxBytes most memory taken by all answers, about
  /// @param leastSamples answers for which fewer samples were read are not kept
  ResultCache(Reader reader, long maxBytes, long leastSamples) {
    this.reader = reader;
    this.maxBytes = maxBytes;
    this.leastSamples = leastSamples;
  }

  /// Queries whose steps fall on the same times and mean the same.
  private record Key(String text, long stepMillis, long phaseMillis, long lookbackMillis) {}

  /// What was answered.
  ///
  /// @param endMillis the last step
  /// @param moment that of the store from before it was computed
  /// @param order in which series were folded
  private record Entry(
      long startMillis,
      long endMillis,
      long moment,
      SeriesOrder order,
      List<Series> series,
      long bytes) {}

  /// The answer to a query over `window`, of which `evaluation` computes what is not known, with
  /// series in the order that the whole window has: steps that were computed in another one may
  /// differ in ties and last bits.
  ///
  /// @param reach how far behind a step its samples lie
  /// @param memory asked for what is taken from here
  QueryResult answer(
      PreparedQuery query,
      QueryWindow window,
      long lookbackMillis,
      long reach,
      Allowance memory,
      BiFunction<QueryWindow, SeriesOrder, QueryResult> evaluation) {
    long step = window.stepMillis();
    long start = window.startMillis();
    long end = start + (window.endMillis() - start) / step * step;
    var key = new Key(query.text(), step, Math.floorMod(start, step), lookbackMillis);
    long moment = reader.moment();
    var read = new TimeRange(start - reach, window.endMillis());
    SeriesOrder order = reader.order(read);
    Entry known = find(key);
    long until =
        known == null || known.order != order
            ? Long.MIN_VALUE
            : reusableUntil(known, start, end, step, reach);
    if (known == null || until < start) {
      var result = evaluation.apply(window, order);
      misses.increment();
      if (result.stats().samplesRead() >= leastSamples && order == reader.order(read)) {
        keep(key, new TimeRange(start, end), moment, order, result);
      }
      return result;
    }
    memory.take(known.bytes);
    var rest =
        until < end
            ? evaluation.apply(new QueryWindow(until + step, end, step), order)
            : new QueryResult(
                new Value.Matrix(List.of()), List.of(), List.of(), QueryStats.NOTHING);
    if (!(rest.value() instanceof Value.Matrix(var later))) {
      throw new AssertionError("a range query has answered " + rest.value().typeName());
    }
    var result =
        new QueryResult(
            new Value.Matrix(joined(known.series, start, until, later)),
            rest.warnings(),
            rest.infos(),
            rest.stats());
    hits.increment();
    if (order == reader.order(read)) {
      keep(key, new TimeRange(start, end), moment, order, result);
    }
    return result;
  }

  /// The last step that is known and has not changed; before `start` if there is none.
  private long reusableUntil(Entry known, long start, long end, long step, long reach) {
    if (known.startMillis > start || known.endMillis < start) {
      return Long.MIN_VALUE;
    }
    long last = Math.min(known.endMillis, end);
    long change = reader.firstChange(new TimeRange(start - reach, last), known.moment);
    if (change <= start) {
      return Long.MIN_VALUE;
    }
    return change > last ? last : start + (change - 1 - start) / step * step;
  }

  private static List<Series> joined(
      List<Series> known, long start, long until, List<Series> later) {
    var rest = new HashMap<Labels, Series>();
    later.forEach(series -> rest.put(series.labels(), series));
    var all = new ArrayList<Series>(known.size());
    for (Series series : known) {
      Series part = series.between(start, until);
      Series more = rest.remove(series.labels());
      if (more != null) {
        part = part.size() == 0 ? more : part.followedBy(more);
      }
      if (part.size() > 0 || !part.histograms().isEmpty()) {
        all.add(part);
      }
    }
    all.addAll(rest.values());
    return Evaluator.sorted(all);
  }

  private synchronized @Nullable Entry find(Key key) {
    return entries.get(key);
  }

  private void keep(Key key, TimeRange steps, long moment, SeriesOrder order, QueryResult result) {
    if (!result.warnings().isEmpty() || !result.infos().isEmpty()) {
      return;
    }
    if (!(result.value() instanceof Value.Matrix(var series))) {
      return;
    }
    long its = 2L * key.text.length() + SERIES_BYTES;
    for (Series each : series) {
      if (!each.histograms().isEmpty()) {
        return;
      }
      its += SERIES_BYTES + (long) LABEL_BYTES * each.labels().size() + 16L * each.size();
    }
    if (its <= maxBytes / LARGEST_SHARE) {
      put(key, new Entry(steps.startMillis(), steps.endMillis(), moment, order, series, its));
    }
  }

  private synchronized void put(Key key, Entry entry) {
    var before = entries.put(key, entry);
    bytes += entry.bytes - (before == null ? 0 : before.bytes);
    var oldest = entries.values().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      bytes -= oldest.next().bytes;
      oldest.remove();
    }
  }

  /// How many answers were taken from here, in whole or in part.
  long hits() {
    return hits.sum();
  }

  /// How many were not known, though they might have been.
  long misses() {
    return misses.sum();
  }

  /// About what all answers take.
  synchronized long bytes() {
    return bytes;
  }
}
