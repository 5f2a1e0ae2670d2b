package barograph.storage.head;

/// Hashes label pairs, and labels by their pairs, by a key that each process makes anew, so that
/// nobody outside can choose labels that collide.
///
/// Labels are hashed by the hashes of their pairs: who has these need not look at the text again,
/// and a series that a checkpoint brings back is hashed without any.
final class KeyedHash {
  private static final long ODD = 0x9e3779b97f4a7c15L;

  private final long key;

  KeyedHash(long key) {
    this.key = key;
  }

  int of(String name, String value) {
    return finish(mix(mix(key, name), value));
  }

  /// The hash of labels with pairs of the first `count` of these hashes.
  int of(int[] pairHashes, int count) {
    long h = key;
    for (int i = 0; i < count; i++) {
      h = (h ^ pairHashes[i]) * ODD;
      h ^= h >>> 29;
    }
    return finish(h);
  }

  /// Takes four characters at a time.
  private long mix(long seed, String text) {
    int length = text.length();
    long h = seed ^ length;
    int at = 0;
    for (; at + 4 <= length; at += 4) {
      long low = text.charAt(at) | (long) text.charAt(at + 1) << 16;
      long high = text.charAt(at + 2) | (long) text.charAt(at + 3) << 16;
      h = (h ^ (low | high << 32)) * ODD;
      h ^= h >>> 29;
    }
    for (; at < length; at++) {
      h = (h ^ text.charAt(at)) * ODD;
      h ^= h >>> 29;
    }
    return h + key;
  }

  private static int finish(long mixed) {
    long h = (mixed ^ (mixed >>> 32)) * 0x9fb21c651e98df25L;
    return (int) (h ^ (h >>> 35));
  }
}
