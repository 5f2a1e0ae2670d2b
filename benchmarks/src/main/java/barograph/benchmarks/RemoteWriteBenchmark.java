package barograph.benchmarks;

import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.storage.Appender;
import barograph.storage.ExemplarResult;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesExemplar;
import barograph.storage.WriteResult;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does one pushed sample of a known series cost, from the request's bytes to the batch?
///
/// Requests as a Prometheus sends them: Snappy, 2,000 series of four targets, one sample each, five
/// to seven labels. 32 different ones come by turns, so that 64,000 series are known. The store is
/// a counter.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RemoteWriteBenchmark {
  private static final int SAMPLES = 2_000;
  private static final int REQUESTS = 32;
  private static final int TARGETS_PER_REQUEST = 4;
  private static final long TIME = 1_780_000_000_000L;

  private final CountingStore store = new CountingStore();
  private final RemoteWrite remoteWrite =
      new RemoteWrite(new PushedWrites(store, PushLimits.DEFAULT));
  private final byte[][] requests = new byte[REQUESTS][];
  private int next;

  /// Names series and counts samples.
  private static final class CountingStore implements Appender {
    private final Map<Labels, Integer> known = new HashMap<>();
    private long samples;

    @Override
    public int seriesFor(Labels labels, String target) {
      return known.computeIfAbsent(labels, added -> known.size());
    }

    @Override
    public CompletableFuture<WriteResult> append(SampleBatch batch) {
      samples += batch.size();
      return CompletableFuture.completedFuture(new WriteResult(batch.size(), List.of()));
    }

    @Override
    public CompletableFuture<ExemplarResult> appendExemplars(List<SeriesExemplar> exemplars) {
      return CompletableFuture.completedFuture(new ExemplarResult(exemplars.size(), 0, 0, 0));
    }

    @Override
    public CompletableFuture<Integer> tellOf(Map<String, MetricMetadata> metrics) {
      return CompletableFuture.completedFuture(metrics.size());
    }
  }

  @Setup
  public void makeRequests() {
    var random = new Random(11);
    for (int i = 0; i < REQUESTS; i++) {
      var request = new WriteRequestBytes();
      for (int k = 0; k < SAMPLES; k++) {
        int target = i * TARGETS_PER_REQUEST + k * TARGETS_PER_REQUEST / SAMPLES;
        request.add(
            labels(target, k % (SAMPLES / TARGETS_PER_REQUEST)),
            TIME + target * 37L,
            random.nextInt(3) == 0 ? random.nextDouble() : random.nextInt(1_000_000));
      }
      requests[i] = request.packed();
      var answer = remoteWrite.accept("", "snappy", ByteBuffer.wrap(requests[i])).join();
      if (answer.status() != 204 || answer.stored() != SAMPLES) {
        throw new IllegalStateException("request %d is answered %s".formatted(i, answer));
      }
    }
    if (store.known.size() != SAMPLES * REQUESTS || store.samples != (long) SAMPLES * REQUESTS) {
      throw new IllegalStateException(
          "%d series and %d samples reached the store"
              .formatted(store.known.size(), store.samples));
    }
  }

  private static Labels labels(int target, int number) {
    var labels = new HashMap<String, String>();
    labels.put(
        Labels.METRIC_NAME, "service_subsystem_%02d_duration_seconds".formatted(number / 10));
    labels.put("instance", "10.1.%d.%d:9100".formatted(target / 250, target % 250));
    labels.put("job", "job-" + target % 8);
    labels.put("cluster", "eu-central-1");
    labels.put("device", "nvme%dn1".formatted(number % 10));
    if (number % 3 == 0) {
      labels.put("handler", "/api/v1/objects/" + number % 7);
    }
    if (number % 5 == 0) {
      labels.put("code", number % 2 == 0 ? "200" : "503");
    }
    return Labels.of(labels);
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public CompletableFuture<PushAnswer> acceptOneRequest() {
    return remoteWrite.accept("", "snappy", ByteBuffer.wrap(requests[next++ & (REQUESTS - 1)]));
  }
}
