package barograph.ingest.forward;

import barograph.ingest.relabel.RelabelRule;
import barograph.storage.model.XxHash64;
import barograph.storage.outbound.ClientSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A place that samples are passed on to, as configured.
///
/// @param name what figures and the log call it; empty to go by its URL
/// @param access where it is and how it is asked
/// @param content what is sent and in which message
/// @param rules applied to each series behind the external labels
/// @param queue how much is sent at once, and how often
public record Endpoint(
    String name, Access access, Content content, List<RelabelRule> rules, Queue queue) {

  /// The messages of remote write.
  public enum Message {
    /// `prometheus.WriteRequest`.
    FIRST("prometheus.WriteRequest"),
    /// `io.prometheus.write.v2.Request`.
    SECOND("io.prometheus.write.v2.Request");

    private final String configName;

    Message(String configName) {
      this.configName = configName;
    }

    /// As a configuration file writes it.
    public String configName() {
      return configName;
    }

    /// The message that a configuration file calls `name`.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Message named(String name) {
      for (Message message : values()) {
        if (message.configName.equals(name)) {
          return message;
        }
      }
      throw new IllegalArgumentException(
          "unknown remote write protobuf message %s, supported: %s, %s"
              .formatted(name, FIRST.configName, SECOND.configName));
    }
  }

  /// Where a receiver is and how it is asked.
  ///
  /// @param headers sent with each request
  /// @param timeout of one request
  /// @param client who asks, and by which way
  public record Access(
      URI url, Map<String, String> headers, Duration timeout, ClientSettings client) {
    public Access {
      headers = Map.copyOf(headers);
      ClientSettings.requireUnreserved(headers.keySet());
      if (url.getHost() == null) {
        throw new IllegalArgumentException(
            "url of remote write is \"%s\", expected http:// or https:// and a host"
                .formatted(url));
      }
      if (!timeout.isPositive()) {
        throw new IllegalArgumentException("remote_timeout is 0s, expected more");
      }
    }
  }

  /// What is sent beside floats, and in which message.
  ///
  /// @param metadata what is told of metrics; the second message has that with its series
  public record Content(
      Message message, boolean exemplars, boolean histograms, Metadata metadata) {}

  /// How the first message tells of metrics.
  ///
  /// @param send whether it does
  /// @param interval how often
  /// @param mostInRequest how many metrics a request has at most
  public record Metadata(boolean send, Duration interval, int mostInRequest) {
    public static final Metadata DEFAULT = new Metadata(true, Duration.ofMinutes(1), 2000);

    public Metadata {
      if (!interval.isPositive() || mostInRequest < 1) {
        throw new IllegalArgumentException(
            "metadata every %s, %d in a request; expected more than 0 of each"
                .formatted(interval, mostInRequest));
      }
    }
  }

  /// How much is sent at once, and how often.
  ///
  /// @param capacity samples that a shard takes on at once
  /// @param batch requests as they leave
  /// @param retrying what is done when the receiver does not take one
  /// @param ageLimit how old a sample may be when it is sent; [Duration#ZERO] for any age
  public record Queue(
      int capacity, Shards shards, Batch batch, Retrying retrying, Duration ageLimit) {
    public static final Queue DEFAULT =
        new Queue(10_000, Shards.DEFAULT, Batch.DEFAULT, Retrying.DEFAULT, Duration.ZERO);

    public Queue {
      if (capacity < batch.most) {
        throw new IllegalArgumentException(
            "capacity is %d, expected max_samples_per_send (%d) or more"
                .formatted(capacity, batch.most));
      }
    }
  }

  /// How many requests may be under way at once.
  public record Shards(int least, int most) {
    public static final Shards DEFAULT = new Shards(1, 50);

    public Shards {
      if (least < 1 || most < least) {
        throw new IllegalArgumentException(
            "min_shards is %d and max_shards is %d, expected 1 or more and no fewer"
                .formatted(least, most));
      }
    }
  }

  /// A request.
  ///
  /// @param most samples in it at most
  /// @param deadline how long a sample waits for others
  public record Batch(int most, Duration deadline) {
    public static final Batch DEFAULT = new Batch(2000, Duration.ofSeconds(5));

    public Batch {
      if (most < 1 || !deadline.isPositive()) {
        throw new IllegalArgumentException(
            "max_samples_per_send is %d and batch_send_deadline is %s, expected more than 0"
                .formatted(most, deadline));
      }
    }
  }

  /// What is done when a request is not taken: it is tried again after a pause that doubles.
  ///
  /// @param tooManyRequests whether an answer of 429 counts among those that pass by themselves
  public record Retrying(Duration leastPause, Duration mostPause, boolean tooManyRequests) {
    public static final Retrying DEFAULT =
        new Retrying(Duration.ofMillis(30), Duration.ofSeconds(5), false);

    public Retrying {
      if (!leastPause.isPositive() || mostPause.compareTo(leastPause) < 0) {
        throw new IllegalArgumentException(
            "min_backoff is %s and max_backoff is %s, expected more than 0 and no less"
                .formatted(leastPause, mostPause));
      }
    }
  }

  public Endpoint {
    rules = List.copyOf(rules);
  }

  /// What figures and the log call it.
  public String shownName() {
    return name.isEmpty() ? "%06x".formatted(hash() >>> 40) : name;
  }

  /// The URL as it may be shown: without a password.
  public String shownUrl() {
    URI url = access.url;
    return url.getRawUserInfo() == null
        ? url.toString()
        : url.toString().replace(url.getRawUserInfo() + "@", "");
  }

  /// The name of its place in the store's log: the same as long as name or URL are.
  String tailName() {
    return "%s%016x".formatted(TAIL_PREFIX, hash());
  }

  static final String TAIL_PREFIX = "forward-";

  private long hash() {
    String key = name.isEmpty() ? access.url.toString() : name;
    return XxHash64.of(key.getBytes(StandardCharsets.UTF_8));
  }
}
