package barograph.storage.head;

import barograph.storage.index.LabelIndex;
import barograph.storage.index.PairTexts;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/// The label pairs of the head by number, and for each the series that have it.
///
/// A pair that no series has any more is forgotten and its number given to another. Whoever holds
/// one does so under the head's lock; not safe without it.
final class PairDictionary implements LabelIndex {
  private static final int NONE = -1;

  private final KeyedHash hashes;
  private final RoaringBitmap all = new RoaringBitmap();
  private final Map<String, Name> names = new HashMap<>();

  // By pair number.
  private @Nullable Name[] nameOf = new Name[256];
  private @Nullable String[] valueOf = new String[256];
  private int[] hashOf = new int[256];

  /// Where a long value is, which has no string.
  private int[] textOf = new int[256];

  private final LongTexts texts = new LongTexts();

  /// The only member of a pair with one, else -1.
  private int[] single = new int[256];

  private @Nullable RoaringBitmap[] many = new RoaringBitmap[256];

  /// Where the pair stands among those of its name.
  private int[] place = new int[256];

  private int end;
  private int[] free = new int[16];
  private int freeCount;

  /// Pair numbers + 1 by hash, open addressing; 0 is an empty place.
  private int[] slots = new int[512];

  private int used;

  /// A label name and the pairs that have it.
  private static final class Name {
    final String name;
    int[] pairs = new int[4];
    int count;

    Name(String name) {
      this.name = name;
    }
  }

  PairDictionary(KeyedHash hashes) {
    this.hashes = hashes;
  }

