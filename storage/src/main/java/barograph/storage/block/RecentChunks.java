package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Remembers the chunks written last, so that the next one with the very same bytes need not be
/// written again.
///
/// Series that say the same, as a histogram's count and its last bucket do, are near each other in
/// block order: a window of some megabytes finds nearly all. Bytes are compared, never only hashes.
final class RecentChunks {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int WINDOW_BYTES = 1 << 24;
  private static final int SLOT_BITS = 18;
  private static final int SLOTS = 1 << SLOT_BITS;

  /// Shorter chunks cost less than a reference.
  private static final int FEWEST_BYTES = 6;

  private final long[] places = new long[SLOTS];
  private final int[] lengths = new int[SLOTS];
  private byte[] window = new byte[1 << 16];

  /// How much of the data has been seen; of it, the last [#WINDOW_BYTES] are in the window, each
  /// byte at its position modulo the window's length.
  private long seen;

  /// Where the same bytes stand already, or -1.
  long find(ByteSink chunk, long position) {
    if (chunk.size() < FEWEST_BYTES) {
      return -1;
    }
    int slot = slot(chunk);
    long place = places[slot];
    boolean there =
        lengths[slot] == chunk.size() && position - place <= WINDOW_BYTES && matches(chunk, place);
    return there ? place : -1;
  }

  /// Takes note of a chunk written at `position`, to be found again if `reusable`.
  void add(ByteSink chunk, long position, boolean reusable) {
    if (position != seen) {
      throw new AssertionError("chunk at %d, expected at %d".formatted(position, seen));
    }
    grow(chunk.size());
    int at = (int) (seen % window.length);
    int piece = Math.min(chunk.size(), window.length - at);
    System.arraycopy(chunk.array(), 0, window, at, piece);
    System.arraycopy(chunk.array(), piece, window, 0, chunk.size() - piece);
    seen += chunk.size();
    if (reusable && chunk.size() >= FEWEST_BYTES) {
      int slot = slot(chunk);
      places[slot] = position;
      lengths[slot] = chunk.size();
    }
  }

  private void grow(int more) {
    while (window.length < WINDOW_BYTES && seen + more > window.length) {
      window = Arrays.copyOf(window, 2 * window.length);
    }
  }

  private boolean matches(ByteSink chunk, long place) {
    int at = (int) (place % window.length);
    int piece = Math.min(chunk.size(), window.length - at);
    return Arrays.equals(window, at, at + piece, chunk.array(), 0, piece)
        && Arrays.equals(window, 0, chunk.size() - piece, chunk.array(), piece, chunk.size());
  }

  private static int slot(ByteSink chunk) {
    byte[] bytes = chunk.array();
    int size = chunk.size();
    int words = size & -Long.BYTES;
    long hash = size;
    for (int i = 0; i < words; i += Long.BYTES) {
      hash = (Long.rotateLeft(hash, 29) ^ (long) LONG.get(bytes, i)) * 0x9e3779b97f4a7c15L;
    }
    for (int i = words; i < size; i++) {
      hash = (Long.rotateLeft(hash, 29) ^ bytes[i]) * 0x9e3779b97f4a7c15L;
    }
    return (int) (hash >>> (Long.SIZE - SLOT_BITS));
  }
}
