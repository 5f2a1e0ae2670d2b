package barograph.storage;

import barograph.storage.index.SeriesPairs;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The series that a selector has found in blocks and head, in label order, as numbers alone.
///
/// All different label pairs are sorted once; from then on a pair is its place in that order, and
/// series are sorted by these numbers, position by position from the last to the first, by
/// counting: no two series are ever compared. Labels are made of the pairs when somebody asks for
/// them.
///
/// A series that stands in several sources is one series with several places, in the order of the
/// sources. Immutable.
final class FoundSeries {
  private record Pair(String name, String value, int source, int number) {
    static int compare(Pair a, Pair b) {
      int order = compare(a.name, b.name);
      return order != 0 ? order : compare(a.value, b.value);
    }

    /// Most of what is compared is the very same string.
    @SuppressWarnings("ReferenceEquality")
    private static int compare(String a, String b) {
      return a == b ? 0 : Labels.UTF8_ORDER.compare(a, b);
    }
  }

  /// Series of each source; its number is that of the source.
  private final List<SeriesPairs> sources;

  /// The first place of each source, and the end.
  private final int[] firsts;

  /// All pairs in order.
  private final String[] names;

  private final String[] values;

  /// All places, sorted by labels and for the same labels by source.
  private final int[] places;

  /// Where the places of each series begin, and the end; null if each has one place.
  private final int[] starts;

  private final int size;

  /// @param sources what each source has found; taken over
  FoundSeries(List<SeriesPairs> sources) {
    this.sources = List.copyOf(sources);
    firsts = new int[sources.size() + 1];
    for (int i = 0; i < sources.size(); i++) {
      firsts[i + 1] = firsts[i] + sources.get(i).size();
    }
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < sources.size(); i++) {
      SeriesPairs source = sources.get(i);
      for (int k = 0; k < source.different(); k++) {
        pairs.add(new Pair(source.name(k), source.value(k), i, k));
      }
    }
    pairs.sort(Pair::compare);
    names = new String[pairs.size()];
    values = new String[pairs.size()];
    int ranks = number(pairs);
    places = sorted(ranks);
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

  /// Gives equal pairs one number each, in order, and has the sources use these.
  private int number(List<Pair> sorted) {
    var numbers = new int[sources.size()][];
    Arrays.setAll(numbers, i -> new int[sources.get(i).different()]);
    int count = 0;
    for (int i = 0; i < sorted.size(); i++) {
      Pair pair = sorted.get(i);
      if (i == 0 || Pair.compare(sorted.get(i - 1), pair) != 0) {
        names[count] = pair.name;
        values[count++] = pair.value;
      }
      numbers[pair.source][pair.number] = count - 1;
    }
    for (int i = 0; i < numbers.length; i++) {
      sources.get(i).renumber(numbers[i]);
    }
    return count;
  }

  /// A radix sort whose digits are pairs; a series without a pair at a position comes first.
  private int[] sorted(int ranks) {
    int count = firsts[sources.size()];
    int most = 0;
    for (SeriesPairs source : sources) {
      for (int i = 0; i < source.size(); i++) {
        most = Math.max(most, source.end(i) - source.start(i));
      }
    }
    var order = new int[count];
    Arrays.setAll(order, place -> place);
    var next = new int[count];
    var digits = new int[count];
    var counts = new int[ranks + 2];
    for (int position = most - 1; position >= 0; position--) {
      int least = Integer.MAX_VALUE;
      int greatest = 0;
      for (int s = 0; s < sources.size(); s++) {
        SeriesPairs source = sources.get(s);
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
    SeriesPairs left = sources.get(sourceOf(a));
    SeriesPairs right = sources.get(sourceOf(b));
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
    int source = sources.size() - 1;
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
    SeriesPairs found = sources.get(source);
    int start = found.start(place - firsts[source]);
    var strings = new String[2 * (found.end(place - firsts[source]) - start)];
    for (int i = 0; i < strings.length; i += 2) {
      int pair = found.pair(start + i / 2);
      strings[i] = names[pair];
      strings[i + 1] = values[pair];
    }
    return Labels.ofSorted(strings);
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
    return sources.get(source).series(place - firsts[source]);
  }
}