  /// The number of the pair, or -1.
  ///
  /// @param hash as [KeyedHash#of(String, String)] says
  int find(String name, String value, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int pair = slots[slot] - 1;
      if (hash == hashOf[pair] && isValue(pair, value) && name.equals(name(pair))) {
        return pair;
      }
      slot = (slot + 1) & mask;
    }
    return NONE;
  }

  /// The number of the pair, which is made if it is new.
  ///
  /// @param hash as [KeyedHash#of(String, String)] says
  int pair(String name, String value, int hash) {
    int known = find(name, value, hash);
    if (known != NONE) {
      return known;
    }
    int pair = freeCount > 0 ? free[--freeCount] : end++;
    put(pair, name, value, hash);
    return pair;
  }

  /// The number of the pair, which is made if it is new.
  int pair(String name, String value) {
    return pair(name, value, hashes.of(name, value));
  }

  /// Forgets the pairs that no series has, after a checkpoint was read.
  void restored() {
    for (int pair = end - 1; pair >= 0; pair--) {
      if (nameOf[pair] != null && many[pair] == null && single[pair] == NONE) {
        forget(pair);
      }
    }
  }

  /// Whether there is a pair of that number.
  boolean isKnown(int pair) {
    return pair >= 0 && pair < end && nameOf[pair] != null;
  }

  private void put(int pair, String name, String value, int hash) {
    // First of all, as memory may be refused.
    int text = LongTexts.takes(value) ? texts.add(value) : 0;
    if (pair >= valueOf.length) {
      int room = Math.max(pair + 1, valueOf.length * 2);
      nameOf = Arrays.copyOf(nameOf, room);
      valueOf = Arrays.copyOf(valueOf, room);
      hashOf = Arrays.copyOf(hashOf, room);
      textOf = Arrays.copyOf(textOf, room);
      single = Arrays.copyOf(single, room);
      many = Arrays.copyOf(many, room);
      place = Arrays.copyOf(place, room);
    }
    if ((used + 1) * 3 > slots.length * 2) {
      rehash(slots.length * 2);
    }
    Name owner = names.computeIfAbsent(name, Name::new);
    if (owner.count == owner.pairs.length) {
      owner.pairs = Arrays.copyOf(owner.pairs, owner.count * 2);
    }
    place[pair] = owner.count;
    owner.pairs[owner.count++] = pair;
    nameOf[pair] = owner;
    textOf[pair] = text;
    valueOf[pair] = text == 0 ? value : null;
    hashOf[pair] = hash;
    single[pair] = NONE;
    many[pair] = null;
    insert(pair);
  }

  private void insert(int pair) {
    int mask = slots.length - 1;
    int slot = hashOf[pair] & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = pair + 1;
    used++;
  }

  private void rehash(int room) {
    slots = new int[room];
    used = 0;
    for (int pair = 0; pair < end; pair++) {
      if (nameOf[pair] != null) {
        insert(pair);
      }
    }
  }

  int hash(int pair) {
    return hashOf[pair];
  }

  String name(int pair) {
    return Objects.requireNonNull(nameOf[pair]).name;
  }

  String value(int pair) {
    String value = valueOf[pair];
    return value != null ? value : texts.text(textOf[pair]);
  }

  /// Whether a pair's value is `value`.
  boolean isValue(int pair, String value) {
    String known = valueOf[pair];
    return known != null
        ? known.equals(value)
        : textOf[pair] != 0 && texts.equal(textOf[pair], value);
  }

  /// The texts of the pairs that there are now, for as long as the caller likes; numbers of pairs
  /// may be asked about only while the head's lock is held, handles at any time.
  PairTexts texts() {
    texts.pin();
    return new Texts();
  }

  /// Bytes of long values, off the heap.
  long textBytes() {
    return texts.bytes();
  }

  /// Says that the series from `from` up to `to`, which are new, have the pair.
  void add(int pair, int from, int to) {
    RoaringBitmap members = many[pair];
    if (members == null) {
      if (single[pair] == NONE && to == from + 1) {
        single[pair] = from;
        return;
      }
      members = members(pair);
      many[pair] = members;
      single[pair] = NONE;
    }
    add(members, from, to);
  }

  /// Says that there are the series from `from` up to `to`.
  void addSeries(int from, int to) {
    add(all, from, to);
  }

  /// Adds each container's share in one go, behind a first member: a container that a range makes
  /// is one of runs, and stays so however many come to be in it.
  private static void add(RoaringBitmap members, int from, int to) {
    for (int at = from; at < to; ) {
      int end = Math.min(to, (at | 0xffff) + 1);
      members.add(at);
      if (end > at + 1) {
        members.add(at + 1L, (long) end);
      }
      at = end;
    }
  }

  /// Forgets the series `gone`, and the pairs that nobody has any more.
  ///
  /// @param theirs the pairs that any of them has
  void remove(RoaringBitmap gone, BitSet theirs) {
    all.andNot(gone);
    for (int pair = theirs.nextSetBit(0); pair >= 0; pair = theirs.nextSetBit(pair + 1)) {
      RoaringBitmap members = many[pair];
      if (members != null) {
        members.andNot(gone);
        if (members.isEmpty()) {
          many[pair] = null;
        }
      } else if (single[pair] != NONE && gone.contains(single[pair])) {
        single[pair] = NONE;
      }
      if (many[pair] == null && single[pair] == NONE) {
        forget(pair);
      }
    }
    texts.shrink();
  }

  /// Takes a pair out of its slot, and moves up those behind it that would not be found any more
  /// (Knuth, The Art of Computer Programming, vol. 3, 6.4, algorithm R).
  private void takeOut(int pair) {
    int mask = slots.length - 1;
    int empty = hashOf[pair] & mask;
    while (slots[empty] != pair + 1) {
      empty = (empty + 1) & mask;
    }
    for (int slot = (empty + 1) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int home = hashOf[slots[slot] - 1] & mask;
      if (((slot - home) & mask) >= ((slot - empty) & mask)) {
        slots[empty] = slots[slot];
        empty = slot;
      }
    }
    slots[empty] = 0;
    used--;
  }

  private void forget(int pair) {
    takeOut(pair);
    Name owner = Objects.requireNonNull(nameOf[pair]);
    int last = owner.pairs[--owner.count];
    owner.pairs[place[pair]] = last;
    place[last] = place[pair];
    if (owner.count == 0) {
      names.remove(owner.name);
    }
    nameOf[pair] = null;
    valueOf[pair] = null;
    if (textOf[pair] != 0) {
      texts.remove(textOf[pair]);
      textOf[pair] = 0;
    }
    release(pair);
  }

  private void release(int pair) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = pair;
  }

  /// The number behind the highest pair.
  int end() {
    return end;
  }

  /// Pairs in use.
  int pairs() {
    return end - freeCount;
  }

  @Override
  public RoaringBitmap all() {
    return all;
  }

  @Override
  public RoaringBitmap postings(String name, String value) {
    int pair = find(name, value, hashes.of(name, value));
    return pair == NONE ? new RoaringBitmap() : members(pair);
  }

  private RoaringBitmap members(int pair) {
    RoaringBitmap members = many[pair];
    if (members != null) {
      return members;
    }
    return single[pair] == NONE ? new RoaringBitmap() : RoaringBitmap.bitmapOf(single[pair]);
  }

  /// How many series have the pair.
  long count(int pair) {
    RoaringBitmap members = many[pair];
    return members != null ? members.getLongCardinality() : single[pair] == NONE ? 0 : 1;
  }

  @Override
  public List<String> names() {
    var sorted = new ArrayList<>(names.keySet());
    sorted.sort(Labels.UTF8_ORDER);
    return sorted;
  }

  @Override
  public List<String> values(String name) {
    Name owner = names.get(name);
    if (owner == null) {
      return List.of();
    }
    var sorted = new ArrayList<String>(owner.count);
    for (int i = 0; i < owner.count; i++) {
      sorted.add(value(owner.pairs[i]));
    }
    sorted.sort(Labels.UTF8_ORDER);
    return sorted;
  }

  @Override
  public void forEachValue(String name, ValueVisitor visitor) {
    Name owner = names.get(name);
    if (owner != null) {
      for (int i = 0; i < owner.count; i++) {
        visitor.visit(value(owner.pairs[i]), count(owner.pairs[i]));
      }
    }
  }

  @Override
  public RoaringBitmap union(String name, String prefix, Predicate<String> accepts) {
    var singles = new RoaringBitmap();
    var sets = new ArrayList<RoaringBitmap>();
    Name owner = names.get(name);
    if (owner == null) {
      return singles;
    }
    for (int i = 0; i < owner.count; i++) {
      int pair = owner.pairs[i];
      String value = value(pair);
      if (value.startsWith(prefix) && accepts.test(value)) {
        RoaringBitmap members = many[pair];
        if (members != null) {
          sets.add(members);
        } else if (single[pair] != NONE) {
          singles.add(single[pair]);
        }
      }
    }
    if (sets.isEmpty()) {
      return singles;
    }
    sets.add(singles);
    return FastAggregation.or(sets.iterator());
  }

  /// How many values label `name` has.
  int valueCount(String name) {
    Name owner = names.get(name);
    return owner == null ? 0 : owner.count;
  }

  /// What selections know pairs by once the head's lock is free again.
  private final class Texts implements PairTexts {
    private final AtomicBoolean closed = new AtomicBoolean();

    @Override
    public int end() {
      return PairDictionary.this.end();
    }

    @Override
    public String name(int pair) {
      return PairDictionary.this.name(pair);
    }

    @Override
    public @Nullable String value(int pair) {
      return valueOf[pair];
    }

    @Override
    public int handle(int pair) {
      return textOf[pair];
    }

    @Override
    public String longValue(int handle) {
      return texts.text(handle);
    }

    @Override
    public int compareLong(int handle, int other) {
      return texts.compare(handle, other);
    }

    @Override
    public boolean ascend() {
      return false;
    }

    @Override
    public int ownBytes(String value) {
      return 0;
    }

    @Override
    public void close() {
      if (!closed.getAndSet(true)) {
        texts.unpin();
      }
    }
  }
}
