package barograph.storage.index;

import org.jspecify.annotations.Nullable;

/// The texts of label pairs by the numbers that an index has given them.
///
/// A long value is not handed out with the others, as there may be one for every series: it has a
/// handle, by which it is read when somebody wants to see it. Handles stay good until [#close].
public interface PairTexts {
  /// The number behind the highest pair.
  int end();

  /// The name of a pair.
  String name(int pair);

  /// The value of a pair, or null if it is long.
  @Nullable String value(int pair);

  /// By what the long value of a pair is found later.
  int handle(int pair);

  /// The long value that has this handle.
  String longValue(int handle);

  /// The order of two long values, as [barograph.storage.model.Labels#UTF8_ORDER] has it.
  int compareLong(int handle, int other);

  /// Whether a pair with a higher number always comes later in label order.
  boolean ascend();

  /// Bytes of a value that exist for this answer alone and not in the index anyway.
  int ownBytes(String value);

  /// Handles are not needed any more.
  void close();
}
