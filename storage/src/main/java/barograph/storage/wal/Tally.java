package barograph.storage.wal;

/// Counts what is recorded between two hand-overs to the log's thread.
final class Tally {
  private long samples;
  private long series;
  private long minMillis = Long.MAX_VALUE;
  private long maxMillis = Long.MIN_VALUE;

  /// Which hand-over this is.
  private int piece;

  /// Counts one sample of a series.
  void sample(long timestampMillis) {
    add(timestampMillis, timestampMillis, 1, 1);
  }

  /// Counts samples, of `newSeries` series that were not counted yet.
  void add(long fromMillis, long toMillis, long count, long newSeries) {
    samples += count;
    series += newSeries;
    minMillis = Math.min(minMillis, fromMillis);
    maxMillis = Math.max(maxMillis, toMillis);
  }

  /// Counts a row. Rows of a target nearly always have the same series, so that only those are
  /// counted that go beyond the longest row of this piece.
  void row(TargetChain chain, long timestampMillis, int count) {
    if (chain.talliedPiece != piece) {
      chain.talliedPiece = piece;
      chain.talliedSeries = 0;
      chain.talliedRow = 0;
    } else if (chain.talliedTime != timestampMillis) {
      chain.talliedRow = 0;
    }
    chain.talliedTime = timestampMillis;
    chain.talliedRow += count;
    int fresh = Math.max(0, chain.talliedRow - chain.talliedSeries);
    chain.talliedSeries += fresh;
    add(timestampMillis, timestampMillis, count, fresh);
  }

  /// What was counted.
  Contents contents() {
    return samples == 0 ? Contents.NONE : new Contents(samples, series, minMillis, maxMillis);
  }

  /// Begins anew.
  void clear() {
    samples = 0;
    series = 0;
    minMillis = Long.MAX_VALUE;
    maxMillis = Long.MIN_VALUE;
    piece++;
  }
}
