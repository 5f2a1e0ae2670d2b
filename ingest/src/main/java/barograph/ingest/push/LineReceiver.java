package barograph.ingest.push;

import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.unpack.Encoding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The receiving end of samples as lines. A line that cannot be stored is refused and said so; the
/// others are stored. Safe for any thread.
public final class LineReceiver {
  private final PushedWrites writes;
  private final InstantSource clock;

  /// @param clock the time of a line that tells none
  public LineReceiver(PushedWrites writes, InstantSource clock) {
    this.writes = writes;
    this.clock = clock;
  }

  /// Stores points of Influx's line protocol.
  ///
  /// @param precision the unit of its times, as the protocol names it; empty for nanoseconds
  /// @param waited how long ago they have come: what tells no time is of then
  /// @param database becomes the label `db` unless it is empty
  /// @return never fails; comes once everything is durable, as the store promises it
  public CompletableFuture<PushAnswer> acceptInflux(
      String contentEncoding, String precision, String database, ByteBuffer body, Duration waited) {
    @Nullable TimeUnits units = TimeUnits.of(precision);
    if (units == null) {
      return CompletableFuture.completedFuture(
          PushAnswer.nothing(
              400, "precision is \"%s\", expected ns, us, ms, s, m or h".formatted(precision)));
    }
    return accept(
        contentEncoding,
        body,
        (plain, series) ->
            new InfluxLines(plain.bytes(), plain.length(), series)
                .read(units, database, clock.millis() - waited.toMillis()));
  }

  /// Stores series as JSON objects, one after the other, with `metric`, `values` and `timestamps`
  /// in milliseconds.
  ///
  /// @return never fails; comes once everything is durable, as the store promises it
  public CompletableFuture<PushAnswer> acceptJson(String contentEncoding, ByteBuffer body) {
    return accept(
        contentEncoding,
        body,
        (plain, series) -> new JsonLines(series).read(plain.bytes(), plain.length()));
  }

  private CompletableFuture<PushAnswer> accept(
      String contentEncoding, ByteBuffer body, PushedWrites.Decoder decoder) {
    @Nullable Encoding encoding = Encoding.of(contentEncoding);
    if (encoding == null) {
      return CompletableFuture.completedFuture(
          PushAnswer.nothing(
              415,
              "content encoding is \"%s\", expected gzip, zstd, snappy or none"
                  .formatted(contentEncoding)));
    }
    return writes.write((plain, series) -> {
      plain.unpack(encoding, body, writes.limits().decodedBytes());
      decoder.decode(plain, series);
    });
  }
}
