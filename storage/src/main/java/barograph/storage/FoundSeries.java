package barograph.storage;

import barograph.storage.index.SeriesPairs;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The series that a selector has found in blocks and head, in order, as numbers alone.
///
/// The different label pairs of all sources are merged into one order; from then on a pair is its
/// place in that order, and series are sorted by these numbers, position by position from the last
/// to the first, by counting: no two series are ever compared. Labels are made of the pairs when
/// somebody asks for them; long values are read only then.
///
/// A series that stands in several sources is one series with several places, in the order of the
/// sources. Immutable to whoever looks.
final class FoundSeries {
  /// Series of each source; its number is that of the source.
  private final SeriesPairs[] sources;

  /// The first place of each source, and the end.
  private final int[] firsts;

  /// All pairs in order, and behind them nothing.
  private final String[] names;

  /// Null where the value is long.
  private final @Nullable String[] values;

  /// Of pairs with a long value, where to read it: the number among all pairs of all sources.
  private final int[] longAt;

  /// The first pair of each source in that count.
  private final int[] firstPairs;

  /// How many different pairs there are.
  private final int ranks;

  /// All places, sorted by labels and for the same labels by source.
  private final int[] places;

  /// Where the places of each series begin, and the end; null if each has one place.
  private final int[] starts;

  private final int size;

  /// Of the names that were asked for last; any thread puts another in its place.
  private @Nullable Named lastNamed;

  /// What the sorting of a series and of a different pair takes.
  private static final int SERIES_BYTES = 20;

  private static final int PAIR_BYTES = 20;

  /// @param sources what each source has found; taken over
  /// @param byLabels false, where only one source has found any, for the order of its numbers
  /// @param allowance asked for what is held
  FoundSeries(List<SeriesPairs> sources, boolean byLabels, Allowance allowance) {
    this.sources = sources.toArray(SeriesPairs[]::new);
    firsts = new int[sources.size() + 1];
    firstPairs = new int[sources.size() + 1];
    for (int i = 0; i < sources.size(); i++) {
      sources.get(i).sort();
      firsts[i + 1] = firsts[i] + sources.get(i).size();
      firstPairs[i + 1] = firstPairs[i] + sources.get(i).different();
    }
    int pairs = firstPairs[sources.size()];
    allowance.take((long) firsts[sources.size()] * SERIES_BYTES + (long) pairs * PAIR_BYTES);
    names = new String[pairs];
    values = new String[pairs];
    longAt = new int[pairs];
    ranks = number();
    places = byLabels ? sorted() : inOrderOfNumbers();
    starts = new int[places.length + 1];
    int found = 0;
    for (int i = 0; i < places.length; i++) {
      if (i == 0 || !same(places[i - 1], places[i])) {
        starts[found++] = i;
      }
    }
    starts[found] = places.length;
    size = found;
  }

  /// The next pair of one source while all are merged.
  private static final class Cursor implements Comparable<Cursor> {
    private final int source;
    private final SeriesPairs pairs;
    private int at;
    private String name = "";
    private String value = "";

    private Cursor(int source, SeriesPairs pairs) {
      this.source = source;
      this.pairs = pairs;
    }

    private boolean advance(int to) {
      at = to;
      if (to == pairs.different()) {
        return false;
      }
      name = pairs.name(to);
      value = pairs.value(to);
      return true;
    }

    private boolean isAt(String otherName, String otherValue) {
      return value.equals(otherValue) && name.equals(otherName);
    }

    @Override
    public int compareTo(Cursor other) {
      int order = SeriesPairs.compare(name, other.name);
      return order != 0 ? order : SeriesPairs.compare(value, other.value);
    }
  }

