package barograph.storage.head;

import barograph.storage.model.Labels;
import java.util.Arrays;

/// Finds series by the numbers of their pairs, and makes those that are not there.
///
/// Series that come one after the other come from one target and share most of their pairs. A pair
/// that stands where the series before has it is known by that: it is neither hashed nor looked up
/// again. And the sets of series that pairs have take those in one go that were made one after the
/// other and have the pair in the same place. Until [#flush] these are not yet in the sets.
///
/// Belongs to whoever holds the head's lock.
final class SeriesMaker {
  private static final int NONE = -1;

  private final KeyedHash hashes;
  private final PairDictionary pairs;
  private final LabelStore labelStore;
  private final SeriesTable table;

  /// The labels that were looked at last, and of each of their pairs the hash and the number; the
  /// number is [#NONE] for a pair that was not there.
  private Labels labels = Labels.EMPTY;

  private int[] pairHashes = new int[16];
  private int[] numbers = new int[16];

  /// The first of the new series, up to `end`, that have the pair in this place and are not yet
  /// among those who have it; [#NONE] if there are none.
  private int[] since = new int[16];

  /// The first of the new series that are not in the sets yet, and the number behind the last.
  private int begin;

  private int end;

  private int hash;

  SeriesMaker(KeyedHash hashes, PairDictionary pairs, LabelStore labelStore, SeriesTable table) {
    this.hashes = hashes;
    this.pairs = pairs;
    this.labelStore = labelStore;
    this.table = table;
    Arrays.fill(since, NONE);
  }

  /// Forgets the labels before, as numbers of their pairs may be given to others.
  void forget() {
    labels = Labels.EMPTY;
  }

  /// The number of the series with these labels, or -1; they are those that [#make] makes one of.
  int find(Labels wanted) {
    boolean known = lookAt(wanted);
    hash = hashes.of(pairHashes, wanted.size());
    if (!known) {
      return NONE;
    }
    for (int slot = table.firstSlot(hash); !table.isEnd(slot); slot = table.nextSlot(slot)) {
      int ref = table.candidate(slot, hash);
      if (ref >= 0 && labelStore.equal(table.labels(ref), numbers, wanted.size())) {
        return ref;
      }
    }
    return NONE;
  }

  /// @return whether there are all of their pairs
  private boolean lookAt(Labels wanted) {
    Labels before = labels;
    int count = wanted.size();
    for (int i = count; i < before.size(); i++) {
      endRun(i);
    }
    if (count > numbers.length) {
      grow(count);
    }
    boolean known = true;
    for (int i = 0; i < count; i++) {
      String name = wanted.name(i);
      String value = wanted.value(i);
      if (i >= before.size() || !value.equals(before.value(i)) || !name.equals(before.name(i))) {
        endRun(i);
        pairHashes[i] = hashes.of(name, value);
        numbers[i] = NONE;
      }
      if (numbers[i] == NONE) {
        numbers[i] = pairs.find(name, value, pairHashes[i]);
        known &= numbers[i] != NONE;
      }
    }
    labels = wanted;
    return known;
  }

  private void grow(int count) {
    int known = numbers.length;
    int room = Math.max(count, 2 * known);
    pairHashes = Arrays.copyOf(pairHashes, room);
    numbers = Arrays.copyOf(numbers, room);
    since = Arrays.copyOf(since, room);
    Arrays.fill(since, known, room, NONE);
  }

  /// Makes series `ref`, which is not there, with the labels that were looked for last.
  void make(int ref, int target) {
    if (ref != end) {
      flush();
      begin = ref;
      end = ref;
    }
    int count = labels.size();
    for (int i = 0; i < count; i++) {
      if (numbers[i] == NONE) {
        numbers[i] = pairs.pair(labels.name(i), labels.value(i), pairHashes[i]);
      }
    }
    table.add(ref, hash, labelStore.add(numbers, count), target);
    for (int i = 0; i < count; i++) {
      if (since[i] == NONE) {
        since[i] = ref;
      }
    }
    end = ref + 1;
  }

  private void endRun(int place) {
    if (since[place] != NONE) {
      pairs.add(numbers[place], since[place], end);
      since[place] = NONE;
    }
  }

  /// Puts the series made so far into the sets of their pairs.
  void flush() {
    if (begin < end) {
      for (int i = 0; i < labels.size(); i++) {
        endRun(i);
      }
      pairs.addSeries(begin, end);
      begin = end;
    }
  }
}
