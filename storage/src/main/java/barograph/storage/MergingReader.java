package barograph.storage;

import barograph.storage.block.Block;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.head.Head;
import barograph.storage.index.LabelIndex;
import barograph.storage.index.SeriesPairs;
import barograph.storage.model.Allowance;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Answers from blocks and head as one.
final class MergingReader implements Reader {
  private final Store store;

  MergingReader(Store store) {
    this.store = store;
  }

  @Override
  public Selection select(
      List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
    StoreView now = store.blocks().hold();
    var found = new ArrayList<SeriesPairs>();
    try {
      var complaints = new ArrayList<>(store.lostWithin(range));
      for (Block block : now.inReadingOrder()) {
        found.add(
            block.range().overlaps(range)
                ? gather(block, matchers, allowance, complaints)
                : SeriesPairs.none());
      }
      if (headOverlaps(now, range)) {
        found.add(store.head().find(matchers, allowance));
      }
      boolean byLabels = order == SeriesOrder.LABELS || order(now, range) == SeriesOrder.LABELS;
      var series = new FoundSeries(found, byLabels, allowance);
      return new MergedSelection(store, now, series, complaints);
    } catch (RuntimeException e) {
      found.forEach(SeriesPairs::close);
      now.release();
      throw e;
    }
  }

  @Override
  public SeriesOrder order(TimeRange range) {
    StoreView now = store.blocks().hold();
    try {
      return order(now, range);
    } finally {
      now.release();
    }
  }

  /// That of labels as soon as a block is looked at.
  private static SeriesOrder order(StoreView now, TimeRange range) {
    for (Block block : now.blocks()) {
      if (block.range().overlaps(range)) {
        return SeriesOrder.LABELS;
      }
    }
    return SeriesOrder.FIRST_COME;
  }

  @Override
  public long moment() {
    return store.sequencer().changes().moment();
  }

  @Override
  public long firstChange(TimeRange range, long moment) {
    return store.sequencer().changes().firstChange(range, moment);
  }

  private boolean headOverlaps(StoreView now, TimeRange range) {
    Head head = store.head();
    return (range.endMillis() >= now.floor() && range.startMillis() <= head.maxTime())
        || (range.endMillis() >= head.late().minTime()
            && range.startMillis() <= head.late().maxTime());
  }

  private SeriesPairs gather(
      Block block, List<Matcher> matchers, Allowance allowance, List<String> complaints) {
    try {
      return block.find(matchers, allowance);
    } catch (CorruptBlockException e) {
      complaints.add(toldOf(block, e));
      return SeriesPairs.none();
    }
  }

  /// Reports the damage, and gives the words for whoever asked.
  private String toldOf(Block block, CorruptBlockException damage) {
    store.damaged(block.damage(damage));
    return String.valueOf(damage.getMessage());
  }

  @Override
  public LabelTexts labelNames(List<Matcher> matchers, TimeRange range, Allowance allowance) {
    var names = new Strings(allowance);
    if (matchers.isEmpty()) {
      forEachIndex(range, index -> index.names().forEach(names::add), names.complaints);
    } else {
      try (Selection found = select(matchers, range, allowance)) {
        for (int i = 0; i < found.size(); i++) {
          Labels labels = found.labels(i);
          for (int k = 0; k < labels.size(); k++) {
            names.add(labels.name(k));
          }
        }
        names.complaints.addAll(found.warnings());
      }
    }
    return names.sorted();
  }

  @Override
  public LabelTexts labelValues(
      String name, List<Matcher> matchers, TimeRange range, Allowance allowance) {
    var values = new Strings(allowance);
    if (matchers.isEmpty()) {
      forEachIndex(
          range,
          index -> index.forEachValue(name, (value, series) -> values.add(value)),
          values.complaints);
    } else {
      var only = Set.of(name);
      try (Selection found = select(matchers, range, allowance)) {
        for (int i = 0; i < found.size(); i++) {
          String value = found.labels(i, only).get(name);
          if (!value.isEmpty()) {
            values.add(value);
          }
        }
        values.complaints.addAll(found.warnings());
      }
    }
    return values.sorted();
  }

  /// Different strings, each paid for once.
  private static final class Strings {
    /// An entry of the set, its place in the sorted list, and a string's own head.
    private static final int BYTES = 96;

    private final Allowance allowance;
    private final Set<String> all = new HashSet<>();
    private final Set<String> complaints = new LinkedHashSet<>();

    private Strings(Allowance allowance) {
      this.allowance = allowance;
    }

    private void add(String text) {
      if (!all.contains(text)) {
        allowance.take(BYTES + text.length());
        all.add(text);
      }
    }

    private LabelTexts sorted() {
      var sorted = new ArrayList<>(all);
      sorted.sort(Labels.UTF8_ORDER);
      return new LabelTexts(sorted, List.copyOf(complaints));
    }
  }

  @Override
  public List<ExemplarsOfSeries> exemplars(List<List<Matcher>> selectors, TimeRange range) {
    var found = new TreeMap<Labels, List<Exemplar>>();
    var refused = new HashSet<Labels>();
    store
        .head()
        .exemplars()
        .forEach(entry -> {
          Labels series = entry.series();
          if (!range.contains(entry.exemplar().timestampMillis()) || refused.contains(series)) {
            return;
          }
          List<Exemplar> known = found.get(series);
          if (known != null) {
            known.add(entry.exemplar());
          } else if (selectors.stream().anyMatch(matchers -> passes(series, matchers))) {
            found.put(series, new ArrayList<>(List.of(entry.exemplar())));
          } else {
            refused.add(series);
          }
        });
    var answer = new ArrayList<ExemplarsOfSeries>();
    found.forEach((series, exemplars) -> answer.add(new ExemplarsOfSeries(series, exemplars)));
    return answer;
  }

  private static boolean passes(Labels series, List<Matcher> matchers) {
    return matchers.stream().allMatch(matcher -> matcher.matches(series.get(matcher.name())));
  }

  @Override
  public Map<String, MetricMetadata> metadata() {
    return store.head().metadata().all();
  }

  private void forEachIndex(
      TimeRange range, Consumer<LabelIndex> consumer, Collection<String> complaints) {
    StoreView now = store.blocks().hold();
    try {
      for (Block block : now.blocks()) {
        if (block.range().overlaps(range)) {
          try {
            consumer.accept(block.index());
          } catch (CorruptBlockException e) {
            complaints.add(toldOf(block, e));
          }
        }
      }
      if (headOverlaps(now, range)) {
        store
            .head()
            .look(index -> {
              consumer.accept(index);
              return true;
            });
      }
    } finally {
      now.release();
    }
  }
}
