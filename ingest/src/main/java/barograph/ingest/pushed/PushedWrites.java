package barograph.ingest.pushed;

import barograph.ingest.hash.KeyedHash;
import barograph.ingest.unpack.PlainBody;
import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.Appender;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The road that all pushed samples take into the store.
///
/// Safe for any thread; [#write] decodes on the calling one and may block while the store is busy.
public final class PushedWrites {
  private static final int SPARE = 64;

  private final Appender appender;
  private final PushLimits limits;
  private final SeriesCache cache;
  private final boolean startTimes;
  private final KeyedHash hash = KeyedHash.withRandomKey();
  private final Repeats repeats = new Repeats();
  private final BlockingQueue<PendingWrite> spare = new ArrayBlockingQueue<>(SPARE);

  /// Reads one request.
  @FunctionalInterface
  public interface Decoder {
    /// Fills `series` from a body; `body` is room for what has to be unpacked.
    void decode(PlainBody body, PushedSeries series)
        throws RefusedBodyException, UnpackException, MalformedMessageException;
  }

  /// Writes of series that began at no particular time.
  public PushedWrites(Appender appender, PushLimits limits) {
    this(appender, limits, false);
  }

  /// @param startTimes whether a zero is stored where a series is said to have begun
  public PushedWrites(Appender appender, PushLimits limits, boolean startTimes) {
    this.startTimes = startTimes;
    this.appender = appender;
    this.limits = limits;
    this.cache = new SeriesCache(limits.cachedSeries(), System::nanoTime);
  }

  public PushLimits limits() {
    return limits;
  }

  /// Stores what `decoder` finds, which is done with its body when this returns.
  ///
  /// @return never fails; comes once everything is durable, as the store promises it
  public CompletableFuture<PushAnswer> write(Decoder decoder) {
    cache.tidy();
    @Nullable PendingWrite free = spare.poll();
    PendingWrite pending =
        free == null ? new PendingWrite(appender, limits, cache, hash, repeats, startTimes) : free;
    return pending
        .write(decoder)
        .thenApply(answer -> {
          if (pending.reusable()) {
            spare.offer(pending);
          }
          return answer;
        });
  }
}
