package barograph.ingest.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// The parsers under Jazzer, which changes bytes so as to reach what no bytes have reached yet.
///
/// An ordinary run tries an empty input; `JAZZER_FUZZ=1 mvn -pl ingest test
/// -Dtest='CoverageFuzzTest#otlp'` looks for others.
class CoverageFuzzTest {
  @FuzzTest
  void snappy(byte[] input) {
    Parser.SNAPPY.read(input);
  }

  @FuzzTest
  void zstd(byte[] input) {
    Parser.ZSTD.read(input);
  }

  @FuzzTest
  void gzip(byte[] input) {
    Parser.GZIP.read(input);
  }

  @FuzzTest
  void remoteWrite1(byte[] input) {
    Parser.REMOTE_WRITE_1.read(input);
  }

  @FuzzTest
  void remoteWrite2(byte[] input) {
    Parser.REMOTE_WRITE_2.read(input);
  }

  @FuzzTest
  void readRequest(byte[] input) {
    Parser.READ_REQUEST.read(input);
  }

  @FuzzTest
  void readSamples(byte[] input) {
    Parser.READ_SAMPLES.read(input);
  }

  @FuzzTest
  void readChunks(byte[] input) {
    Parser.READ_CHUNKS.read(input);
  }

  @FuzzTest
  void otlp(byte[] input) {
    Parser.OTLP.read(input);
  }

  @FuzzTest
  void otlpJson(byte[] input) {
    Parser.OTLP_JSON.read(input);
  }

  @FuzzTest
  void influx(byte[] input) {
    Parser.INFLUX.read(input);
  }

  @FuzzTest
  void jsonLines(byte[] input) {
    Parser.JSON_LINES.read(input);
  }

  @FuzzTest
  void text(byte[] input) {
    Parser.TEXT.read(input);
  }

  @FuzzTest
  void openMetrics(byte[] input) {
    Parser.OPEN_METRICS.read(input);
  }

  @FuzzTest
  void protobuf(byte[] input) {
    Parser.PROTOBUF.read(input);
  }
}
