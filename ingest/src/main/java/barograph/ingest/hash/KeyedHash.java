package barograph.ingest.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/// A fast 128-bit hash under a secret key, as two independent halves of 64 bits.
///
/// Sixteen bytes at a time are mixed with key words and folded by a 64 × 64 → 128 bit product, in
/// two chains that take turns, the scheme known from wyhash. Without the key nobody can look for
/// collisions, which is what is asked here; it is no cryptographic hash, and its values must not
/// leave the process.
public final class KeyedHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final long[] key;

  /// @param key eight words, which the hash does not keep secret by itself
  public KeyedHash(long[] key) {
    if (key.length != 8) {
      throw new IllegalArgumentException("a key of %d words, expected 8".formatted(key.length));
    }
    this.key = key.clone();
  }

  /// A hash under a key that nobody knows.
  public static KeyedHash withRandomKey() {
    return new KeyedHash(new SecureRandom().longs(8).toArray());
  }

  /// The first half of the hash of `[from, to)`.
  public long first(byte[] bytes, int from, int to) {
    long even = key[1];
    long odd = key[2];
    long h = key[0];
    int i = from;
    if (i + 32 < to) {
      long next = key[3];
      do {
        h = fold((long) LONGS.get(bytes, i) ^ even, (long) LONGS.get(bytes, i + 8) ^ odd ^ h);
        next =
            fold(
                (long) LONGS.get(bytes, i + 16) ^ even,
                (long) LONGS.get(bytes, i + 24) ^ odd ^ next);
        i += 32;
      } while (i + 32 < to);
      h ^= next;
    }
    if (i + 16 < to) {
      h = fold((long) LONGS.get(bytes, i) ^ even, (long) LONGS.get(bytes, i + 8) ^ odd ^ h);
    }
    h = fold(lastButOne(bytes, from, to) ^ even, last(bytes, from, to) ^ odd ^ h);
    return fold(h ^ key[3], (to - from) ^ key[0]);
  }

  /// Both halves of the hash of `[from, to)`, into `halves[at]` and `halves[at + 1]`.
  ///
  /// None of the four chains of products waits for another: together they cost little more than
  /// one.
  public void both(byte[] bytes, int from, int to, long[] halves, int at) {
    long even = key[1];
    long odd = key[2];
    long otherEven = key[5];
    long otherOdd = key[6];
    long h = key[0];
    long g = key[4];
    int i = from;
    if (i + 32 < to) {
      long nextH = key[3];
      long nextG = key[7];
      do {
        long a = (long) LONGS.get(bytes, i);
        long b = (long) LONGS.get(bytes, i + 8);
        h = fold(a ^ even, b ^ odd ^ h);
        g = fold(a ^ otherEven, b ^ otherOdd ^ g);
        a = (long) LONGS.get(bytes, i + 16);
        b = (long) LONGS.get(bytes, i + 24);
        nextH = fold(a ^ even, b ^ odd ^ nextH);
        nextG = fold(a ^ otherEven, b ^ otherOdd ^ nextG);
        i += 32;
      } while (i + 32 < to);
      h ^= nextH;
      g ^= nextG;
    }
    if (i + 16 < to) {
      long a = (long) LONGS.get(bytes, i);
      long b = (long) LONGS.get(bytes, i + 8);
      h = fold(a ^ even, b ^ odd ^ h);
      g = fold(a ^ otherEven, b ^ otherOdd ^ g);
    }
    long a = lastButOne(bytes, from, to);
    long b = last(bytes, from, to);
    h = fold(a ^ even, b ^ odd ^ h);
    g = fold(a ^ otherEven, b ^ otherOdd ^ g);
    halves[at] = fold(h ^ key[3], (to - from) ^ key[0]);
    halves[at + 1] = fold(g ^ key[7], (to - from) ^ key[4]);
  }

  /// The first of the two words that end the bytes. Words overlap where there are too few bytes for
  /// two, and with what was mixed before: the length, mixed last, tells such bytes apart.
  private static long lastButOne(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length >= 16) {
      return (long) LONGS.get(bytes, to - 16);
    }
    if (length >= 8) {
      return (long) LONGS.get(bytes, from);
    }
    if (length >= 4) {
      return (int) INTS.get(bytes, from);
    }
    return length == 0
        ? 0
        : (bytes[from] & 0xffL)
            | (bytes[from + (length >> 1)] & 0xffL) << 8
            | (bytes[to - 1] & 0xffL) << 16;
  }

  private static long last(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length >= 8) {
      return (long) LONGS.get(bytes, to - 8);
    }
    return length >= 4 ? (int) INTS.get(bytes, to - 4) : 0;
  }

  private static long fold(long a, long b) {
    return Math.unsignedMultiplyHigh(a, b) ^ (a * b);
  }
}
