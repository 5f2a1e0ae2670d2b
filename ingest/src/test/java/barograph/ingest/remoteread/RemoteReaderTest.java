package barograph.ingest.remoteread;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.unpack.Encoding;
import barograph.ingest.unpack.PlainBody;
import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.ForwardingReader;
import barograph.storage.Selection;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.testkit.NaiveStore;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Samples of other servers count among the own ones.
class RemoteReaderTest {
  private static final long HOUR = 3_600_000;
  private static final Matcher NAMED_M = Matcher.equal("__name__", "m");

  private final NaiveStore own = new NaiveStore();
  private final FakeServer server = new FakeServer();
  private long oldest = Long.MAX_VALUE;
  private final RemoteReader reader = new RemoteReader(own, server, () -> oldest);

  /// A server that reads from a store of its own, or fails.
  private static final class FakeServer implements ReadWeb {
    private final NaiveStore store = new NaiveStore();
    private final List<ReadRequest> asked = new ArrayList<>();
    private final List<Map<String, String>> headers = new ArrayList<>();
    private AnswerKind kind = AnswerKind.STREAMED_XOR_CHUNKS;
    private Answer instead = new Answer(0, Map.of(), new byte[0]);
    private String failure = "";
    private Allowance memory = Allowance.UNLIMITED;

    @Override
    public Answer ask(Request request, Allowance memory) throws IOException {
      this.memory = memory;
      var answer = answered(request);
      try {
        memory.take(answer.body().length);
      } catch (RuntimeException e) {
        throw new IOException("no room on the way", e);
      }
      return answer;
    }

    private Answer answered(Request request) throws IOException {
      if (!failure.isEmpty()) {
        throw new IOException(failure);
      }
      if (instead.status() > 0) {
        return instead;
      }
      try {
        var plain = new PlainBody();
        plain.unpack(Encoding.SNAPPY, request.body(), 0, request.body().length, 1 << 20);
        var message = ReadRequest.read(plain.bytes(), plain.length());
        asked.add(message);
        headers.add(request.headers());
        return answer(message.queries().getFirst());
      } catch (UnpackException | MalformedMessageException e) {
        throw new AssertionError(e);
      }
    }

    private Answer answer(ReadRequest.Query query) {
      var answer = ReadAnswer.of(kind, 300);
      answer.beginQuery();
      var columns = new SampleColumns();
      var range = new TimeRange(query.startMillis(), query.endMillis());
      try (var selection = store.select(query.matchers(), range)) {
        for (int i = 0; i < selection.size(); i++) {
          selection.read(i, range, columns);
          answer.series(selection.labels(i), columns);
        }
      }
      answer.endQuery();
      var bytes = new byte[answer.body().remaining()];
      answer.body().get(bytes);
      return new Answer(200, Map.of("content-type", kind.contentType()), bytes);
    }
  }

  private static RemoteSource source(Labels required, boolean recent, boolean filters) {
    var access =
        new RemoteSource.Access(
            URI.create("http://user:secret@there:9090/api/v1/read"),
            Map.of("X-Tenant", "t"),
            Duration.ofSeconds(5),
            1 << 20,
            ClientSettings.PLAIN);
    return new RemoteSource("", access, required, recent, filters);
  }

  private void readFrom(RemoteSource... sources) {
    reader.apply(List.of(sources), Labels.of("site", "attic"));
  }

  private List<String> read(List<Matcher> matchers, TimeRange range) {
    try (var selection = reader.select(matchers, range)) {
      var told = shown(selection, range);
      told.addAll(selection.warnings());
      return told;
    }
  }

