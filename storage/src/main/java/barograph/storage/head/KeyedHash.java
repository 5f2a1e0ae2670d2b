package barograph.storage.head;

import barograph.storage.model.Labels;

/// Hashes labels by a key that each process makes anew, so that nobody outside can choose labels
/// that collide.
final class KeyedHash {
  private final long key;

  KeyedHash(long key) {
    this.key = key;
  }

  int of(Labels labels) {
    long h = key;
    for (int i = 0; i < labels.size(); i++) {
      h = mix(mix(h, labels.name(i)), labels.value(i));
    }
    return finish(h);
  }

  int of(String name, String value) {
    return finish(mix(mix(key, name), value));
  }

  private long mix(long seed, String text) {
    long h = seed ^ text.length();
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x9e3779b97f4a7c15L;
      h ^= h >>> 29;
    }
    return h + key;
  }

  private static int finish(long mixed) {
    long h = (mixed ^ (mixed >>> 32)) * 0x9fb21c651e98df25L;
    return (int) (h ^ (h >>> 35));
  }
}
