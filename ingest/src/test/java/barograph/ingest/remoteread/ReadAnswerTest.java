package barograph.ingest.remoteread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.model.Allowance;
import barograph.storage.model.CounterReset;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.RandomHistograms;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is answered is understood, whichever message it comes in.
class ReadAnswerTest {
  private static final long TIME = 1_700_000_000_000L;

  private static byte[] bytes(ReadAnswer answer) {
    ByteBuffer body = answer.body();
    var bytes = new byte[body.remaining()];
    body.get(bytes);
    return bytes;
  }

  private static List<ReadSeries> read(ReadAnswer answer)
      throws MalformedMessageException, UnpackException {
    return switch (answer.kind()) {
      case SAMPLES -> AnswerReader.samples(bytes(answer), 64 << 20, Allowance.UNLIMITED);
      case STREAMED_XOR_CHUNKS -> AnswerReader.chunks(bytes(answer), 1 << 20, Allowance.UNLIMITED);
    };
  }

  /// Every sample as text, in time order; of histograms without what a chunk cannot say.
  private static List<String> shown(SampleColumns columns) {
    var all = new ArrayList<String>();
    for (int i = 0; i < columns.size(); i++) {
      long bits = Double.doubleToRawLongBits(columns.values()[i]);
      all.add(columns.timestamps()[i] + " " + Long.toHexString(bits));
    }
    for (int i = 0; i < columns.histogramCount(); i++) {
      var histogram = columns.histograms().histogram(i);
      String text =
          histogram.isStale()
              ? "stale"
              : histogram
                  .withCounterReset(CounterReset.UNKNOWN)
                  .toString()
                  .replace("-0.0", "0.0")
                  .replaceAll("\\[-?\\d+\\+0]", "[]");
      all.add(columns.histograms().timestamps()[i] + " " + text);
    }
    all.sort(null);
    return all;
  }

  private static List<String> shown(ReadSeries series) {
    var columns = new SampleColumns();
    series.addTo(columns, TimeRange.ALL);
    return shown(columns);
  }

  private static SampleColumns random(Random random) {
    var columns = new SampleColumns();
    var histograms = new RandomHistograms(random);
    long time = TIME;
    int floats = random.nextInt(3);
    for (int i = random.nextInt(600); i >= 0; i--) {
      time += 1 + random.nextInt(30_000);
      if (floats == 0 || (floats == 1 && random.nextInt(40) > 0)) {
        columns.add(time, random.nextInt(3) == 0 ? random.nextGaussian() : random.nextInt(5));
      } else {
        columns.histograms().add(time, histograms.next());
      }
    }
    return columns;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everySeriesComesBackWithAllItsSamples(long seed)
      throws MalformedMessageException, UnpackException {
    for (AnswerKind kind : AnswerKind.values()) {
      var random = new Random(seed);
      var answer = ReadAnswer.of(kind, 1 + random.nextInt(5_000));
      var labels = new ArrayList<Labels>();
      var samples = new ArrayList<List<String>>();
      answer.beginQuery();
      for (int i = 0; i < 30; i++) {
        labels.add(Labels.of("__name__", "m", "i", "%02d".formatted(i), "é", "x".repeat(i)));
        var columns = random(random);
        samples.add(shown(columns));
        answer.series(labels.getLast(), columns);
      }
      answer.endQuery();
      var found = read(answer);
      assertThat(found.stream().map(ReadSeries::labels)).isEqualTo(labels);
      assertThat(found.stream().map(ReadAnswerTest::shown)).isEqualTo(samples);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsThereAlreadyStays(AnswerKind kind) throws MalformedMessageException, UnpackException {
    var theirs = new SampleColumns();
    theirs.add(10, 1);
    theirs.add(20, 2);
    theirs.add(30, 3);
    theirs.add(40, 4);
    var answer = ReadAnswer.of(kind, 1000);
    answer.beginQuery();
    answer.series(Labels.of("a", "b"), theirs);
    answer.endQuery();
    var ours = new SampleColumns();
    ours.add(5, 0.5);
    ours.add(20, 0.5);
    ours.add(50, 0.5);
    read(answer).getFirst().addTo(ours, new TimeRange(15, 35));
    assertThat(ours.timestamps()).startsWith(5, 20, 30, 50);
    assertThat(ours.values()).startsWith(0.5, 0.5, 3, 0.5);
    assertThat(ours.size()).isEqualTo(4);
  }

  @Test
  void aFrameWhoseChecksumIsWrongIsRefused() {
    var answer = ReadAnswer.of(AnswerKind.STREAMED_XOR_CHUNKS, 1000);
    var samples = new SampleColumns();
    samples.add(1, 1);
    answer.beginQuery();
    answer.series(Labels.of("a", "b"), samples);
    answer.endQuery();
    byte[] bytes = bytes(answer);
    bytes[bytes.length - 1] ^= 1;
    assertThatThrownBy(() -> AnswerReader.chunks(bytes, 1000, Allowance.UNLIMITED))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("checksum");
    assertThatThrownBy(() -> AnswerReader.chunks(bytes, 10, Allowance.UNLIMITED))
        .hasMessageContaining("expected at most 10");
  }

  @Test
  void aRequestIsReadAsItWasWritten() throws MalformedMessageException {
    var query =
        new ReadRequest.Query(
            -5,
            TIME,
            List.of(
                Matcher.equal("a", "b"),
                new Matcher(Matcher.Type.NOT_EQUAL, "c", ""),
                new Matcher(Matcher.Type.REGEX, "d", "x|y.*"),
                new Matcher(Matcher.Type.NOT_REGEX, "é", "ü")));
    var request =
        new ReadRequest(List.of(query, new ReadRequest.Query(1, 2, List.of())), List.of(1L, 0L));
    byte[] bytes = request.toBytes();
    var read = ReadRequest.read(bytes, bytes.length);
    assertThat(read).isEqualTo(request);
    assertThat(read.answerKind()).isEqualTo(AnswerKind.STREAMED_XOR_CHUNKS);
  }

  @Test
  void theFirstKnownMessageThatIsAcceptedWins() {
    assertThat(new ReadRequest(List.of(), List.of()).answerKind()).isEqualTo(AnswerKind.SAMPLES);
    assertThat(new ReadRequest(List.of(), List.of(7L, 0L, 1L)).answerKind())
        .isEqualTo(AnswerKind.SAMPLES);
    assertThat(new ReadRequest(List.of(), List.of(2L, -1L)).answerKind()).isNull();
  }
}
