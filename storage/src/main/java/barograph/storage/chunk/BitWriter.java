package barograph.storage.chunk;

/// Appends numbers of any width to a row of bits, the lowest bit first.
///
/// [#start] says how many bits will come at most; nothing else may be written to the sink until
/// [#finish].
final class BitWriter {
  private ByteSink sink = new ByteSink(0);
  private byte[] bytes = new byte[0];
  private int at;
  private long pending;
  private int filled;

  void start(ByteSink into, long mostBits) {
    sink = into;
    into.reserve((int) (mostBits >>> 3) + 16);
    bytes = into.array();
    at = into.size();
    pending = 0;
    filled = 0;
  }

  /// Appends the low `width` bits of `value`, which has no others set; 0 to 64 of them.
  void put(long value, int width) {
    if (width == 0) {
      return;
    }
    pending |= value << filled;
    int total = filled + width;
    if (total < 64) {
      filled = total;
      return;
    }
    Bits.putLong(bytes, at, pending);
    at += 8;
    filled = total - 64;
    pending = filled == 0 ? 0 : value >>> (width - filled);
  }

  /// Appends the first `count` of `values`, which are all `width` bits wide, 1 to 64.
  void putAll(long[] values, int count, int width) {
    byte[] into = bytes;
    int place = at;
    long word = pending;
    int used = filled;
    for (int i = 0; i < count; i++) {
      long value = values[i];
      word |= value << used;
      used += width;
      if (used >= 64) {
        Bits.putLong(into, place, word);
        place += 8;
        used -= 64;
        word = used == 0 ? 0 : value >>> (width - used);
      }
    }
    at = place;
    pending = word;
    filled = used;
  }

  /// Rounds up to a whole byte and hands the sink its bytes.
  void finish() {
    Bits.putLong(bytes, at, pending);
    sink.grewTo(at + ((filled + 7) >>> 3));
  }
}
