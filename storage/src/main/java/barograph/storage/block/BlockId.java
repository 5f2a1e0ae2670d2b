package barograph.storage.block;

import java.util.random.RandomGenerator;

/// Names a block and its folder: a ULID, 26 characters that sort by the time of making.
public record BlockId(String text) implements Comparable<BlockId> {
  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  static final int LENGTH = 26;

  public BlockId {
    if (!isValid(text)) {
      throw new IllegalArgumentException(
          "block id is \"%s\", expected a ULID of %d characters".formatted(text, LENGTH));
    }
  }

  /// A new id: 48 bits of time, then 80 of chance.
  public static BlockId of(long epochMillis, RandomGenerator random) {
    var text = new char[LENGTH];
    long high = random.nextLong();
    long low = random.nextLong();
    for (int i = 0; i < 10; i++) {
      text[i] = ALPHABET.charAt((int) (epochMillis >>> (5 * (9 - i))) & 31);
    }
    for (int i = 0; i < 8; i++) {
      text[10 + i] = ALPHABET.charAt((int) (high >>> (5 * i)) & 31);
      text[18 + i] = ALPHABET.charAt((int) (low >>> (5 * i)) & 31);
    }
    return new BlockId(new String(text));
  }

  /// The time of its making, in milliseconds since the epoch, as whoever made it said.
  public long epochMillis() {
    long millis = 0;
    for (int i = 0; i < 10; i++) {
      millis = millis << 5 | ALPHABET.indexOf(text.charAt(i));
    }
    return millis;
  }

  /// The id that comes right after this one: for a block that replaces others and is to stand, in
  /// the order of writing, where the newest of them stood.
  public BlockId next() {
    char[] next = text.toCharArray();
    int at = LENGTH - 1;
    while (next[at] == 'Z') {
      next[at--] = '0';
    }
    next[at] = ALPHABET.charAt(ALPHABET.indexOf(next[at]) + 1);
    return new BlockId(new String(next));
  }

  /// Whether `text` could be the name of a block's folder.
  public static boolean isValid(String text) {
    return text.length() == LENGTH
        && text.charAt(0) <= '7'
        && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }

  @Override
  public int compareTo(BlockId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
