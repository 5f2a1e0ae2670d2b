package barograph.ingest.pushed;

import java.util.Arrays;

/// Orders the samples of a request so that those of one target and time stand together, targets one
/// after the other and each in time order: as the store would have them from a scrape.
///
/// Groups are found by a small table that expects them to follow each other as they did before, and
/// ordered; the samples then fall into place by counting. Reused; one thread at a time.
final class SampleGrouping {
  /// Timestamps that are looked at lie in `[0, 2^42)`, which ends in the year 2109.
  static final long TIME_END = 1L << 42;

  private static final int TIME_BITS = 42;
  private static final int MOST_TARGETS = 1 << 20;

  private int[] targetHashes = new int[256];
  private int[] targetNumbers = new int[256];
  private int targets;

  private long[] keys = new long[256];
  private int[] counts = new int[256];
  private int[] following = new int[256];
  private int groups;
  private int[] slots = new int[512];
  private long[] sortedKeys = new long[256];
  private int[] groupOfSample = new int[1024];

  /// The numbers of the samples in their new order.
  int[] order = new int[1024];

  /// Begins a request of `samples` samples.
  void begin(int samples) {
    Arrays.fill(targetNumbers, -1);
    targets = 0;
    Arrays.fill(slots, -1);
    groups = 0;
    if (order.length < samples) {
      order = new int[samples];
      groupOfSample = new int[samples];
    }
  }

  /// A small number for the target with this hash; the same for the same target.
  int target(int hash) {
    int mask = targetNumbers.length - 1;
    int slot = ((hash * 0x9e3779b9) >>> 8) & mask;
    while (targetNumbers[slot] >= 0 && targetHashes[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    if (targetNumbers[slot] < 0) {
      targetHashes[slot] = hash;
      // Very many targets share the last number, which costs order and nothing else.
      targetNumbers[slot] = Math.min(targets++, MOST_TARGETS);
      int number = targetNumbers[slot];
      if (2 * targets > targetNumbers.length) {
        growTargets();
      }
      return number;
    }
    return targetNumbers[slot];
  }

  private void growTargets() {
    int[] oldHashes = targetHashes;
    int[] oldNumbers = targetNumbers;
    targetHashes = new int[2 * oldHashes.length];
    targetNumbers = new int[2 * oldHashes.length];
    Arrays.fill(targetNumbers, -1);
    int mask = targetNumbers.length - 1;
    for (int i = 0; i < oldHashes.length; i++) {
      if (oldNumbers[i] >= 0) {
        int slot = ((oldHashes[i] * 0x9e3779b9) >>> 8) & mask;
        while (targetNumbers[slot] >= 0) {
          slot = (slot + 1) & mask;
        }
        targetHashes[slot] = oldHashes[i];
        targetNumbers[slot] = oldNumbers[i];
      }
    }
  }

  /// Puts `samples` samples into order; a target of -1 leaves a sample out.
  ///
  /// @param sampleSeries the series of each sample
  /// @param seriesTarget the number of each series' target
  /// @return how many samples are in [#order]
  int arrange(int samples, int[] sampleSeries, int[] seriesTarget, long[] timestamps) {
    int kept = 0;
    int previous = -1;
    for (int i = 0; i < samples; i++) {
      int target = seriesTarget[sampleSeries[i]];
      long time = timestamps[i];
      if (target < 0 || time < 0 || time >= TIME_END) {
        groupOfSample[i] = -1;
        continue;
      }
      long key = (long) target << TIME_BITS | time;
      int group = previous;
      if (previous < 0 || keys[previous] != key) {
        group = previous < 0 ? -1 : following[previous];
        if (group < 0 || keys[group] != key) {
          group = group(key);
          if (previous >= 0) {
            following[previous] = group;
          }
        }
      }
      counts[group]++;
      groupOfSample[i] = group;
      previous = group;
      kept++;
    }
    place(samples);
    return kept;
  }

  private void place(int samples) {
    if (sortedKeys.length < groups) {
      sortedKeys = new long[keys.length];
    }
    System.arraycopy(keys, 0, sortedKeys, 0, groups);
    Arrays.sort(sortedKeys, 0, groups);
    int start = 0;
    for (int i = 0; i < groups; i++) {
      int group = find(sortedKeys[i]);
      int count = counts[group];
      counts[group] = start;
      start += count;
    }
    for (int i = 0; i < samples; i++) {
      int group = groupOfSample[i];
      if (group >= 0) {
        order[counts[group]++] = i;
      }
    }
  }

  private int group(long key) {
    int found = find(key);
    if (found >= 0) {
      return found;
    }
    if (groups == keys.length) {
      keys = Arrays.copyOf(keys, 2 * groups);
      counts = Arrays.copyOf(counts, 2 * groups);
      following = Arrays.copyOf(following, 2 * groups);
    }
    keys[groups] = key;
    counts[groups] = 0;
    following[groups] = -1;
    groups++;
    if (2 * groups > slots.length) {
      slots = new int[2 * slots.length];
      Arrays.fill(slots, -1);
      for (int i = 0; i < groups; i++) {
        slots[free(keys[i])] = i;
      }
    } else {
      slots[free(key)] = groups - 1;
    }
    return groups - 1;
  }

  private int find(long key) {
    int mask = slots.length - 1;
    for (int slot = spread(key) & mask; slots[slot] >= 0; slot = (slot + 1) & mask) {
      if (keys[slots[slot]] == key) {
        return slots[slot];
      }
    }
    return -1;
  }

  private int free(long key) {
    int mask = slots.length - 1;
    int slot = spread(key) & mask;
    while (slots[slot] >= 0) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static int spread(long key) {
    long h = key * 0x9e3779b97f4a7c15L;
    return (int) (h >>> 32);
  }
}
