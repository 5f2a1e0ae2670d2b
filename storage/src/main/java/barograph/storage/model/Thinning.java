package barograph.storage.model;

/// Which samples a reader may leave out because nobody would tell the difference.
///
/// Whoever looks at samples through long windows, and asks each window only for the least, the
/// greatest, the first, the last or how many, need not see what lies between: where no window
/// begins or ends among the samples of a chunk, a few stand in for all of them and the chunk is not
/// decoded. Stand-ins have the first and the last sample's time and value; between them, unless
/// [#onlyRising()], stand the least and the greatest value at any time.
public interface Thinning {
  /// Everything is wanted.
  Thinning NONE =
      new Thinning() {
        @Override
        public boolean allows(long firstMillis, long lastMillis) {
          return false;
        }

        @Override
        public boolean sparesAnything() {
          return false;
        }
      };

  /// False if there is no use in asking.
  default boolean sparesAnything() {
    return true;
  }

  /// Whether stand-ins are enough for samples that follow each other from `firstMillis` to
  /// `lastMillis`.
  boolean allows(long firstMillis, long lastMillis);

  /// Whether they are enough only where no value is below the one before it, so that a counter that
  /// starts anew is seen.
  default boolean onlyRising() {
    return false;
  }
}
