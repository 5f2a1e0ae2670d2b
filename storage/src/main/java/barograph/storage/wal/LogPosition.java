package barograph.storage.wal;

/// A place in the log: all before it was handed over.
///
/// @param segment the number of a segment
/// @param offset where in it a frame starts, or the next one will
public record LogPosition(long segment, long offset) {
  public LogPosition {
    if (segment < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "log position %d in segment %d, expected no negative numbers".formatted(offset, segment));
    }
  }

  /// Whether this place comes later than another.
  public boolean isBehind(LogPosition other) {
    return segment != other.segment ? segment > other.segment : offset > other.offset;
  }

  /// The later one of this place and another.
  public LogPosition orLater(LogPosition other) {
    return other.isBehind(this) ? other : this;
  }
}
