package barograph.server.api;

import barograph.query.histogram.Bucket;
import barograph.query.histogram.NativeHistogram;
import barograph.query.value.NumberText;
import barograph.query.value.SampleBytes;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Writes JSON straight into bytes, in the very form that Prometheus's clients compare.
///
/// Strings are escaped for HTML as Go does it (`<`, `>`, `&`), except in label sets. Commas are put
/// by themselves; nesting is the caller's to keep right.
final class Json {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /// The writer's memory is looked after at least once in so many bytes.
  private static final int ASK_EACH = 64 << 10;

  private final Allowance memory;
  private byte[] bytes = new byte[4_096];
  private int length;
  private int askAt = ASK_EACH;
  private boolean comma;
  private final SampleBytes numbers = new SampleBytes();
  private final WrittenPairs written = new WrittenPairs();

  /// A writer of small answers.
  Json() {
    this(Allowance.UNLIMITED);
  }

  /// @param memory asked for what the text takes while it grows
  Json(Allowance memory) {
    this.memory = memory;
  }

  /// What has been written, as a response's body.
  ByteBuffer toBody() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  Json open(char bracket) {
    separate();
    put(bracket);
    comma = false;
    return this;
  }

  Json close(char bracket) {
    put(bracket);
    comma = true;
    return this;
  }

  Json beginObject() {
    return open('{');
  }

  Json endObject() {
    return close('}');
  }

  Json beginArray() {
    return open('[');
  }

  Json endArray() {
    return close(']');
  }

  /// A key that needs no escape.
  Json key(String name) {
    separate();
    put('"');
    ascii(name);
    put('"');
    put(':');
    comma = false;
    return this;
  }

  /// A key that may hold anything.
  Json name(String name) {
    separate();
    quoted(name, true);
    put(':');
    comma = false;
    return this;
  }

  Json string(String value) {
    separate();
    quoted(value, true);
    comma = true;
    return this;
  }

  /// A string without HTML escapes: the members of label sets.
  Json plainString(String value) {
    separate();
    quoted(value, false);
    comma = true;
    return this;
  }

  Json field(String name, String value) {
    return key(name).string(value);
  }

  Json field(String name, long value) {
    return key(name).number(value);
  }

  Json field(String name, boolean value) {
    return key(name).bool(value);
  }

  Json number(long value) {
    separate();
    whole(value);
    comma = true;
    return this;
  }

  /// A number in its shortest form, as Go's JSON writes it.
  Json decimal(double value) {
    separate();
    ascii(NumberText.sample(value));
    comma = true;
    return this;
  }

  Json bool(boolean value) {
    separate();
    ascii(value ? "true" : "false");
    comma = true;
    return this;
  }

  Json nothing() {
    separate();
    ascii("null");
    comma = true;
    return this;
  }

  Json strings(List<String> values) {
    beginArray();
    values.forEach(this::string);
    return endArray();
  }

  /// An object of strings without HTML escapes.
  Json plainMap(Map<String, String> map) {
    beginObject();
    map.forEach((name, value) -> {
      separate();
      quoted(name, false);
      put(':');
      quoted(value, false);
      comma = true;
    });
    return endObject();
  }

  Json labels(Labels labels) {
    beginObject();
    for (int i = 0; i < labels.size(); i++) {
      separate();
      pair(labels.name(i), labels.value(i));
      comma = true;
    }
    return endObject();
  }

  private void pair(String name, String value) {
    int slot = WrittenPairs.slotOf(name, value);
    if (written.has(slot, name, value)) {
      int n = written.length(slot);
      room(n);
      System.arraycopy(bytes, written.start(slot), bytes, length, n);
      length += n;
      return;
    }
    int start = length;
    quoted(name, false);
    put(':');
    quoted(value, false);
    written.put(slot, name, value, start, length - start);
  }

  /// Seconds with the milliseconds that there are, as in `1435781451.781`.
  Json timestamp(long millis) {
    separate();
    long seconds = millis / 1_000;
    long rest = millis % 1_000;
    if (millis < 0 && seconds == 0) {
      put('-');
    }
    whole(seconds);
    if (rest != 0) {
      put('.');
      long fraction = Math.abs(rest);
      put((char) ('0' + fraction / 100));
      put((char) ('0' + fraction / 10 % 10));
      put((char) ('0' + fraction % 10));
    }
    comma = true;
    return this;
  }

