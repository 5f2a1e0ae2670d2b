package barograph.ingest.host;

import java.nio.charset.StandardCharsets;

/// A page in the text format while it is being written.
final class HostPage {
  private final StringBuilder text = new StringBuilder(16 << 10);
  private String metric = "";

  /// Begins a metric; its samples follow.
  HostPage metric(String name, String type, String help) {
    metric = name;
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  HostPage gauge(String name, String help) {
    return metric(name, "gauge", help);
  }

  HostPage counter(String name, String help) {
    return metric(name, "counter", help);
  }

  /// Adds a sample of the metric, with alternating names and values of labels.
  HostPage sample(double value, String... labels) {
    text.append(metric);
    if (labels.length > 0) {
      text.append('{');
      for (int i = 0; i < labels.length; i += 2) {
        text.append(i == 0 ? "" : ",").append(labels[i]).append("=\"");
        escape(labels[i + 1]);
        text.append('"');
      }
      text.append('}');
    }
    text.append(' ');
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      text.append((long) value);
    } else if (Double.isInfinite(value)) {
      text.append(value > 0 ? "+Inf" : "-Inf");
    } else {
      text.append(value);
    }
    text.append('\n');
    return this;
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

  int length() {
    return text.length();
  }

  /// Takes back what was written since the page had `length` characters.
  void cutTo(int length) {
    text.setLength(length);
  }

  byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
