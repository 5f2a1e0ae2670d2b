package barograph.ingest.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// Servers that know targets, without a network: answers by address. What nobody has given an
/// answer for cannot be reached; an address may also answer only when it is told to.
public final class FakeDirectory implements DiscoveryWeb {
  /// Means by which nothing is found.
  public static final DiscoveryMeans NOWHERE = new FakeDirectory().means();

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private final List<Request> requests = new ArrayList<>();

  DiscoveryMeans means() {
    return new DiscoveryMeans(this, (name, type) -> List.of(), file -> List.of());
  }

  /// Discoveries that ask here and tell their followers at once.
  public Discoveries discoveries() {
    return new Discoveries(means(), Duration.ofMillis(1));
  }

  public FakeDirectory json(String url, String json) {
    return answer(url, 200, Map.of("content-type", "application/json"), json);
  }

  FakeDirectory answer(String url, int status, Map<String, String> headers, String body) {
    answers.put(url, new Answer(status, "", headers, body.getBytes(UTF_8)));
    CountDownLatch gate = gates.get(url);
    if (gate != null) {
      gate.countDown();
    }
    return this;
  }

  /// Has requests to `url` wait until there is an answer.
  FakeDirectory later(String url) {
    gates.put(url, new CountDownLatch(1));
    return this;
  }

  @Override
  public String awsRegion(URI about) throws IOException, InterruptedException {
    var settings = ClientSettings.PLAIN;
    var region = new Request(about.resolve("/region"), Map.of(), Duration.ofSeconds(1), settings);
    return new String(get(region).body(), UTF_8);
  }

  @Override
  public Answer get(Request request) throws IOException, InterruptedException {
    String url = request.uri().toString();
    synchronized (requests) {
      requests.add(request);
    }
    CountDownLatch gate = gates.get(url);
    if (gate != null) {
      gate.await();
    }
    Answer answer = answers.get(url);
    if (answer == null) {
      throw new IOException("connection refused: " + url);
    }
    return answer;
  }

  /// Each line of the answer; the stream then stays open until the next answer, and begins again.
  @Override
  public int lines(Request request, LineTaker taker) throws IOException, InterruptedException {
    Answer answer = get(request);
    if (answer.status() == 200) {
      for (String line : new String(answer.body(), UTF_8).lines().toList()) {
        taker.take(line);
      }
    }
    return answer.status();
  }

  List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }
}
