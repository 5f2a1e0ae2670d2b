package barograph.storage.model;

import java.util.Locale;

/// What is told of a metric beside its samples.
///
/// @param unit empty if it has none
public record MetricMetadata(Type type, String help, String unit) {
  /// Kinds of metrics, as OpenMetrics names them.
  public enum Type {
    COUNTER(1),
    GAUGE(2),
    HISTOGRAM(3),
    GAUGEHISTOGRAM(4),
    SUMMARY(5),
    INFO(6),
    STATESET(7),
    /// None was said.
    UNKNOWN(0);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    /// The number that stands for it in stored bytes and on the wire.
    public int number() {
      return number;
    }

    /// The type that a number stands for; [#UNKNOWN] if it stands for none.
    public static Type of(int number) {
      for (Type type : values()) {
        if (type.number == number) {
          return type;
        }
      }
      return UNKNOWN;
    }

    /// The type as pages and answers name it.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The type that a page names; [#UNKNOWN] for every other word.
    public static Type of(String text) {
      for (Type type : values()) {
        if (type.text().equals(text)) {
          return type;
        }
      }
      return UNKNOWN;
    }
  }
}
