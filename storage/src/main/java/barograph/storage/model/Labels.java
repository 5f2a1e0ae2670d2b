package barograph.storage.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The identity of a series: label names with their values, sorted by name, each name once.
///
/// An absent label and a label with an empty value are the same thing, so empty values are never
/// kept. Names and values order by their UTF-8 bytes, as everywhere in the field, which differs
/// from [String#compareTo] once a character needs two UTF-16 units. Immutable.
public final class Labels implements Comparable<Labels> {
  /// The label that holds a metric's name.
  public static final String METRIC_NAME = "__name__";

  /// No labels at all.
  public static final Labels EMPTY = new Labels(new String[0]);

  /// Orders strings by their UTF-8 bytes without encoding them.
  public static final Comparator<String> UTF8_ORDER = Labels::compareUtf8;

  /// Name, value, name, value, … in name order.
  private final String[] pairs;

  private int hash;

  private Labels(String[] pairs) {
    this.pairs = pairs;
  }

  /// Labels from alternating names and values, in any order.
  ///
  /// @throws IllegalArgumentException if a name is empty or comes twice, or a value is missing
  public static Labels of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "label \"%s\" has no value".formatted(namesAndValues[namesAndValues.length - 1]));
    }
    var builder = new Builder(namesAndValues.length / 2);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  /// Labels from a map; entries with an empty value are left out.
  public static Labels of(Map<String, String> map) {
    var builder = new Builder(map.size());
    map.forEach(builder::add);
    return builder.build();
  }

  /// Wraps `pairs`, which the caller gives up, when they are known to be sorted, unique and without
  /// empty values: the way in for decoders that have just checked exactly that.
  public static Labels ofSorted(String[] pairs) {
    return pairs.length == 0 ? EMPTY : new Labels(pairs);
  }

  public int size() {
    return pairs.length / 2;
  }

  public boolean isEmpty() {
    return pairs.length == 0;
  }

  public String name(int index) {
    return pairs[2 * index];
  }

  public String value(int index) {
    return pairs[2 * index + 1];
  }

  /// The value of label `name`, or the empty string without one.
  public String get(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        return pairs[i + 1];
      }
    }
    return "";
  }

  public boolean has(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        return true;
      }
    }
    return false;
  }

  /// The metric's name, or the empty string without one.
  public String metricName() {
    return get(METRIC_NAME);
  }

  /// These labels with `name` set to `value`; an empty value takes the label away.
  public Labels with(String name, String value) {
    return value.isEmpty() ? without(name) : new Builder(this).set(name, value).build();
  }

  /// These labels without `name`.
  public Labels without(String name) {
    return has(name) ? filter(other -> !other.equals(name)) : this;
  }

  /// Those labels whose name `keep` accepts.
  public Labels filter(Predicate<String> keep) {
    var kept = new String[pairs.length];
    int n = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      if (keep.test(pairs[i])) {
        kept[n++] = pairs[i];
        kept[n++] = pairs[i + 1];
      }
    }
    return n == pairs.length ? this : ofSorted(Arrays.copyOf(kept, n));
  }

  /// A sorted map of these labels, for cold paths.
  public Map<String, String> toMap() {
    var map = new TreeMap<String, String>(UTF8_ORDER);
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /// A builder that starts from these labels.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Pair by pair, name before value; of two where one is a prefix, the shorter comes first.
  @Override
  public int compareTo(Labels other) {
    int common = Math.min(pairs.length, other.pairs.length);
    for (int i = 0; i < common; i++) {
      int order = compareUtf8(pairs[i], other.pairs[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(pairs.length, other.pairs.length);
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof Labels that
            && hashCode() == that.hashCode()
            && Arrays.equals(pairs, that.pairs));
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      h = Arrays.hashCode(pairs);
      hash = h;
    }
    return h;
  }

  /// As PromQL writes a series: `name{a="b", c="d"}`, the way error messages show it.
  @Override
  public String toString() {
    var text = new StringBuilder();
    String metric = metricName();
    text.append(metric);
    boolean first = true;
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(METRIC_NAME)) {
        continue;
      }
      text.append(first ? "{" : ", ").append(pairs[i]).append('=');
      appendQuoted(text, pairs[i + 1]);
      first = false;
    }
    if (!first) {
      text.append('}');
    } else if (metric.isEmpty()) {
      text.append("{}");
    }
    return text.toString();
  }

  private static void appendQuoted(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        default -> text.append(c);
      }
    }
    text.append('"');
  }

  private static int compareUtf8(String a, String b) {
    if (a.equals(b)) {
      // As most are that are compared, and told by many bytes at a time.
      return 0;
    }
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // A surrogate stands for a code point above every other char, so it must sort last.
        boolean xHigh = Character.isSurrogate(x);
        boolean yHigh = Character.isSurrogate(y);
        return xHigh == yHigh ? Character.compare(x, y) : xHigh ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /// Gathers labels in any order; [#build()] sorts them once.
  public static final class Builder {
    private final List<String> names;
    private final List<String> values;

    public Builder() {
      this(8);
    }

    private Builder(int expected) {
      names = new ArrayList<>(expected);
      values = new ArrayList<>(expected);
    }

    private Builder(Labels start) {
      this(start.size() + 2);
      for (int i = 0; i < start.size(); i++) {
        names.add(start.name(i));
        values.add(start.value(i));
      }
    }

    /// Adds a label whose name is not there yet.
    ///
    /// @throws IllegalArgumentException if the name is empty or already there
    public Builder add(String name, String value) {
      if (name.isEmpty()) {
        throw new IllegalArgumentException(
            "a label with value \"%s\" has no name".formatted(value));
      }
      if (names.contains(name)) {
        throw new IllegalArgumentException("label \"%s\" comes twice".formatted(name));
      }
      names.add(name);
      values.add(value);
      return this;
    }

    /// Sets a label, replacing what it had; an empty value takes it away.
    public Builder set(String name, String value) {
      int i = names.indexOf(name);
      if (i >= 0) {
        values.set(i, value);
        return this;
      }
      return add(name, value);
    }

    public Builder remove(String name) {
      int i = names.indexOf(name);
      if (i >= 0) {
        names.remove(i);
        values.remove(i);
      }
      return this;
    }

    /// The value set so far, or the empty string.
    public String get(String name) {
      int i = names.indexOf(name);
      return i < 0 ? "" : values.get(i);
    }

    public Labels build() {
      int n = names.size();
      var order = new Integer[n];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> compareUtf8(names.get(a), names.get(b)));
      var pairs = new String[2 * n];
      int filled = 0;
      for (int i : order) {
        if (!values.get(i).isEmpty()) {
          pairs[filled++] = names.get(i);
          pairs[filled++] = values.get(i);
        }
      }
      return ofSorted(filled == pairs.length ? pairs : Arrays.copyOf(pairs, filled));
    }
  }
}
