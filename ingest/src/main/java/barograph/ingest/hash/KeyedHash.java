package barograph.ingest.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/// A fast 128-bit hash under a secret key, as two independent halves of 64 bits.
///
/// Sixteen bytes at a time are mixed with key words and folded by a 64 × 64 → 128 bit product, the
/// scheme known from wyhash. Without the key nobody can look for collisions, which is what is asked
/// here; it is no cryptographic hash, and its values must not leave the process.
public final class KeyedHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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
    return mix(bytes, from, to, key[0], key[1], key[2], key[3]);
  }

  /// The other half.
  public long second(byte[] bytes, int from, int to) {
    return mix(bytes, from, to, key[4], key[5], key[6], key[7]);
  }

  private static long mix(
      byte[] bytes, int from, int to, long start, long evenKey, long oddKey, long endKey) {
    long h = start;
    int i = from;
    for (; i + 16 <= to; i += 16) {
      h = fold((long) LONGS.get(bytes, i) ^ evenKey, (long) LONGS.get(bytes, i + 8) ^ oddKey ^ h);
    }
    int left = to - i;
    long a = 0;
    long b = 0;
    if (left >= 8) {
      a = (long) LONGS.get(bytes, i);
      i += 8;
    }
    for (int shift = 0; i < to; i++, shift += 8) {
      b |= (bytes[i] & 0xffL) << shift;
    }
    h = fold(a ^ evenKey, b ^ oddKey ^ h);
    return fold(h ^ endKey, (to - from) ^ start);
  }

  private static long fold(long a, long b) {
    return Math.unsignedMultiplyHigh(a, b) ^ (a * b);
  }
}
