package barograph.query.function;

import barograph.storage.model.Labels;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The number that labels hash to, the same in every process and with Prometheus: which series
/// `limit_ratio` picks depends on it.
///
/// XXH64 (Collet 2012) of names and values, each behind its length.
public final class LabelHash {
  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME_3 = 0x165667B19E3779F9L;
  private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME_5 = 0x27D4EB2F165667C5L;

  /// The first two primes added.
  private static final long FIRST_LANE = 0x60EA27EEADC0B5D6L;

  /// The first prime, negative.
  private static final long LAST_LANE = 0x61C8864E7A143579L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private LabelHash() {}

  /// The hash as a number from 0 up to 1.
  public static double share(Labels labels) {
    long hash = of(labels);
    double number = (hash >>> 1) * 2.0 + (hash & 1);
    return hash >= 0 ? hash / 0x1p64 : number / 0x1p64;
  }

  static long of(Labels labels) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < labels.size(); i++) {
      write(bytes, labels.name(i));
      write(bytes, labels.value(i));
    }
    return hash(bytes.toByteArray());
  }

  private static void write(ByteArrayOutputStream into, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 255) {
      into.write(bytes.length);
    } else {
      into.write(255);
      into.write(bytes.length);
      into.write(bytes.length >> 8);
      into.write(bytes.length >> 16);
    }
    into.writeBytes(bytes);
  }

  static long hash(byte[] bytes) {
    int at = 0;
    long hash;
    if (bytes.length >= 32) {
      long a = FIRST_LANE;
      long b = PRIME_2;
      long c = 0;
      long d = LAST_LANE;
      for (; at + 32 <= bytes.length; at += 32) {
        a = round(a, (long) LONGS.get(bytes, at));
        b = round(b, (long) LONGS.get(bytes, at + 8));
        c = round(c, (long) LONGS.get(bytes, at + 16));
        d = round(d, (long) LONGS.get(bytes, at + 24));
      }
      hash =
          Long.rotateLeft(a, 1)
              + Long.rotateLeft(b, 7)
              + Long.rotateLeft(c, 12)
              + Long.rotateLeft(d, 18);
      hash = merge(merge(merge(merge(hash, a), b), c), d);
    } else {
      hash = PRIME_5;
    }
    hash += bytes.length;
    for (; at + 8 <= bytes.length; at += 8) {
      hash ^= round(0, (long) LONGS.get(bytes, at));
      hash = Long.rotateLeft(hash, 27) * PRIME_1 + PRIME_4;
    }
    if (at + 4 <= bytes.length) {
      hash ^= Integer.toUnsignedLong((int) INTS.get(bytes, at)) * PRIME_1;
      hash = Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3;
      at += 4;
    }
    for (; at < bytes.length; at++) {
      hash ^= (bytes[at] & 0xff) * PRIME_5;
      hash = Long.rotateLeft(hash, 11) * PRIME_1;
    }
    hash = (hash ^ (hash >>> 33)) * PRIME_2;
    hash = (hash ^ (hash >>> 29)) * PRIME_3;
    return hash ^ (hash >>> 32);
  }

  private static long round(long state, long input) {
    return Long.rotateLeft(state + input * PRIME_2, 31) * PRIME_1;
  }

  private static long merge(long hash, long state) {
    return (hash ^ round(0, state)) * PRIME_1 + PRIME_4;
  }
}