  /// Gives equal pairs one number each, in order, and has the sources use these.
  private int number() {
    if (sources.length == 1) {
      return numberOfOne(sources[0]);
    }
    var numbers = new int[sources.length][];
    var next = new PriorityQueue<Cursor>();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = new int[sources[i].different()];
      var cursor = new Cursor(i, sources[i]);
      if (cursor.advance(0)) {
        next.add(cursor);
      }
    }
    int count = 0;
    String lastName = "";
    String lastValue = "";
    for (Cursor cursor = next.poll(); cursor != null; cursor = next.poll()) {
      if (count == 0 || !cursor.isAt(lastName, lastValue)) {
        lastName = cursor.name;
        lastValue = cursor.value;
        put(count++, cursor.source, cursor.at);
      }
      numbers[cursor.source][cursor.at] = count - 1;
      if (cursor.advance(cursor.at + 1)) {
        next.add(cursor);
      }
    }
    for (int i = 0; i < numbers.length; i++) {
      sources[i].renumber(numbers[i]);
      sources[i].forgetShort();
    }
    return count;
  }

  private int numberOfOne(SeriesPairs only) {
    for (int i = 0; i < only.different(); i++) {
      put(i, 0, i);
    }
    int count = only.different();
    only.forgetShort();
    return count;
  }

  private void put(int rank, int source, int pair) {
    SeriesPairs pairs = sources[source];
    names[rank] = pairs.name(pair);
    values[rank] = pairs.shortValue(pair);
    longAt[rank] = firstPairs[source] + pair;
  }

  private String value(int rank) {
    String value = values[rank];
    if (value != null) {
      return value;
    }
    int source = sources.length - 1;
    while (firstPairs[source] > longAt[rank]) {
      source--;
    }
    return sources[source].longValue(longAt[rank] - firstPairs[source]);
  }

  private int[] inOrderOfNumbers() {
    var order = new int[firsts[sources.length]];
    Arrays.setAll(order, place -> place);
    return order;
  }

  /// A radix sort whose digits are pairs; a series without a pair at a position comes first.
  private int[] sorted() {
    int most = 0;
    for (SeriesPairs source : sources) {
      for (int i = 0; i < source.size(); i++) {
        most = Math.max(most, source.end(i) - source.start(i));
      }
    }
    int[] order = inOrderOfNumbers();
    var next = new int[order.length];
    var digits = new int[order.length];
    var counts = new int[ranks + 2];
    for (int position = most - 1; position >= 0; position--) {
      int least = Integer.MAX_VALUE;
      int greatest = 0;
      for (int s = 0; s < sources.length; s++) {
        SeriesPairs source = sources[s];
        for (int i = 0; i < source.size(); i++) {
          int at = source.start(i) + position;
          int digit = at < source.end(i) ? source.pair(at) + 1 : 0;
          digits[firsts[s] + i] = digit;
          least = Math.min(least, digit);
          greatest = Math.max(greatest, digit);
        }
      }
      if (least == greatest) {
        continue;
      }
      Arrays.fill(counts, 0, greatest - least + 1, 0);
      for (int digit : digits) {
        counts[digit - least]++;
      }
      int begun = 0;
      for (int digit = 0; digit <= greatest - least; digit++) {
        int with = counts[digit];
        counts[digit] = begun;
        begun += with;
      }
      for (int place : order) {
        next[counts[digits[place] - least]++] = place;
      }
      int[] reusable = order;
      order = next;
      next = reusable;
    }
    return order;
  }

  private boolean same(int a, int b) {
    SeriesPairs left = sources[sourceOf(a)];
    SeriesPairs right = sources[sourceOf(b)];
    if (left == right) {
      // A source has a series once.
      return false;
    }
    int i = left.start(a - firsts[sourceOf(a)]);
    int j = right.start(b - firsts[sourceOf(b)]);
    int end = left.end(a - firsts[sourceOf(a)]);
    if (end - i != right.end(b - firsts[sourceOf(b)]) - j) {
      return false;
    }
    while (i < end) {
      if (left.pair(i++) != right.pair(j++)) {
        return false;
      }
    }
    return true;
  }

  private int sourceOf(int place) {
    int source = sources.length - 1;
    while (firsts[source] > place) {
      source--;
    }
    return source;
  }

  /// How many series there are.
  int size() {
    return size;
  }

  Labels labels(int series) {
    int place = places[starts[series]];
    int source = sourceOf(place);
    SeriesPairs found = sources[source];
    int start = found.start(place - firsts[source]);
    var strings = new String[2 * (found.end(place - firsts[source]) - start)];
    for (int i = 0; i < strings.length; i += 2) {
      int pair = found.pair(start + i / 2);
      strings[i] = names[pair];
      strings[i + 1] = value(pair);
    }
    return Labels.ofSorted(strings);
  }

  /// Those of its labels that have one of these names.
  Labels labels(int series, Set<String> only) {
    if (only.isEmpty()) {
      return Labels.EMPTY;
    }
    Named named = lastNamed;
    if (named == null || !named.isOf(only)) {
      named = named(only);
      lastNamed = named;
    }
    int place = places[starts[series]];
    int source = sourceOf(place);
    SeriesPairs found = sources[source];
    int end = found.end(place - firsts[source]);
    var strings = new String[2 * only.size()];
    int filled = 0;
    for (int at = found.start(place - firsts[source]); at < end; at++) {
      int pair = found.pair(at);
      if (named.pairs[pair]) {
        strings[filled++] = names[pair];
        strings[filled++] = value(pair);
      }
    }
    return Labels.ofSorted(filled == strings.length ? strings : Arrays.copyOf(strings, filled));
  }

  private Named named(Set<String> only) {
    var pairs = new boolean[ranks];
    for (int pair = 0; pair < pairs.length; pair++) {
      // Pairs are in the order of their names, and a name is mostly the same string.
      boolean sameName = pair > 0 && names[pair].equals(names[pair - 1]);
      pairs[pair] = sameName ? pairs[pair - 1] : only.contains(names[pair]);
    }
    return new Named(only, pairs);
  }

  /// Which pairs have one of some names.
  ///
  /// @param names the very set that was asked with
  private record Named(Set<String> names, boolean[] pairs) {
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Set<String> others) {
      return names == others;
    }
  }

  /// In how many sources a series stands.
  int placeCount(int series) {
    return starts[series + 1] - starts[series];
  }

  /// The source of the `i`th place of a series.
  int source(int series, int i) {
    return sourceOf(places[starts[series] + i]);
  }

  /// The number of a series in the source of its `i`th place.
  int number(int series, int i) {
    int place = places[starts[series] + i];
    int source = sourceOf(place);
    return sources[source].series(place - firsts[source]);
  }

  /// Nobody asks for labels any more.
  void close() {
    for (SeriesPairs source : sources) {
      source.close();
    }
  }
}
