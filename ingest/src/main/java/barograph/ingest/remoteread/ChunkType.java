package barograph.ingest.remoteread;

/// How the samples of a chunk are encoded, by the numbers of `prometheus.Chunk.Encoding`.
enum ChunkType {
  XOR(1),
  HISTOGRAM(2),
  FLOAT_HISTOGRAM(3);

  private final int number;

  ChunkType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
