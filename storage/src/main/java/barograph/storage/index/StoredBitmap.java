package barograph.storage.index;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.NoSuchElementException;
import org.roaringbitmap.InvalidRoaringFormat;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/// Sets of numbers as they stand on disk, in the portable format of Roaring bitmaps.
public final class StoredBitmap {
  private StoredBitmap() {}

  /// The set that begins where `bytes` do; it has a first and a last number if it is not empty.
  ///
  /// @throws IllegalArgumentException if the bytes are none
  public static RoaringBitmap read(ByteBuffer bytes) {
    try {
      var stored = new ImmutableRoaringBitmap(bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
      RoaringBitmap found = stored.toRoaringBitmap();
      if (!found.isEmpty() && Integer.compareUnsigned(found.first(), found.last()) > 0) {
        throw new IllegalArgumentException(
            "no bitmap: from %d to %d".formatted(found.first(), found.last()));
      }
      return found;
    } catch (InvalidRoaringFormat
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | NoSuchElementException
        | BufferUnderflowException e) {
      throw new IllegalArgumentException("no bitmap: " + e.getMessage(), e);
    }
  }
}
