package barograph.ingest.scrape;

import barograph.ingest.hash.KeyedHash;
import java.util.Arrays;
import java.util.BitSet;

/// What the lines of a target's page meant when they were last seen, found again by their bytes.
///
/// A page looks today as it did a beat ago, but for its values. So every line, as far as it says
/// which series or metric it is about, is kept as bytes together with its meaning, and each entry
/// remembers which one followed it: reading an unchanged page compares bytes and neither parses
/// names nor hashes. Only where the page has changed is the line looked up by its hash.
///
/// One thread at a time.
final class LineCache {
  /// What an entry's line is; what [#subject] means depends on it. Up to [#DROPPED] it has a
  /// sample.
  static final byte SERIES = 0;

  /// A part of a classic histogram that is taken as a native one.
  static final byte PART = -1;

  /// Tells since when the series before it count.
  static final byte CREATED = -2;

  /// A series that relabelling drops.
  static final byte DROPPED = 1;

  static final byte COMMENT = 2;
  static final byte HELP = 3;
  static final byte TYPE_HISTOGRAM = 4;
  static final byte TYPE_SUMMARY = 5;
  static final byte TYPE_OTHER = 6;
  static final byte TYPE_COUNTER = 7;

  static final int NONE = -1;

  private final KeyedHash hash;
  private byte[] bytes = new byte[4096];
  private int[] starts = new int[64];
  private byte[] kinds = new byte[63];
  private int[] subjects = new int[63];
  private int[] next = new int[63];
  private int[] lastUsed = new int[63];

  /// What the lines have in common that are about one thing; made when the first is noted.
  private long[] points = {};

  private int count;
  private int first = NONE;
  private int[] slots = new int[128];

  LineCache(KeyedHash hash) {
    this.hash = hash;
    Arrays.fill(slots, NONE);
  }

  int size() {
    return count;
  }

  /// The entry that followed `entry` last time; [#NONE] stands for the page's beginning as well as
  /// for no idea.
  int after(int entry) {
    return entry == NONE ? first : next[entry];
  }

  /// Notes that `follower` comes after `entry`.
  void link(int entry, int follower) {
    if (entry == NONE) {
      first = follower;
    } else {
      next[entry] = follower;
    }
  }

  /// Whether the line at `at` is the one of `entry`: then [#length(int)] bytes of it are known.
  boolean matches(int entry, byte[] page, int at, int end) {
    int start = starts[entry];
    int length = starts[entry + 1] - start;
    int behind = at + length;
    if (behind >= end || !Arrays.equals(bytes, start, start + length, page, at, behind)) {
      return false;
    }
    int c = page[behind];
    if (kinds[entry] > DROPPED) {
      return c == '\n';
    }
    if (bytes[start + length - 1] == '}') {
      return true;
    }
    // A bare name must end here, and no labels may follow it.
    if (c != ' ' && c != '\t') {
      return false;
    }
    while (page[behind] == ' ' || page[behind] == '\t') {
      behind++;
    }
    return page[behind] != '{';
  }

  /// Whether the bytes `[0, length)` are those of `entry`.
  boolean is(int entry, byte[] line, int length) {
    return Arrays.equals(bytes, starts[entry], starts[entry + 1], line, 0, length);
  }

  int length(int entry) {
    return starts[entry + 1] - starts[entry];
  }

  byte kind(int entry) {
    return kinds[entry];
  }

  int subject(int entry) {
    return subjects[entry];
  }

  void resubject(int entry, int subject) {
    subjects[entry] = subject;
  }

  /// The subjects of all entries of this kind.
  BitSet subjects(byte kind) {
    var found = new BitSet();
    for (int entry = 0; entry < count; entry++) {
      if (kinds[entry] == kind) {
        found.set(subjects[entry]);
      }
    }
    return found;
  }

  /// Gives the subjects of all entries of this kind other numbers: `renumbered[s]` for `s`.
  void resubject(byte kind, int[] renumbered) {
    for (int entry = 0; entry < count; entry++) {
      if (kinds[entry] == kind) {
        subjects[entry] = renumbered[subjects[entry]];
      }
    }
  }

  void use(int entry, int visit) {
    lastUsed[entry] = visit;
  }

