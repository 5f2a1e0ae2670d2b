package barograph.ingest.remotewrite;

import java.util.concurrent.atomic.LongAdder;

/// What remote write has done since the process began, counted for the server's own metrics.
public final class RemoteWriteCounters {
  final LongAdder requests = new LongAdder();
  final LongAdder stored = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder badRequests = new LongAdder();

  public long requests() {
    return requests.sum();
  }

  /// Samples that are stored.
  public long stored() {
    return stored.sum();
  }

  /// Samples and native histograms that were refused, each with a reason in the answer.
  public long refused() {
    return refused.sum();
  }

  /// Requests of which nothing could be read.
  public long badRequests() {
    return badRequests.sum();
  }
}
