package barograph.ingest.remotewrite;

import barograph.ingest.hash.KeyedHash;
import barograph.storage.Appender;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The receiving end of remote write 1.0.
///
/// Safe for any thread; [#accept] decodes on the calling one and may block while the store is busy.
public final class RemoteWrite {
  private static final String MEDIA_TYPE = "application/x-protobuf";
  private static final String MESSAGE = "prometheus.WriteRequest";
  private static final int SPARE = 64;

  private final Appender appender;
  private final RemoteWriteLimits limits;
  private final SeriesCache cache;
  private final KeyedHash hash = KeyedHash.withRandomKey();
  private final BlockingQueue<PendingWrite> spare = new ArrayBlockingQueue<>(SPARE);
  private final RemoteWriteCounters counters = new RemoteWriteCounters();

  /// What a sender is told.
  ///
  /// @param status 204 if every sample is stored, 4xx if some never will be, 5xx if trying again
  ///   may help
  /// @param message plain text, empty with 204
  /// @param stored samples of the request that are stored, also when others were refused
  public record Answer(int status, String message, int stored) {}

  public RemoteWrite(Appender appender, RemoteWriteLimits limits) {
    this.appender = appender;
    this.limits = limits;
    this.cache = new SeriesCache(limits.cachedSeries(), System::nanoTime);
  }

  /// What was done so far, for the server's own metrics.
  public RemoteWriteCounters counters() {
    return counters;
  }

  /// The answer that the headers alone call for, or null if the body is worth reading.
  public @Nullable Answer refusal(@Nullable String contentType, @Nullable String contentEncoding) {
    String type = contentType == null ? "" : contentType.strip();
    if (!type.isEmpty()) {
      String[] parts = type.split(";", -1);
      if (!parts[0].strip().equalsIgnoreCase(MEDIA_TYPE)) {
        return new Answer(
            415, "content type is \"%s\", expected %s".formatted(parts[0].strip(), MEDIA_TYPE), 0);
      }
      for (int i = 1; i < parts.length; i++) {
        String parameter = parts[i].strip();
        if (parameter.startsWith("proto=") && !parameter.equals("proto=" + MESSAGE)) {
          return new Answer(
              415,
              "protobuf message is %s, expected %s".formatted(parameter.substring(6), MESSAGE),
              0);
        }
      }
    }
    String encoding = contentEncoding == null ? "" : contentEncoding.strip();
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("snappy")) {
      return new Answer(415, "content encoding is \"%s\", expected snappy".formatted(encoding), 0);
    }
    return null;
  }

  /// Stores the samples of one request.
  ///
  /// @param body belongs to the callee until this method returns, not until the answer is there
  /// @return never fails; comes once the samples are durable, as the store promises it
  public CompletableFuture<Answer> accept(
      @Nullable String contentType, @Nullable String contentEncoding, ByteBuffer body) {
    counters.requests.increment();
    @Nullable Answer refusal = refusal(contentType, contentEncoding);
    if (refusal != null) {
      counters.badRequests.increment();
      return CompletableFuture.completedFuture(refusal);
    }
    cache.tidy();
    @Nullable PendingWrite free = spare.poll();
    PendingWrite pending = free == null ? new PendingWrite(appender, limits, cache, hash) : free;
    byte[] packed;
    int from;
    int to;
    if (body.hasArray()) {
      packed = body.array();
      from = body.arrayOffset() + body.position();
      to = from + body.remaining();
    } else {
      packed = new byte[body.remaining()];
      body.get(body.position(), packed);
      from = 0;
      to = packed.length;
    }
    return pending
        .write(packed, from, to)
        .thenApply(answer -> {
          counters.stored.add(answer.stored());
          counters.refused.add(pending.refused());
          if (answer.stored() == 0 && pending.refused() == 0 && answer.status() >= 400) {
            counters.badRequests.increment();
          }
          if (pending.reusable()) {
            spare.offer(pending);
          }
          return answer;
        });
  }
}
