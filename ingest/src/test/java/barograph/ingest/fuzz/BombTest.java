package barograph.ingest.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.otlp.OtlpReceiver;
import barograph.ingest.otlp.OtlpSettings;
import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.ingest.unpack.SnappyWriter;
import com.github.luben.zstd.Zstd;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Small bodies that become, or claim to become, far more than a request may have: refused on every
/// path, at no more than the request's budget and 4 MiB.
class BombTest {
  /// What a request may have unpacked, as [Parser] limits it.
  private static final long BUDGET = 1 << 20;

  private static final long MOST_BEYOND = 4 << 20;
  private static final byte[] ZEROS = new byte[64 << 20];

  /// Where bodies are pushed to: by encoding and body.
  private record Way(String name, BiFunction<String, ByteBuffer, PushAnswer> push) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Arguments> bombs() {
    byte[] gzip = Parser.gzip(ZEROS);
    byte[] zstd = Zstd.compress(ZEROS);
    // Four gibibytes, declared in five bytes, and nothing behind them.
    byte[] declared = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0, 0};
    byte[] snappy = SnappyWriter.literals(new byte[2 << 20]);
    var all = new ArrayList<Arguments>();
    for (Way way : ways()) {
      boolean remoteWrite = way.name.startsWith("remote write");
      all.add(Arguments.of(way, "zstd", zstd));
      if (remoteWrite || way.name.startsWith("lines")) {
        all.add(Arguments.of(way, "snappy", declared));
        all.add(Arguments.of(way, "snappy", snappy));
      }
      if (!remoteWrite) {
        all.add(Arguments.of(way, "gzip", gzip));
        all.add(Arguments.of(way, "identity", new byte[2 << 20]));
      }
    }
    return all;
  }

  private static List<Way> ways() {
    var first = new RemoteWrite(Parser.writes());
    var otlp = new OtlpReceiver(Parser.writes(), OtlpSettings.DEFAULT);
    var lines = Parser.lines();
    String second = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    return List.of(
        new Way(
            "remote write 1",
            (encoding, body) -> first.accept("application/x-protobuf", encoding, body).join()),
        new Way("remote write 2", (encoding, body) -> first.accept(second, encoding, body).join()),
        new Way(
            "OTLP",
            (encoding, body) -> otlp.accept("application/x-protobuf", encoding, body).join()),
        new Way(
            "OTLP as JSON",
            (encoding, body) -> otlp.accept("application/json", encoding, body).join()),
        new Way(
            "lines of Influx",
            (encoding, body) -> lines.acceptInflux(encoding, "", "", body, Duration.ZERO).join()),
        new Way("lines of JSON", (encoding, body) -> lines.acceptJson(encoding, body).join()));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("bombs")
  void isRefusedAtLittleCost(Object way, String encoding, byte[] body) {
    var push = ((Way) way).push;
    // Whatever is made once is made before.
    assertThat(push.apply(encoding, ByteBuffer.wrap(body)).status()).isBetween(400, 499);
    var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    PushAnswer answer = push.apply(encoding, ByteBuffer.wrap(body));
    long allocated = memory.getCurrentThreadAllocatedBytes() - before;
    assertThat(answer.status()).isBetween(400, 499);
    assertThat(answer.stored()).isZero();
    assertThat(allocated).isLessThan(BUDGET + MOST_BEYOND);
  }
}