  private static List<String> shown(Selection selection, TimeRange range) {
    var columns = new SampleColumns();
    var told = new ArrayList<String>();
    for (int i = 0; i < selection.size(); i++) {
      selection.read(i, range, columns);
      var text = new StringBuilder(selection.labels(i).toString());
      for (int k = 0; k < columns.size(); k++) {
        text.append(' ').append(columns.timestamps()[k]).append('=').append(columns.values()[k]);
      }
      if (columns.size() > 0) {
        told.add(text.toString());
      }
    }
    return told;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatBothHaveIsReadAsIfItLayHere(long seed) {
    var random = new Random(seed);
    readFrom(source(Labels.EMPTY, true, false), source(Labels.EMPTY, true, false));
    var all = new NaiveStore();
    for (int i = 0; i < 400; i++) {
      var labels =
          Labels.of("__name__", "m", "k", "" + random.nextInt(6), "l", "" + random.nextInt(3));
      long time = random.nextInt(100);
      boolean here = random.nextBoolean();
      // What is here counts, whatever others say of that time.
      server.store.put(labels, time, here ? -1 : i);
      if (here) {
        own.put(labels, time, i);
      }
      all.put(labels, time, i);
      if (!here) {
        own.delete(List.of(exactly(labels)), new TimeRange(time, time));
      }
    }
    for (int round = 0; round < 100; round++) {
      server.kind = oneOf(List.of(AnswerKind.values()), random);
      long from = random.nextInt(100);
      var range = new TimeRange(from, from + random.nextInt(60));
      var matchers =
          List.of(
              NAMED_M,
              new Matcher(
                  oneOf(List.of(Matcher.Type.values()), random),
                  random.nextBoolean() ? "k" : "l",
                  "" + random.nextInt(4)));
      try (var expected = all.select(matchers, range)) {
        assertThat(read(matchers, range)).isEqualTo(shown(expected, range));
      }
    }
  }

  private static <T> T oneOf(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  private static List<Matcher> exactly(Labels labels) {
    return List.of(
        Matcher.equal("k", labels.get("k")), Matcher.equal("l", labels.get("l")), NAMED_M);
  }

  @Test
  void externalLabelsAreAskedForAndTakenOffAgain() {
    readFrom(source(Labels.EMPTY, true, true));
    server.store.put(Labels.of("__name__", "m", "site", "attic", "k", "v"), 5, 1);
    server.store.put(Labels.of("__name__", "m", "site", "cellar", "k", "v"), 5, 2);
    own.put(Labels.of("__name__", "m", "k", "v"), 6, 3);
    assertThat(read(List.of(NAMED_M), TimeRange.ALL)).containsExactly("m{k=\"v\"} 5=1.0 6=3.0");
    assertThat(server.asked.getLast().queries().getFirst().matchers())
        .containsExactly(NAMED_M, Matcher.equal("site", "attic"));
    // Who asks for the label gets it.
    var cellar = Matcher.equal("site", "cellar");
    assertThat(read(List.of(NAMED_M, cellar), TimeRange.ALL))
        .containsExactly("m{k=\"v\", site=\"cellar\"} 5=2.0");
    assertThat(server.asked.getLast().queries().getFirst().matchers())
        .containsExactly(NAMED_M, cellar);
  }

  @Test
  void requestsSayWhatIsUnderstood() {
    readFrom(source(Labels.EMPTY, true, true));
    assertThat(read(List.of(NAMED_M), new TimeRange(1, 2))).isEmpty();
    assertThat(server.asked.getFirst().accepted()).containsExactly(1L, 0L);
    assertThat(server.headers.getFirst())
        .containsEntry("X-Tenant", "t")
        .containsEntry("Content-Type", "application/x-protobuf")
        .containsEntry("Content-Encoding", "snappy")
        .containsEntry("X-Prometheus-Remote-Read-Version", "0.1.0");
  }

  @Test
  void requiredLabelsMustBeAskedForByTheirValue() {
    readFrom(source(Labels.of("tier", "long"), true, false));
    server.store.put(Labels.of("__name__", "m", "tier", "long"), 5, 1);
    assertThat(read(List.of(NAMED_M), TimeRange.ALL)).isEmpty();
    assertThat(
            read(List.of(NAMED_M, new Matcher(Matcher.Type.REGEX, "tier", "long")), TimeRange.ALL))
        .isEmpty();
    assertThat(server.asked).isEmpty();
    assertThat(read(List.of(NAMED_M, Matcher.equal("tier", "long")), TimeRange.ALL))
        .containsExactly("m{tier=\"long\"} 5=1.0");
  }

  @Test
  void ofTimesThatAreWhollyHereOthersAreNotAsked() {
    readFrom(source(Labels.EMPTY, false, false));
    oldest = 100 * HOUR;
    assertThat(read(List.of(NAMED_M), new TimeRange(105 * HOUR, 110 * HOUR))).isEmpty();
    assertThat(server.asked).isEmpty();
    assertThat(read(List.of(NAMED_M), new TimeRange(90 * HOUR, 110 * HOUR))).isEmpty();
    var clipped = server.asked.getFirst().queries().getFirst();
    assertThat(clipped.startMillis()).isEqualTo(90 * HOUR);
    // Four hours behind the oldest sample of all, every series that is watched is there.
    assertThat(clipped.endMillis()).isEqualTo(104 * HOUR);
    oldest = Long.MAX_VALUE;
    assertThat(read(List.of(NAMED_M), new TimeRange(105 * HOUR, 110 * HOUR))).isEmpty();
    assertThat(server.asked.getLast().queries().getFirst().endMillis()).isEqualTo(110 * HOUR);
  }

  @Test
  void whoFailsCostsAWarning() {
    readFrom(source(Labels.EMPTY, true, false));
    own.put(Labels.of("__name__", "m"), 6, 3);
    server.failure = "connection refused";
    assertThat(read(List.of(NAMED_M), TimeRange.ALL))
        .containsExactly(
            "m 6=3.0", "remote_read http://there:9090/api/v1/read: connection refused");
    server.failure = "";
    var protobuf = Map.of("content-type", "application/x-protobuf");
    for (var answer :
        List.of(
            new ReadWeb.Answer(500, Map.of(), "not today".getBytes(UTF_8)),
            new ReadWeb.Answer(200, Map.of("content-type", "text/html"), new byte[0]),
            new ReadWeb.Answer(200, protobuf, new byte[] {3, 8, 9, 9, 9}))) {
      server.instead = answer;
      var told = read(List.of(NAMED_M), TimeRange.ALL);
      assertThat(told.getFirst()).isEqualTo("m 6=3.0");
      assertThat(told.getLast())
          .startsWith("remote_read http://there:9090/api/v1/read: answered")
          .containsAnyOf("status 500: not today", "content type \"text/html\"", "cannot be read");
    }
  }

  @Test
  void whoMayNotTakeMoreMemoryOrTimeIsRefused() {
    readFrom(source(Labels.EMPTY, true, false));
    for (int i = 0; i < 1000; i++) {
      server.store.put(Labels.of("__name__", "m", "k", "" + i), 5, i);
    }
    var taken = new long[1];
    Allowance little =
        bytes -> {
          taken[0] += bytes;
          if (taken[0] > 50_000) {
            throw new IllegalStateException("no more memory");
          }
        };
    assertThatThrownBy(() -> reader.select(List.of(NAMED_M), TimeRange.ALL, little))
        .hasMessage("no more memory");
  }

  @Test
  void anAnswerOnItsWayAsksForMemoryAndIsRefusedInTheAskersOwnWords() {
    readFrom(source(Labels.EMPTY, true, false));
    server.instead = new ReadWeb.Answer(200, Map.of(), new byte[5_000]);
    Allowance little =
        bytes -> {
          if (bytes >= 5_000) {
            throw new IllegalStateException("no room for %d bytes".formatted(bytes));
          }
        };
    assertThatThrownBy(() -> reader.select(List.of(NAMED_M), TimeRange.ALL, little))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no room for 5000 bytes");
  }

  @Test
  void memoryOfAnAskerWhoHasGoneIsNotTakenAnyMore() {
    readFrom(source(Labels.EMPTY, true, false));
    server.store.put(Labels.of("__name__", "m"), 5, 1);
    var taken = new AtomicLong();
    reader.select(List.of(NAMED_M), TimeRange.ALL, taken::addAndGet).close();
    long before = taken.get();
    assertThat(before).isPositive();
    assertThatThrownBy(() -> server.memory.take(1)).hasMessageContaining("nobody waits");
    assertThat(taken).hasValue(before);
  }

  @Test
  void answersAreCountedByWhatTheyAreAndGoOnBeingCountedWhenTheSettingsChange() {
    readFrom(source(Labels.EMPTY, true, false));
    read(List.of(NAMED_M), TimeRange.ALL);
    readFrom(source(Labels.EMPTY, true, true));
    server.kind = AnswerKind.SAMPLES;
    read(List.of(NAMED_M), TimeRange.ALL);
    read(List.of(NAMED_M), TimeRange.ALL);
    server.instead = new ReadWeb.Answer(500, Map.of(), new byte[0]);
    read(List.of(NAMED_M), TimeRange.ALL);
    server.failure = "connection refused";
    read(List.of(NAMED_M), TimeRange.ALL);
    var figures = reader.figures().getFirst();
    assertThat(figures.url()).isEqualTo("http://there:9090/api/v1/read");
    assertThat(figures.underWay()).isZero();
    assertThat(figures.answers().toString())
        .contains(
            "Answered[form=CHUNKED, status=200]=1",
            "Answered[form=SAMPLED, status=200]=2",
            "Answered[form=UNSUPPORTED, status=500]=1");
    assertThat(figures.durations())
        .allSatisfy(form -> {
          long all = 0;
          for (int i = 0; i <= ReadFigures.Durations.BOUNDS.size(); i++) {
            all += form.count(i);
          }
          assertThat(all)
              .isEqualTo(
                  switch (form.form()) {
                    case SAMPLED -> 2;
                    case CHUNKED, UNSUPPORTED -> 1;
                  });
          assertThat(form.seconds()).isPositive();
        });
  }

  @Test
  void whoGoesDoesNotWaitForOthers() throws InterruptedException {
    var interrupted = new CountDownLatch(1);
    var silent =
        new RemoteReader(
            own,
            (request, memory) -> {
              try {
                new CountDownLatch(1).await();
                throw new AssertionError("nobody counts down");
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw new IOException("interrupted", e);
              }
            },
            () -> oldest);
    silent.apply(List.of(source(Labels.EMPTY, true, false)), Labels.EMPTY);
    Allowance gone =
        bytes -> {
          throw new IllegalStateException("the asker has gone");
        };
    assertThatThrownBy(() -> silent.select(List.of(NAMED_M), TimeRange.ALL, gone))
        .hasMessage("the asker has gone");
    interrupted.await();
  }

  @Test
  void anythingMayHaveChangedWhereOthersAreReadOrWereUntilNow() {
    var range = new TimeRange(10, 20);
    // This store keeps no track, and says so of everything.
    assertThat(own.firstChange(range, 0)).isEqualTo(10);
    var tracking =
        new ForwardingReader(own) {
          @Override
          public long moment() {
            return 7;
          }

          @Override
          public long firstChange(TimeRange asked, long moment) {
            return Long.MAX_VALUE;
          }
        };
    var tracked = new RemoteReader(tracking, server, () -> oldest);
    assertThat(tracked.firstChange(range, 7)).isEqualTo(Long.MAX_VALUE);
    tracked.apply(List.of(source(Labels.EMPTY, true, false)), Labels.EMPTY);
    assertThat(tracked.firstChange(range, 8)).isEqualTo(10);
    tracked.apply(List.of(), Labels.EMPTY);
    assertThat(tracked.firstChange(range, 7)).isEqualTo(10);
    assertThat(tracked.firstChange(range, 8)).isEqualTo(Long.MAX_VALUE);
  }
}
