package barograph.alerting.testkit;

import barograph.alerting.receiver.HttpPost;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A web that remembers what it was sent and answers what the test has told it to.
public final class FakeWeb implements HttpPost {
  private static final int NO_ANSWER = 0;

  private final InstantSource clock;
  private final List<Message> messages = new ArrayList<>();
  private final Deque<Integer> answers = new ArrayDeque<>();

  public FakeWeb(InstantSource clock) {
    this.clock = clock;
  }

  /// A message as it came.
  public record Message(
      Instant at, URI uri, Map<String, String> headers, String body, Duration timeout, int status) {
    /// Whether the sender was told that the message is taken.
    public boolean taken() {
      return status == 200;
    }

    public JsonNode json() {
      return new ObjectMapper().readTree(body);
    }

    /// Status and the alerts' instances with their states, as in `firing a+ b-`.
    public String summary() {
      var text = new StringBuilder(json().get("status").asString());
      for (var alert : json().get("alerts")) {
        text.append(' ')
            .append(alert.get("labels").get("instance").asString())
            .append(alert.get("status").asString().equals("firing") ? '+' : '-');
      }
      return text.toString();
    }
  }

  /// Answers the next messages with these statuses; 200 afterwards.
  public void answer(int... statuses) {
    for (int status : statuses) {
      answers.add(status);
    }
  }

  /// Breaks the connection of the next message.
  public void breakNext() {
    answers.add(NO_ANSWER);
  }

  public List<Message> messages() {
    return messages;
  }

  /// What came since the test's `start`, as `seconds: summary`.
  public List<String> timeline(Instant start) {
    return messages.stream()
        .map(
            message -> Duration.between(start, message.at()).toSeconds() + ": " + message.summary())
        .toList();
  }

  @Override
  public Answer post(URI uri, Map<String, String> headers, byte[] body, Duration timeout)
      throws IOException {
    int status = answers.isEmpty() ? 200 : answers.remove();
    messages.add(
        new Message(
            clock.instant(),
            uri,
            headers,
            new String(body, StandardCharsets.UTF_8),
            timeout,
            status));
    if (status == NO_ANSWER) {
      throw new IOException("connection reset");
    }
    return new Answer(status, "answer " + status);
  }
}
