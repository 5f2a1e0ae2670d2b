package barograph.server.api;

import barograph.query.QueryEngine;
import barograph.server.http.Parameters;
import barograph.server.http.Request;
import barograph.server.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Some small questions that the server asks itself once, soon after its start, so that the first
/// of its users finds the way from a query's text to its answer compiled.
///
/// They are asked of an engine of their own and not over the wire, and so are found in no metric,
/// no log, no list of queries, and no metric's use.
public final class OwnQuestions implements AutoCloseable {
  private static final Duration AFTER_START = Duration.ofSeconds(1);
  private static final int ROUNDS = 5;
  private static final long LEAST_HEAP_BYTES = 256L << 20;

  /// Metrics in them exist nowhere: what is asked of the store is found to be nothing.
  private static final List<String> QUESTIONS =
      List.of(
          "vector(1)",
          "1 + 1",
          "absent(barograph_never_stored)",
          "sum by (job) (rate(barograph_never_stored{job=\"x\"}[5m])) or vector(time())");

  private final QueryApi api;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private OwnQuestions(QueryApi api) {
    this.api = api;
    this.thread = Thread.ofPlatform().daemon().name("own-questions").unstarted(this::askSoon);
  }

  /// Whether the process has the memory and the processors to ask beside its users.
  public static boolean isAffordable() {
    var runtime = Runtime.getRuntime();
    return runtime.availableProcessors() >= 2 && runtime.maxMemory() >= LEAST_HEAP_BYTES;
  }

  /// Asks in a second, on a thread of their own.
  ///
  /// @param aside an engine that nobody else asks
  public static OwnQuestions start(QueryEngine aside, InstantSource clock) {
    var questions = new OwnQuestions(new QueryApi(aside, clock));
    questions.thread.start();
    return questions;
  }

  private void askSoon() {
    try {
      if (!closed.await(AFTER_START.toMillis(), TimeUnit.MILLISECONDS)) {
        ask();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    var requests = requests();
    for (int round = 0; round < ROUNDS; round++) {
      for (var request : requests) {
        if (closed.getCount() == 0) {
          return;
        }
        answer(api, request).sent().run();
      }
    }
  }

  /// Each question at one time and over an hour.
  static List<Request> requests() {
    var requests = new ArrayList<Request>();
    for (String question : QUESTIONS) {
      String form = "query=" + URLEncoder.encode(question, StandardCharsets.UTF_8);
      requests.add(request("/api/v1/query", form));
      requests.add(request("/api/v1/query_range", form + "&start=0&end=3600&step=60"));
    }
    return requests;
  }

  private static Request request(String path, String form) {
    return new Request("GET", path, path, Parameters.parse(form), Map.of(), new byte[0], "");
  }

  static Response answer(QueryApi api, Request request) {
    Endpoint endpoint = request.path().endsWith("_range") ? api::range : api::instant;
    return Endpoint.of(endpoint).answer(request);
  }

  /// Leaves what has not been asked, and returns once nothing is being asked.
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
