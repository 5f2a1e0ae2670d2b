package barograph.benchmarks;

import barograph.storage.model.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Does a server keep within its disk budget while hours of samples come in within minutes?
///
/// `<address> <its data folder> <budget, MiB> <hours of samples> <seconds an hour> <series>`: a
/// server that was started with that budget is sent random values every five seconds of time, by
/// remote write, for as many hours up to now, while its folder is looked at over and over. What
/// counts is everything in it but the reserve and what can be made anew. It ends with 1 if the
/// budget was ever passed by more than the largest block.
final class RetentionLoad {
  private static final long STEP_MILLIS = 5_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final URI address;
  private final FolderWatch watch;
  private final List<Labels> series = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(1);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private int requestsTriedAgain;

  private RetentionLoad(URI address, FolderWatch watch, int series) {
    this.address = address;
    this.watch = watch;
    for (int i = 0; i < series; i++) {
      this.series.add(
          Labels.of("__name__", "retention_load", "instance", "i" + i % 50, "number", "" + i));
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 6) {
      System.err.println(
          "expected: <address> <data folder> <budget, MiB> <hours> <seconds an hour> <series>");
      System.exit(64);
    }
    var watch = new FolderWatch(Path.of(args[1]), Long.parseLong(args[2]) << 20);
    var load = new RetentionLoad(URI.create(args[0]), watch, Integer.parseInt(args[5]));
    Thread watching = Thread.ofPlatform().name("watch").daemon().start(watch);
    load.send(Duration.ofHours(Long.parseLong(args[3])), Double.parseDouble(args[4]));
    watch.stop();
    watching.join();
    System.out.println(watch);
    System.exit(watch.isWithinABlock() ? 0 : 1);
  }

  private void send(Duration time, double secondsAnHour) throws IOException, InterruptedException {
    long steps = time.toMillis() / STEP_MILLIS;
    long first = System.currentTimeMillis() - time.toMillis();
    long began = System.nanoTime();
    for (long step = 0; step < steps; step++) {
      long due = (long) (step * STEP_MILLIS / 3_600_000.0 * secondsAnHour * 1e9);
      Thread.sleep(Duration.ofNanos(Math.max(0, began + due - System.nanoTime())));
      send(first + step * STEP_MILLIS);
      if (step % 720 == 719) {
        System.out.printf("%s: %d of %d steps, %s%n", Instant.now(), step + 1, steps, watch);
      }
    }
    System.out.printf(
        "%d samples over %s of time in %.0f s; %d requests were sent again%n",
        steps * series.size(), time, (System.nanoTime() - began) / 1e9, requestsTriedAgain);
  }

  private void send(long timestampMillis) throws IOException, InterruptedException {
    var request = new WriteRequestBytes();
    for (Labels labels : series) {
      request.add(labels, timestampMillis, random.nextDouble());
    }
    byte[] body = request.packed();
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!isTaken(body, System.nanoTime() > until)) {
      requestsTriedAgain++;
      Thread.sleep(100);
    }
  }

  /// Whether the server has taken a request; it may say that it is busy.
  private boolean isTaken(byte[] body, boolean isLast) throws IOException, InterruptedException {
    var answer =
        client.send(
            HttpRequest.newBuilder(address.resolve("/api/v1/write"))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofString());
    boolean busy = answer.statusCode() == 503 || answer.statusCode() == 429;
    if (answer.statusCode() != 204 && (isLast || !busy)) {
      throw new IOException("answered %d: %s".formatted(answer.statusCode(), answer.body()));
    }
    return answer.statusCode() == 204;
  }
}
