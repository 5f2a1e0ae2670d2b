package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Gathers which series of a block being written have which label pair, series after series in
/// block order.
///
/// Sets grow compressed: a list of all members of all pairs would be the largest thing that a block
/// needs while it is written.
final class PostingsWriter {
  /// A postings entry with this bit is the one series itself, and no offset.
  static final int SINGLE_FLAG = 1 << 31;

  /// Up to this many series are listed instead of being made a bitmap.
  static final int MOST_LISTED = 12;

  static final int LISTED = 0;
  static final int BITMAP = 1;

  private static final int NONE = -1;

  /// The only member of a pair that has one.
  private final int[] single;

  private final @Nullable RoaringBitmap[] many;
  private int series;

  /// @param pairs how many pairs there are
  PostingsWriter(int pairs) {
    single = new int[pairs];
    Arrays.fill(single, NONE);
    many = new RoaringBitmap[pairs];
  }

  /// Takes in the next series with the first `count` of `pairs`.
  void add(int[] pairs, int count) {
    for (int i = 0; i < count; i++) {
      int pair = pairs[i];
      RoaringBitmap members = many[pair];
      if (members != null) {
        members.add(series);
      } else if (single[pair] == NONE) {
        single[pair] = series;
      } else {
        many[pair] = RoaringBitmap.bitmapOf(single[pair], series);
      }
    }
    series++;
  }

  /// Writes the series of every pair, then per pair where they are.
  void writeTo(ByteSink into) {
    var entries = new ByteSink(4 * single.length);
    for (int pair = 0; pair < single.length; pair++) {
      RoaringBitmap members = many[pair];
      if (members == null) {
        entries.putInt(single[pair] | SINGLE_FLAG);
        continue;
      }
      entries.putInt(into.size());
      int size = members.getCardinality();
      if (size > MOST_LISTED) {
        writeBitmap(members, into);
      } else {
        into.putByte(LISTED);
        into.putVarint(size);
        int last = 0;
        for (int member : members.toArray()) {
          into.putVarint(member - last);
          last = member;
        }
      }
      many[pair] = null;
    }
    into.putBytes(entries.array(), 0, entries.size());
  }

  private static void writeBitmap(RoaringBitmap members, ByteSink into) {
    members.runOptimize();
    var bytes = new byte[members.serializedSizeInBytes()];
    members.serialize(ByteBuffer.wrap(bytes));
    into.putByte(BITMAP);
    into.putVarint(bytes.length);
    into.putBytes(bytes);
  }
}
