package barograph.storage.model;

/// Memory that an answer may take, asked for before it is taken.
///
/// Whoever wants an answer lends one to whoever makes it, so that the maker need not know what
/// limits there are or in whose words they are told.
@FunctionalInterface
public interface Allowance {
  /// For askers that are trusted to ask for little.
  Allowance UNLIMITED = bytes -> {};

  /// Takes `bytes`, about, until the answer is let go.
  ///
  /// @throws RuntimeException of the asker's own kind if there are not so many left
  void take(long bytes);
}
