package barograph.storage.head;

/// What a series has already at the time of a sample that it is offered.
enum Found {
  NOTHING,
  /// The same value, bit for bit.
  SAME,
  /// Another value.
  OTHER;

  static Found of(double there, long bits) {
    return Double.doubleToRawLongBits(there) == bits ? SAME : OTHER;
  }
}
