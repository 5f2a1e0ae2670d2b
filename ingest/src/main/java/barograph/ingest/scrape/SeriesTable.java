package barograph.ingest.scrape;

import java.util.Arrays;
import java.util.BitSet;

/// The series that a target has brought, under the target's own numbers: what the store calls each,
/// and when it was last seen. One thread at a time.
final class SeriesTable {
  private static final int NEVER = -1;

  private int[] refs = new int[64];
  private int[] lastSeen = new int[64];
  private int count;
  private int[] slots = new int[128];

  /// Since when each counts, as far as it was told; made when the first start comes.
  private long[] starts = {};

  private int visits;

  /// The last visit that brought samples, and how many series it brought.
  private int liveVisit = NEVER;

  private int liveCount;

  SeriesTable() {
    Arrays.fill(slots, NEVER);
  }

  int size() {
    return count;
  }

  /// The number of the visit that begins now.
  int beginVisit() {
    return ++visits;
  }

  int ref(int number) {
    return refs[number];
  }

  /// The number of the series that the store calls `ref`, new or known.
  int number(int ref) {
    int slot = slot(ref);
    if (slots[slot] != NEVER) {
      return slots[slot];
    }
    if (count == refs.length) {
      refs = Arrays.copyOf(refs, 2 * count);
      lastSeen = Arrays.copyOf(lastSeen, 2 * count);
    }
    refs[count] = ref;
    lastSeen[count] = NEVER;
    slots[slot] = count++;
    if (2 * count > slots.length) {
      rehash(2 * slots.length);
    }
    return count - 1;
  }

  /// Notes that `visit` has brought this series; false if it had brought it already.
  boolean see(int number, int visit) {
    if (lastSeen[number] == visit) {
      return false;
    }
    lastSeen[number] = visit;
    return true;
  }

  /// Takes [#see] back.
  void unsee(int number) {
    lastSeen[number] = NEVER;
  }

  /// Notes since when this series counts; false if that was known.
  boolean startsAt(int number, long millis) {
    if (number >= starts.length) {
      starts = Arrays.copyOf(starts, refs.length);
    }
    if (starts[number] == millis) {
      return false;
    }
    starts[number] = millis;
    return true;
  }

  /// Numbers of the series that the last good visit brought and `visit` has not; from now on
  /// `visit` is the last good one.
  BitSet vanishedAt(int visit) {
    var vanished = new BitSet();
    int seen = 0;
    for (int number = 0; number < count; number++) {
      if (lastSeen[number] == visit) {
        seen++;
      } else if (liveCount > 0 && lastSeen[number] == liveVisit) {
        vanished.set(number);
      }
    }
    liveVisit = visit;
    liveCount = seen;
    return vanished;
  }

  /// Drops all series but `used`; the answer tells the new number of each old one.
  int[] keepOnly(BitSet used) {
    var renumbered = new int[count];
    int kept = 0;
    for (int number = 0; number < count; number++) {
      renumbered[number] = NEVER;
      if (used.get(number)) {
        refs[kept] = refs[number];
        lastSeen[kept] = lastSeen[number];
        if (number < starts.length) {
          starts[kept] = starts[number];
        }
        renumbered[number] = kept++;
      }
    }
    Arrays.fill(starts, Math.min(kept, starts.length), starts.length, 0);
    count = kept;
    rehash(slots.length);
    return renumbered;
  }

  private void rehash(int room) {
    slots = new int[room];
    Arrays.fill(slots, NEVER);
    for (int number = 0; number < count; number++) {
      slots[slot(refs[number])] = number;
    }
  }

  private int slot(int ref) {
    int mask = slots.length - 1;
    int slot = ((ref * 0x9e3779b9) >>> 7) & mask;
    while (slots[slot] != NEVER && refs[slots[slot]] != ref) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
