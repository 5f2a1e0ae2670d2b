package barograph.storage.head;

/// About how long the next checkpoint will be, told without writing it.
///
/// What it has of open streams and late samples is counted as it is now: a fleet whose series were
/// made together seals their streams together, and a checkpoint after that has hardly any of what
/// was in the last one. Of all else it has as much for each series as the last one had.
final class CheckpointSize {
  /// What a series takes besides its stream, as long as no checkpoint has told.
  private static final int BYTES_A_SERIES = 64;

  /// A cell of a stream has seven words and the number of the next.
  private static final int BYTES_A_CELL = BitStream.WORDS * Long.BYTES;

  /// A value, and how far its time is from that of the one before.
  private static final int BYTES_A_LATE_SAMPLE = 10;

  private final Head head;
  private volatile double bytesASeries = BYTES_A_SERIES;

  CheckpointSize(Head head) {
    this.head = head;
  }

  /// Learns from a checkpoint that was written.
  ///
  /// @param words of open streams in it
  /// @param lateSamples in it
  void wrote(long bytes, int series, long words, long lateSamples) {
    long others = bytes - words * Long.BYTES - lateSamples * BYTES_A_LATE_SAMPLE;
    bytesASeries = series == 0 ? BYTES_A_SERIES : Math.max(0, (double) others / series);
  }

  /// Learns from the checkpoint that the head was just filled from.
  void read(long bytes) {
    long words = (long) head.cells.cellsInUse() * BitStream.WORDS;
    wrote(bytes, head.seriesCount(), words, head.late().samples());
  }

  /// Bytes of the next one.
  long expected() {
    return (long) (bytesASeries * head.seriesCount())
        + (long) head.cells.cellsInUse() * BYTES_A_CELL
        + head.late().samples() * BYTES_A_LATE_SAMPLE;
  }
}
