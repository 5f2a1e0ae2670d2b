package barograph.server.self;

import barograph.query.value.NumberText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/// Metric families by name, written as a page of the Prometheus text format.
public final class Registry {
  private final Map<String, Family> families = new ConcurrentSkipListMap<>();

  private record Family(String help, String type, List<Consumer<Lines>> writers) {}

  /// A counter of events.
  public static final class Counter {
    private final LongAdder count = new LongAdder();

    private Counter() {}

    public void increment() {
      count.increment();
    }

    public void add(long events) {
      count.add(events);
    }
  }

  /// Counters of one name that differ in one label.
  public static final class Counters {
    private final Map<String, LongAdder> byValue = new ConcurrentSkipListMap<>();

    private Counters() {}

    public void add(String labelValue, long events) {
      byValue.computeIfAbsent(labelValue, absent -> new LongAdder()).add(events);
    }
  }

  /// The samples of one family on their way to the page.
  public static final class Lines {
    private final StringBuilder text;
    private final String name;

    private Lines(StringBuilder text, String name) {
      this.text = text;
      this.name = name;
    }

    /// Writes one sample.
    ///
    /// @param suffix after the family's name, as `_count`; empty for none
    /// @param labels names and values in turn
    public void sample(String suffix, double value, String... labels) {
      text.append(name).append(suffix);
      for (int i = 0; i < labels.length; i += 2) {
        text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
        escape(labels[i + 1]);
        text.append('"');
      }
      text.append(labels.length > 0 ? "} " : " ").append(NumberText.general(value)).append('\n');
    }

    private void escape(String value) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        switch (c) {
          case '\\' -> text.append("\\\\");
          case '"' -> text.append("\\\"");
          case '\n' -> text.append("\\n");
          default -> text.append(c);
        }
      }
    }
  }

  /// Adds a family that writes its own samples whenever the page is asked for.
  ///
  /// @throws IllegalArgumentException if the name is there with another type
  public void family(String name, String type, String help, Consumer<Lines> writer) {
    var family =
        families.computeIfAbsent(
            name, absent -> new Family(help, type, new CopyOnWriteArrayList<>()));
    if (!family.type.equals(type)) {
      throw new IllegalArgumentException("%s is a %s, not a %s".formatted(name, family.type, type));
    }
    synchronized (family) {
      family.writers.add(writer);
    }
  }

  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    family(name, "gauge", help, lines -> lines.sample("", value.getAsDouble(), labels));
  }

  public void counter(String name, String help, DoubleSupplier value, String... labels) {
    family(name, "counter", help, lines -> lines.sample("", value.getAsDouble(), labels));
  }

  public Counter counter(String name, String help, String... labels) {
    var counter = new Counter();
    counter(name, help, counter.count::sum, labels);
    return counter;
  }

  /// Counters told apart by the value of label `label`.
  public Counters counters(String name, String help, String label) {
    var counters = new Counters();
    family(
        name,
        "counter",
        help,
        lines ->
            counters.byValue.forEach(
                (value, n) -> lines.sample("", (double) n.sum(), label, value)));
    return counters;
  }

  /// A latency told as a summary with the usual quantiles.
  public Latency latency(String name, String help, String... labels) {
    var latency = new Latency();
    family(name, "summary", help, lines -> latency.write(lines, labels));
    return latency;
  }

  /// The page of this moment.
  public byte[] page() {
    var text = new StringBuilder(16 << 10);
    new TreeMap<>(families)
        .forEach((name, family) -> {
          text.append("# HELP ").append(name).append(' ').append(family.help).append('\n');
          text.append("# TYPE ").append(name).append(' ').append(family.type).append('\n');
          var lines = new Lines(text, name);
          synchronized (family) {
            family.writers.forEach(writer -> writer.accept(lines));
          }
        });
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
