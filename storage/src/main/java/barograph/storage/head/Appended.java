package barograph.storage.head;

/// What became of one sample that the head was offered.
public enum Appended {
  /// It is there now.
  STORED,
  /// It is there now, apart from those that came in order.
  LATE,
  /// It was there already, bit for bit.
  REPEATED,
  /// Its series has a later one.
  OUT_OF_ORDER,
  /// Its series has another value at that time.
  CONTRADICTING,
  /// It lies in a time whose blocks are cut.
  TOO_OLD,
  /// There is no such series, or it is gone.
  UNKNOWN
}
