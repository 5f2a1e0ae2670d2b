package barograph.ingest.forward;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// What became of an endpoint's samples since it was configured. Any thread.
public final class EndpointFigures {
  /// What a request carries.
  public enum Kind {
    SAMPLES,
    HISTOGRAMS,
    EXEMPLARS
  }

  /// Why something was not sent.
  public enum Reason {
    /// `write_relabel_configs` drop its series.
    DROPPED_SERIES("dropped_series"),
    /// Its series' labels are not known: they were in a damaged place.
    UNKNOWN_SERIES("unintentionally_dropped_series"),
    /// It is older than `sample_age_limit`.
    TOO_OLD("too_old"),
    /// The log was given up before it was read, since more waited than may.
    LOG_GIVEN_UP("log_given_up");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /// As figures name it.
    public String label() {
      return label;
    }
  }

  private final Map<Kind, Map<Count, LongAdder>> counts = new EnumMap<>(Kind.class);
  private final Map<Reason, LongAdder> dropped = new EnumMap<>(Reason.class);
  private final LongAdder bytes = new LongAdder();
  private final LongAdder metadata = new LongAdder();
  private final LongAdder metadataFailed = new LongAdder();
  private final LongAdder metadataRetried = new LongAdder();
  private volatile Gauges gauges = new Gauges(0, 0, 0, 0, 0);

  private enum Count {
    READ,
    SENT,
    FAILED,
    RETRIED,
    REPEATED
  }

  /// What changes all the time.
  ///
  /// @param shards requests that may be under way at once
  /// @param desiredShards how many would be, were there no limits
  /// @param waiting samples about, that were read or are still in the log
  /// @param highestMillis time of the newest sample that was read; 0 for none
  /// @param highestSentMillis time of the newest sample of all that was taken; 0 for none
  public record Gauges(
      int shards, double desiredShards, long waiting, long highestMillis, long highestSentMillis) {}

  EndpointFigures() {
    for (Kind kind : Kind.values()) {
      var ofKind = new EnumMap<Count, LongAdder>(Count.class);
      for (Count count : Count.values()) {
        ofKind.put(count, new LongAdder());
      }
      counts.put(kind, ofKind);
    }
    for (Reason reason : Reason.values()) {
      dropped.put(reason, new LongAdder());
    }
  }

  /// What changes all the time, as it is now.
  public Gauges gauges() {
    return gauges;
  }

  /// How many were taken over from the log.
  public long read(Kind kind) {
    return count(kind, Count.READ).sum();
  }

  /// How many were sent in requests that were answered, whatever the answer.
  public long sent(Kind kind) {
    return count(kind, Count.SENT).sum();
  }

  /// How many the receiver has refused for good.
  public long failed(Kind kind) {
    return count(kind, Count.FAILED).sum();
  }

  /// How many were sent again since the receiver could not be reached or was not well.
  public long retried(Kind kind) {
    return count(kind, Count.RETRIED).sum();
  }

  /// How many the receiver has refused when they were sent again, as it does with what it has.
  public long repeated(Kind kind) {
    return count(kind, Count.REPEATED).sum();
  }

  /// How many samples were not sent.
  public long dropped(Reason reason) {
    return Objects.requireNonNull(dropped.get(reason)).sum();
  }

  /// Bytes of requests, as sent.
  public long bytes() {
    return bytes.sum();
  }

  /// Metrics that were told of.
  public long metadata() {
    return metadata.sum();
  }

  /// Metrics of which the receiver did not want to be told.
  public long metadataFailed() {
    return metadataFailed.sum();
  }

  /// Metrics that were told of again.
  public long metadataRetried() {
    return metadataRetried.sum();
  }

  private LongAdder count(Kind kind, Count count) {
    return Objects.requireNonNull(Objects.requireNonNull(counts.get(kind)).get(count));
  }

  void gauges(Gauges now) {
    gauges = now;
  }

  void addRead(Kind kind) {
    count(kind, Count.READ).increment();
  }

  void addSent(Load load, int sentBytes) {
    add(Count.SENT, load);
    bytes.add(sentBytes);
  }

  void addFailed(Load load) {
    add(Count.FAILED, load);
  }

  void addRetried(Load load) {
    add(Count.RETRIED, load);
  }

  void addRepeated(Load load) {
    add(Count.REPEATED, load);
  }

  void addDropped(Reason reason, long samples) {
    Objects.requireNonNull(dropped.get(reason)).add(samples);
  }

  void addMetadata(int metrics) {
    metadata.add(metrics);
  }

  void addMetadataFailed(int metrics) {
    metadataFailed.add(metrics);
  }

  void addMetadataRetried(int metrics) {
    metadataRetried.add(metrics);
  }

  private void add(Count count, Load load) {
    count(Kind.SAMPLES, count).add(load.samples());
    count(Kind.HISTOGRAMS, count).add(load.histograms());
    count(Kind.EXEMPLARS, count).add(load.exemplars());
  }

  /// What a request has in it.
  record Load(int samples, int histograms, int exemplars) {
    int all() {
      return samples + histograms + exemplars;
    }
  }
}