  /// One `[time, "value"]`.
  Json point(long millis, double value) {
    open('[');
    timestamp(millis);
    put(',');
    quoted(value);
    return close(']');
  }

  /// One `[time, {histogram}]`, its buckets from the lowest to the highest but for empty ones.
  Json point(long millis, NativeHistogram histogram) {
    open('[').timestamp(millis).beginObject();
    key("count").sample(histogram.count()).key("sum").sample(histogram.sum());
    boolean any = false;
    for (var bucket : histogram.buckets()) {
      if (bucket.count() != 0) {
        if (!any) {
          key("buckets").beginArray();
          any = true;
        }
        bucket(bucket);
      }
    }
    if (any) {
      endArray();
    }
    return endObject().close(']');
  }

  /// One `[bounds, "lower", "upper", "count"]`, where bounds say which of the two are inside: 0 the
  /// upper one, 1 the lower one, 2 none, 3 both.
  private void bucket(Bucket bucket) {
    int bounds =
        bucket.lowerInclusive()
            ? (bucket.upperInclusive() ? 3 : 1)
            : (bucket.upperInclusive() ? 0 : 2);
    open('[').number(bounds).sample(bucket.lower()).sample(bucket.upper()).sample(bucket.count());
    close(']');
  }

  /// A number as samples have it, as text: `"0.5"`, `"+Inf"`.
  Json sample(double value) {
    separate();
    quoted(value);
    comma = true;
    return this;
  }

  private void quoted(double value) {
    room(SampleBytes.MOST_BYTES + 2);
    bytes[length++] = '"';
    length = numbers.put(bytes, length, value);
    bytes[length++] = '"';
  }

  private void whole(long value) {
    room(SampleBytes.MOST_BYTES);
    length = SampleBytes.putWhole(bytes, length, value);
  }

  private void separate() {
    if (comma) {
      put(',');
    }
  }

  private void quoted(String value, boolean html) {
    put('"');
    int n = value.length();
    room(n);
    for (int i = 0; i < n; i++) {
      char c = value.charAt(i);
      if (isPlain(c) && !(html && (c == '<' || c == '>' || c == '&'))) {
        bytes[length++] = (byte) c;
        continue;
      }
      if (isPlain(c)) {
        unicode(c);
      } else if (c < 0x80) {
        control(c);
      } else {
        i += multibyte(value, i, html) - 1;
      }
      room(n - i);
    }
    put('"');
  }

  private static boolean isPlain(char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
  }

  private void control(char c) {
    switch (c) {
      case '"', '\\' -> {
        put('\\');
        put(c);
      }
      case '\n' -> ascii("\\n");
      case '\r' -> ascii("\\r");
      case '\t' -> ascii("\\t");
      case '\b' -> ascii("\\b");
      case '\f' -> ascii("\\f");
      case 0x7f -> put(c);
      default -> unicode(c);
    }
  }

  private int multibyte(String value, int i, boolean html) {
    int point = value.codePointAt(i);
    int chars = Character.charCount(point);
    if (html && (point == 0x2028 || point == 0x2029)) {
      unicode((char) point);
      return chars;
    }
    if (Character.isSurrogate((char) point) && chars == 1) {
      point = 0xfffd;
    }
    room(4);
    if (point < 0x800) {
      bytes[length++] = (byte) (0xc0 | (point >> 6));
    } else {
      if (point < 0x10000) {
        bytes[length++] = (byte) (0xe0 | (point >> 12));
      } else {
        bytes[length++] = (byte) (0xf0 | (point >> 18));
        bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
      }
      bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
    }
    bytes[length++] = (byte) (0x80 | (point & 0x3f));
    return chars;
  }

  private void unicode(char c) {
    ascii("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      put((char) HEX[c >> shift & 15]);
    }
  }

  private void ascii(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
  }

  private void put(char c) {
    room(1);
    bytes[length++] = (byte) c;
  }

  private void room(int more) {
    if (length + more > askAt) {
      askAt = length + more + ASK_EACH;
      memory.take(0);
    }
    if (length + more > bytes.length) {
      bytes = AnswerRoom.grown(bytes, length, more, memory);
    }
  }
}
