package barograph.server.usage;

import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How often metrics are asked for, and when last.
///
/// Every selection of the store counts, a query's, a rule's or another server's, for the metrics
/// that it names: one, a choice of them, or all that a regular expression matches. One that names
/// no metric, as `{job="x"}`, counts for none. Safe for any thread.
public final class MetricUsage {
  /// Most names and expressions that are counted; what comes after them is not.
  static final int MOST = 1 << 16;

  private static final int LONGEST = 1 << 10;
  private static final int RECORD_BYTES = 2 * Long.BYTES + 1;

  private final InstantSource clock;
  private final Map<Asked, Use> uses = new ConcurrentHashMap<>();

  /// Names whose counts have changed since [#takeNamed].
  private final Set<String> named = ConcurrentHashMap.newKeySet();

  private volatile long sinceMillis;
  private volatile boolean changed;

  /// What a selection names.
  private record Asked(String text, boolean isExpression) {}

  /// How often something was asked for.
  ///
  /// @param queries how many selections named the metric
  /// @param lastMillis when the last of them did, 0 for never
  public record Use(long queries, long lastMillis) {
    /// Never.
    public static final Use NONE = new Use(0, 0);

    /// Both together.
    public Use plus(Use other) {
      return new Use(queries + other.queries, Math.max(lastMillis, other.lastMillis));
    }
  }

  public MetricUsage(InstantSource clock) {
    this.clock = clock;
    this.sinceMillis = clock.millis();
  }

  /// Counts a selection.
  public void asked(List<Matcher> matchers) {
    for (Matcher matcher : matchers) {
      if (!matcher.name().equals(Labels.METRIC_NAME)) {
        continue;
      }
      switch (matcher.type()) {
        case EQUAL -> count(new Asked(matcher.value(), false));
        case REGEX -> {
          @Nullable Set<String> names = matcher.literals();
          if (names == null) {
            count(new Asked(matcher.value(), true));
          } else {
            names.forEach(name -> count(new Asked(name, false)));
          }
        }
        case NOT_EQUAL, NOT_REGEX -> {}
      }
    }
  }

  private void count(Asked asked) {
    take(asked, new Use(1, clock.millis()));
    changed = true;
  }

  private void take(Asked asked, Use use) {
    boolean room = uses.size() < MOST || uses.containsKey(asked);
    if (room && !asked.text.isEmpty() && asked.text.length() <= LONGEST) {
      uses.merge(asked, use, Use::plus);
      if (!asked.isExpression) {
        named.add(asked.text);
      }
    }
  }

  /// How often a metric was named.
  public Use byName(String metric) {
    return uses.getOrDefault(new Asked(metric, false), Use.NONE);
  }

  /// What has been asked for by expressions so far.
  public Expressions byExpression() {
    var expressions = new ArrayList<Expressions.Counted>();
    uses.forEach((asked, use) -> {
      if (asked.isExpression) {
        var names = new Matcher(Matcher.Type.REGEX, Labels.METRIC_NAME, asked.text);
        expressions.add(new Expressions.Counted(names, use));
      }
    });
    return new Expressions(expressions);
  }

  /// Expressions for names of metrics, and how often each was asked for.
  public record Expressions(List<Counted> counted) {
    record Counted(Matcher names, Use use) {}

    public Expressions {
      counted = List.copyOf(counted);
    }

    /// How often a metric was among those that an expression matches.
    public Use of(String metric) {
      Use use = Use.NONE;
      for (Counted expression : counted) {
        use = expression.names.matches(metric) ? use.plus(expression.use) : use;
      }
      return use;
    }
  }

  /// Metrics that were named since the last time of asking.
  public Set<String> takeNamed() {
    var names = new HashSet<String>();
    for (Iterator<String> name = named.iterator(); name.hasNext(); name.remove()) {
      names.add(name.next());
    }
    return names;
  }

  /// When counting began, in this life of the process or an earlier one.
  public Instant since() {
    return Instant.ofEpochMilli(sinceMillis);
  }

  /// Whether anything was counted since the last time of asking.
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /// Everything as records; the first says since when.
  List<byte[]> records() {
    var records = new ArrayList<byte[]>();
    records.add(ByteBuffer.allocate(Long.BYTES).putLong(sinceMillis).array());
    uses.forEach((asked, use) -> {
      byte[] text = asked.text.getBytes(StandardCharsets.UTF_8);
      records.add(
          ByteBuffer.allocate(RECORD_BYTES + text.length)
              .putLong(use.queries)
              .putLong(use.lastMillis)
              .put((byte) (asked.isExpression ? 1 : 0))
              .put(text)
              .array());
    });
    return records;
  }

  /// Adds what an earlier life has left; a record that makes no sense is passed over.
  void recall(byte[] record) {
    var bytes = ByteBuffer.wrap(record);
    if (record.length == Long.BYTES) {
      sinceMillis = Math.min(sinceMillis, bytes.getLong());
    } else if (record.length > RECORD_BYTES) {
      var use = new Use(bytes.getLong(), bytes.getLong());
      boolean isExpression = bytes.get() == 1;
      take(new Asked(StandardCharsets.UTF_8.decode(bytes).toString(), isExpression), use);
    }
  }
}
