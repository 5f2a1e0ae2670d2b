package barograph.query.exec;

import barograph.storage.Reader;
import barograph.storage.Selection;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The selections of one query: operators say beforehand what they will read, and those that read
/// the same series over times that touch share one look-up.
final class Selections implements AutoCloseable {
  /// How far samples are apart where nobody says so.
  private static final long USUAL_INTERVAL_MILLIS = 30_000;

  private static final int UNITS_PER_SERIES = 16;

  private final Reader reader;
  private final SeriesOrder order;
  private final Budget budget;
  private int open;
  private final Map<List<Matcher>, List<Need>> needs = new HashMap<>();
  private final Set<String> warnings = new LinkedHashSet<>();

  Selections(Reader reader, SeriesOrder order, Budget budget) {
    this.reader = reader;
    this.order = order;
    this.budget = budget;
  }

  private static final class Need {
    private TimeRange range;
    private @Nullable Selection selection;

    private Need(TimeRange range) {
      this.range = range;
    }
  }

  /// Says that `range` of the series that pass `matchers` will be read.
  void announce(List<Matcher> matchers, TimeRange range) {
    var list = needs.computeIfAbsent(matchers, absent -> new ArrayList<>());
    var joined = new Need(range);
    list.removeIf(other -> {
      if (other.selection != null || !other.range.overlaps(joined.range)) {
        return false;
      }
      joined.range =
          new TimeRange(
              Math.min(other.range.startMillis(), joined.range.startMillis()),
              Math.max(other.range.endMillis(), joined.range.endMillis()));
      return true;
    });
    list.add(joined);
  }

  /// The series that pass `matchers`, of a range that was announced.
  Selection open(List<Matcher> matchers, TimeRange range) {
    for (var need : needs.getOrDefault(matchers, List.of())) {
      if (need.range.startMillis() <= range.startMillis()
          && need.range.endMillis() >= range.endMillis()) {
        var selection = need.selection;
        if (selection == null) {
          selection = select(matchers, need.range);
          need.selection = selection;
          open++;
          budget.found(selection.size());
        }
        return selection;
      }
    }
    throw new AssertionError("%s of %s was not announced".formatted(range, matchers));
  }

  /// Where reading what was found will be much work, the query waits for its turn without holding
  /// what it has found: blocks that are merged meanwhile can go.
  private Selection select(List<Matcher> matchers, TimeRange range) {
    var selection = reader.select(matchers, range, order, budget.watched());
    long samples =
        range.endMillis() / USUAL_INTERVAL_MILLIS - range.startMillis() / USUAL_INTERVAL_MILLIS;
    if (open > 0 || !budget.willWorkHard((UNITS_PER_SERIES + samples) * selection.size())) {
      return selection;
    }
    if (selection.isDear()) {
      waitHolding(selection);
      return selection;
    }
    selection.close();
    budget.waitForTurn();
    return reader.select(matchers, range, order, budget.watched());
  }

  private void waitHolding(Selection selection) {
    try {
      budget.waitForTurn();
    } catch (RuntimeException e) {
      selection.close();
      throw e;
    }
  }

  /// What could not be read so far, and why.
  Set<String> warnings() {
    for (var list : needs.values()) {
      for (var need : list) {
        if (need.selection != null) {
          warnings.addAll(need.selection.warnings());
        }
      }
    }
    return warnings;
  }

  @Override
  public void close() {
    for (var list : needs.values()) {
      for (var need : list) {
        if (need.selection != null) {
          need.selection.close();
        }
      }
    }
    needs.clear();
  }
}
