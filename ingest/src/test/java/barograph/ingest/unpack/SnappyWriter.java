package barograph.ingest.unpack;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/// Packs bytes in Snappy's block format, for tests that need some.
public final class SnappyWriter {
  private SnappyWriter() {}

  /// A Snappy block of literals alone.
  public static byte[] literals(byte[] plain) {
    var block = new ByteArrayOutputStream();
    block.writeBytes(varint(plain.length));
    for (int at = 0; at < plain.length; at += 60) {
      int size = Math.min(60, plain.length - at);
      block.write((size - 1) << 2);
      block.write(plain, at, size);
    }
    return block.toByteArray();
  }

  /// A Snappy block with every kind of element, chosen by chance where they fit.
  public static byte[] mixed(byte[] plain, Random random) {
    var block = new ByteArrayOutputStream();
    block.writeBytes(varint(plain.length));
    for (int at = 0; at < plain.length; ) {
      int offset = at == 0 ? 0 : 1 + random.nextInt(Math.min(at, 3000));
      int same = 0;
      while (offset > 0
          && same < 64
          && at + same < plain.length
          && plain[at + same] == plain[at + same - offset]) {
        same++;
      }
      if (same >= 4 && same <= 11 && offset < 2048 && random.nextBoolean()) {
        block.write(1 | (same - 4) << 2 | offset >>> 8 << 5);
        block.write(offset);
        at += same;
      } else if (same > 0) {
        boolean wide = random.nextInt(4) == 0;
        block.write((wide ? 3 : 2) | (same - 1) << 2);
        for (int i = 0; i < (wide ? 4 : 2); i++) {
          block.write(offset >>> (8 * i));
        }
        at += same;
      } else {
        int size =
            Math.min(plain.length - at, 1 + random.nextInt(random.nextInt(8) == 0 ? 400 : 9));
        if (size <= 60) {
          block.write((size - 1) << 2);
        } else {
          block.write(61 << 2);
          block.write(size - 1);
          block.write((size - 1) >>> 8);
        }
        block.write(plain, at, size);
        at += size;
      }
    }
    return block.toByteArray();
  }

  static byte[] varint(long value) {
    var bytes = new ByteArrayOutputStream();
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes.write((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    bytes.write((int) left);
    return bytes.toByteArray();
  }
}