  /// What the line has in common with others about the same thing, as [#point(int, long)] was told.
  long point(int entry) {
    return entry >= 0 && entry < points.length ? points[entry] : 0;
  }

  void point(int entry, long point) {
    if (entry >= points.length) {
      points = Arrays.copyOf(points, kinds.length);
    }
    points[entry] = point;
  }

  /// The bytes of `entry`'s line.
  byte[] line(int entry) {
    return Arrays.copyOfRange(bytes, starts[entry], starts[entry + 1]);
  }

  /// The entry of the bytes `[from, to)`, or [#NONE].
  int find(byte[] page, int from, int to) {
    int mask = slots.length - 1;
    for (int slot = hash(page, from, to) & mask; slots[slot] != NONE; slot = (slot + 1) & mask) {
      int entry = slots[slot];
      if (Arrays.equals(bytes, starts[entry], starts[entry + 1], page, from, to)) {
        return entry;
      }
    }
    return NONE;
  }

  /// Keeps the bytes `[from, to)`, which are not there yet, with their meaning.
  int add(byte[] page, int from, int to, byte kind, int subject) {
    if (count == kinds.length) {
      int room = 2 * count + 1;
      starts = Arrays.copyOf(starts, room + 1);
      kinds = Arrays.copyOf(kinds, room);
      subjects = Arrays.copyOf(subjects, room);
      next = Arrays.copyOf(next, room);
      lastUsed = Arrays.copyOf(lastUsed, room);
    }
    int start = starts[count];
    int length = to - from;
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(start + length, bytes.length + (bytes.length >> 1)));
    }
    System.arraycopy(page, from, bytes, start, length);
    int entry = count++;
    starts[count] = start + length;
    kinds[entry] = kind;
    subjects[entry] = subject;
    next[entry] = NONE;
    if (2 * count > slots.length) {
      rehash(2 * slots.length);
    } else {
      put(entry);
    }
    return entry;
  }

  /// Keeps the bytes `[from, to)` of a series that [PageTally#name] gave this number; [#NONE] if it
  /// is one too many: then the page is refused in the end, and until then only counted.
  int addSeries(byte[] page, int from, int to, int series) {
    return switch (series) {
      case PageTally.TOO_MANY -> NONE;
      case PageTally.DROPPED -> add(page, from, to, DROPPED, 0);
      default -> add(page, from, to, SERIES, series);
    };
  }

  /// Forgets the entries from the `size`th on, which were added last.
  void cutTo(int size) {
    count = size;
    first = first < size ? first : NONE;
    for (int entry = 0; entry < count; entry++) {
      next[entry] = next[entry] < size ? next[entry] : NONE;
    }
    rehash(slots.length);
  }

  /// Forgets the entries that were not used since `visit`; numbers of the others change.
  void forgetBefore(int visit) {
    var renumbered = new int[count];
    int kept = 0;
    int filled = 0;
    for (int entry = 0; entry < count; entry++) {
      if (lastUsed[entry] < visit) {
        renumbered[entry] = NONE;
        continue;
      }
      int start = starts[entry];
      int length = starts[entry + 1] - start;
      System.arraycopy(bytes, start, bytes, filled, length);
      starts[kept] = filled;
      filled += length;
      kinds[kept] = kinds[entry];
      subjects[kept] = subjects[entry];
      next[kept] = next[entry];
      lastUsed[kept] = lastUsed[entry];
      if (entry < points.length) {
        points[kept] = points[entry];
      }
      renumbered[entry] = kept++;
    }
    starts[kept] = filled;
    count = kept;
    first = first == NONE ? NONE : renumbered[first];
    for (int entry = 0; entry < count; entry++) {
      next[entry] = next[entry] == NONE ? NONE : renumbered[next[entry]];
    }
    rehash(slots.length);
  }

  private void rehash(int room) {
    slots = new int[room];
    Arrays.fill(slots, NONE);
    for (int entry = 0; entry < count; entry++) {
      put(entry);
    }
  }

  private void put(int entry) {
    int mask = slots.length - 1;
    int slot = hash(bytes, starts[entry], starts[entry + 1]) & mask;
    while (slots[slot] != NONE) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = entry;
  }

  private int hash(byte[] line, int from, int to) {
    return (int) hash.first(line, from, to);
  }
}
