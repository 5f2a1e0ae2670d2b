package barograph.server.api;

import barograph.query.value.NumberText;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Writes stored samples as a page of the Prometheus text format 0.0.4, each with its time.
///
/// What is stored has no type, and so every family is `untyped`. Its samples have to come one after
/// the other.
final class ExpositionText {
  /// Text is turned into bytes, and the writer's memory looked after, about so many at a time.
  private static final int PIECE_CHARS = 64 << 10;

  private final EscapedNames names;
  private final Map<String, String> attached;
  private final Allowance memory;
  private final StringBuilder piece = new StringBuilder();
  private byte[] bytes = new byte[4_096];
  private int length;
  private String family = "";
  private String familyText = "";
  private boolean familyIsQuoted;

  /// @param attached labels that are put on samples that lack them, in this order
  /// @param memory asked for what the page takes while it grows
  ExpositionText(EscapedNames names, Map<String, String> attached, Allowance memory) {
    this.names = names;
    this.attached = attached;
    this.memory = memory;
  }

  /// The page's media type, which names how its names are escaped.
  static String mediaType(EscapedNames names) {
    return "text/plain; version=0.0.4; charset=utf-8; escaping=" + names.escaping().configName();
  }

  /// What has been written, as a response's body.
  ByteBuffer toBody() {
    flush();
    return ByteBuffer.wrap(bytes, 0, length);
  }

  /// Writes one sample, and what its family is if it is the first.
  void sample(String metric, Labels labels, long timeMillis, double value) {
    if (!metric.equals(family)) {
      family = metric;
      familyText = names.metric(metric);
      familyIsQuoted = !EscapedNames.isClassicMetric(familyText);
      piece.append("# TYPE ");
      name(familyText, familyIsQuoted);
      piece.append(" untyped\n");
    }
    // A quoted name stands among the labels.
    piece.append(familyIsQuoted ? "{" : "");
    name(familyText, familyIsQuoted);
    char before = familyIsQuoted ? ',' : '{';
    for (int i = 0; i < labels.size(); i++) {
      if (!labels.name(i).equals(Labels.METRIC_NAME)) {
        before = label(before, labels.name(i), labels.value(i));
      }
    }
    for (var each : attached.entrySet()) {
      if (!labels.has(each.getKey())) {
        before = label(before, each.getKey(), each.getValue());
      }
    }
    piece.append(before == '{' ? " " : "} ");
    number(value);
    piece.append(' ').append(timeMillis).append('\n');
    if (piece.length() >= PIECE_CHARS) {
      flush();
    }
  }

  /// Writes a line that readers pass over.
  void comment(String text) {
    piece.append("# ").append(text.replace('\n', ' ')).append('\n');
  }

  private char label(char before, String label, String value) {
    piece.append(before);
    String written = names.label(label);
    name(written, !EscapedNames.isClassicLabel(written));
    piece.append("=\"");
    escaped(value);
    piece.append('"');
    return ',';
  }

  private void name(String text, boolean quoted) {
    if (quoted) {
      piece.append('"');
      escaped(text);
      piece.append('"');
    } else {
      piece.append(text);
    }
  }

  private void escaped(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> piece.append("\\\\");
        case '"' -> piece.append("\\\"");
        case '\n' -> piece.append("\\n");
        default -> piece.append(c);
      }
    }
  }

  private void number(double value) {
    int small = (int) value;
    // Nearly all counts are such, and need no text of their own.
    if (small == value && small != 0 && small > -1_000_000 && small < 1_000_000) {
      piece.append(small);
    } else {
      piece.append(NumberText.general(value));
    }
  }

  private void flush() {
    byte[] more = piece.toString().getBytes(StandardCharsets.UTF_8);
    piece.setLength(0);
    memory.take(0);
    if ((long) length + more.length > bytes.length) {
      bytes = AnswerRoom.grown(bytes, length, more.length, memory);
    }
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }
}
