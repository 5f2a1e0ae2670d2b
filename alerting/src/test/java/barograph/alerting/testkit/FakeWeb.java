package barograph.alerting.testkit;

import barograph.alerting.receiver.Web;
import barograph.storage.outbound.ClientSettings;
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
public final class FakeWeb implements Web {
  private static final int NO_ANSWER = 0;
  private static final int NO_MEMORY = -1;

  private final InstantSource clock;
  private final List<Message> messages = new ArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();

  public FakeWeb(InstantSource clock) {
    this.clock = clock;
  }

  /// A message as it came.
  public record Message(
      Instant at,
      String method,
      URI uri,
      Map<String, String> headers,
      String body,
      Duration timeout,
      int status,
      ClientSettings settings) {
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
      answer(status, "", "answer " + status);
    }
  }

  /// Answers the next message like this.
  public void answer(int status, String contentType, String body) {
    answers.add(new Answer(status, contentType, body));
  }

  /// Breaks the connection of the next message.
  public void breakNext() {
    answer(NO_ANSWER);
  }

  /// Fails the next message as only a virtual machine does.
  public void runOutOfMemoryNext() {
    answer(NO_MEMORY);
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
  public Answer send(Request request) throws IOException {
    var answer = answers.isEmpty() ? new Answer(200, "", "ok") : answers.remove();
    messages.add(
        new Message(
            clock.instant(),
            request.method(),
            request.uri(),
            request.headers(),
            new String(request.body(), StandardCharsets.UTF_8),
            request.timeout(),
            answer.status(),
            request.settings()));
    if (answer.status() == NO_ANSWER) {
      throw new IOException("connection to %s reset".formatted(request.uri()));
    }
    if (answer.status() == NO_MEMORY) {
      throw new OutOfMemoryError("as the test wants it");
    }
    return answer;
  }
}
