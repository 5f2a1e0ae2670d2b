package barograph.server.practice;

import barograph.storage.Reader;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Finds in a store what can be asked about, at little cost whatever its size.
final class Subjects {
  /// Metrics looked at, spread over all of them in the order of their names.
  private static final int LOOKED_AT = 12;

  /// What looking at one metric may take; those with more series than fit are left out.
  private static final long MOST_BYTES = 4 << 20;

  /// Series of more are not looked through.
  private static final int MOST_READ = 5_000;

  private static final String PLAIN_METRIC = "[a-zA-Z_:][a-zA-Z0-9_:]*";

  private final Reader reader;

  /// What a metric is, by its name.
  enum Kind {
    GAUGE,
    COUNTER,
    BUCKETS;

    static Kind of(String metric) {
      if (metric.endsWith("_bucket")) {
        return BUCKETS;
      }
      return metric.endsWith("_total") || metric.endsWith("_count") ? COUNTER : GAUGE;
    }
  }

  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooMuch() {
      super("more than %d bytes are wanted".formatted(MOST_BYTES));
    }
  }

  Subjects(Reader reader) {
    this.reader = reader;
  }

  /// Of each kind of metric that has samples in `range`, the one with the most series among those
  /// looked at.
  List<Subject> in(TimeRange range) {
    var best = new EnumMap<Kind, Subject>(Kind.class);
    for (String metric : metrics(range)) {
      look(metric, range)
          .ifPresent(found ->
              best.merge(Kind.of(metric), found, (a, b) -> b.series() > a.series() ? b : a));
    }
    return List.copyOf(best.values());
  }

  /// Some from everywhere, and the first of each kind.
  private List<String> metrics(TimeRange range) {
    List<String> names;
    try {
      names = reader.labelValues(Labels.METRIC_NAME, List.of(), range, modest()).texts();
    } catch (TooMuch e) {
      return List.of();
    }
    var chosen = new ArrayList<String>();
    var kinds = EnumSet.noneOf(Kind.class);
    int stride = Math.max(1, names.size() / LOOKED_AT);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.matches(PLAIN_METRIC) && (i % stride == 0 || kinds.add(Kind.of(name)))) {
        chosen.add(name);
      }
    }
    return chosen;
  }

  private Optional<Subject> look(String metric, TimeRange range) {
    try (var found =
        reader.select(List.of(Matcher.equal(Labels.METRIC_NAME, metric)), range, modest())) {
      var all = new ArrayList<Labels>();
      for (int i = 0; i < found.size() && found.size() <= MOST_READ; i++) {
        all.add(found.labels(i));
      }
      return Subject.of(metric, all);
    } catch (TooMuch e) {
      return Optional.empty();
    }
  }

  private static Allowance modest() {
    long[] left = {MOST_BYTES};
    return bytes -> {
      left[0] -= bytes;
      if (left[0] < 0) {
        throw new TooMuch();
      }
    };
  }
}
