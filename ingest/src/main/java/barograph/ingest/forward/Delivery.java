package barograph.ingest.forward;

import barograph.ingest.forward.Endpoint.Message;
import barograph.ingest.scrape.Pace;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;

/// Sends requests to one receiver until they are taken, or the receiver says that it never will.
/// Any thread.
final class Delivery {
  private static final System.Logger LOG = System.getLogger(Delivery.class.getName());
  private static final Duration MOST_PATIENCE = Duration.ofMinutes(5);

  private final Endpoint endpoint;
  private final Post post;
  private final Pace pace;
  private final Map<String, String> headers;

  Delivery(Endpoint endpoint, Post post, Pace pace) {
    this.endpoint = endpoint;
    this.post = post;
    this.pace = pace;
    var all = new HashMap<>(endpoint.access().headers());
    all.put("Content-Encoding", "snappy");
    switch (endpoint.content().message()) {
      case FIRST -> {
        all.put("Content-Type", "application/x-protobuf");
        all.put("X-Prometheus-Remote-Write-Version", "0.1.0");
      }
      case SECOND -> {
        all.put("Content-Type", "application/x-protobuf;proto=" + Message.SECOND.configName());
        all.put("X-Prometheus-Remote-Write-Version", "2.0.0");
      }
    }
    headers = Map.copyOf(all);
  }

  /// What became of a request.
  sealed interface Outcome {}

  /// It was taken.
  ///
  /// @param answer of a receiver of the second message it tells how much was
  record Taken(Post.Answer answer) implements Outcome {}

  /// It never will be.
  ///
  /// @param attempts how often it was sent
  record Refused(Post.Answer answer, int attempts) implements Outcome {}

  /// Hears that a request is sent once more.
  @FunctionalInterface
  interface Retries {
    void again();
  }

  /// Sends a request, again and again if need be.
  ///
  /// @throws InterruptedException if the thread was told to stop; nobody knows whether it was taken
  Outcome send(byte[] body, Retries retries) throws InterruptedException {
    Duration pause = endpoint.queue().retrying().leastPause();
    for (int attempt = 0; ; attempt++) {
      if (attempt > 0) {
        retries.again();
      }
      Duration wait = pause;
      try {
        var answer = post.post(request(body, attempt));
        if (answer.status() / 100 == 2) {
          return new Taken(answer);
        }
        if (!passes(answer.status())) {
          return new Refused(answer, attempt + 1);
        }
        complain(attempt, "status " + answer.status() + ": " + answer.text().strip());
        Duration asked = retryAfter(answer.header("retry-after"), pace.nowMillis());
        wait = asked.isPositive() ? asked : pause;
      } catch (IOException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("told to stop");
        }
        complain(attempt, String.valueOf(e.getMessage()));
      }
      pace.sleepUntil(pace.nowMillis() + wait.toMillis());
      Duration twice = pause.multipliedBy(2);
      Duration most = endpoint.queue().retrying().mostPause();
      pause = twice.compareTo(most) > 0 ? most : twice;
    }
  }

  private Post.Request request(byte[] body, int attempt) {
    var all = new HashMap<>(headers);
    if (attempt > 0) {
      all.put("Retry-Attempt", Integer.toString(attempt));
    }
    var access = endpoint.access();
    return new Post.Request(access.url(), all, body, access.timeout(), access.client());
  }

  private boolean passes(int status) {
    return status / 100 == 5 || (status == 429 && endpoint.queue().retrying().tooManyRequests());
  }

  /// Tells of the first failure in a row, and then of every hundredth.
  private void complain(int attempt, String problem) {
    if (attempt % 100 == 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "remote write to {0} failed and is tried again: {1}",
          endpoint.shownName(),
          problem);
    }
  }

  /// How long a receiver asks to be left alone, in seconds or up to a date; zero if it says nothing
  /// that can be read.
  static Duration retryAfter(String header, long nowMillis) {
    Duration asked = Duration.ZERO;
    try {
      if (!header.isEmpty() && header.chars().allMatch(c -> c >= '0' && c <= '9')) {
        asked = Duration.ofSeconds(Long.parseLong(header));
      } else if (!header.isEmpty()) {
        var until = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
        asked = Duration.ofMillis(until.toInstant().toEpochMilli() - nowMillis);
      }
    } catch (DateTimeParseException | NumberFormatException e) {
      return Duration.ZERO;
    }
    return asked.isNegative()
        ? Duration.ZERO
        : asked.compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : asked;
  }
}
