package barograph.ingest.remotewrite;

import static barograph.ingest.remotewrite.Messages.histogram;
import static barograph.ingest.remotewrite.Messages.sample;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.unpack.SnappyWriter;
import barograph.ingest.wire.ProtoWriter;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.Staleness;
import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteWriteTest {
  private static final String TYPE = "application/x-protobuf";

  private final RecordingStore store = new RecordingStore();
  private final RemoteWrite write = new RemoteWrite(new PushedWrites(store, PushLimits.DEFAULT));

  @Test
  void storesWhatWasPushed() {
    PushAnswer answer =
        push(
            new Pushed()
                .series("__name__=a,job=j", 1000L, 1.5, 2000L, 2.5)
                .series("__name__=b,job=j,x=", 1000L, 3.0));
    assertThat(answer).isEqualTo(stored(3));
    assertThat(store.stored())
        .containsExactly("a{job=\"j\"} 1000 1.5", "a{job=\"j\"} 2000 2.5", "b{job=\"j\"} 1000 3.0");
    assertThat(write.counters().stored()).isEqualTo(3);
  }

  @Test
  void storesStaleMarkersBitByBit() {
    assertThat(push(new Pushed().series("__name__=a", 1000L, Staleness.MARKER)).status())
        .isEqualTo(204);
    assertThat(store.stored()).containsExactly("a 1000 stale");
  }

  @Test
  void handsTheStoreWholeRowsOfATargetHoweverTheyCame() {
    push(
        new Pushed()
            .series("__name__=a,job=j,instance=1", 1000L, 1, 2000L, 1)
            .series("__name__=a,job=j,instance=2", 1000L, 1, 2000L, 1)
            .series("__name__=b,job=j,instance=1", 2000L, 1, 1000L, 1));
    assertThat(store.batches.getLast())
        .containsExactly("1@1000", "3@1000", "1@2000", "3@2000", "2@1000", "2@2000");
  }

  @Test
  void acceptsLabelsInAnyOrder() {
    assertThat(push(new Pushed().series("z=1,__name__=a,b=2", 1000L, 1)).status()).isEqualTo(204);
    assertThat(store.stored()).containsExactly("a{b=\"2\", z=\"1\"} 1000 1.0");
  }

  @Test
  void storesTheGoodSamplesBesideTheBadAndSaysWhatWasWrong() {
    push(new Pushed().series("__name__=a", 5000L, 1));
    PushAnswer answer =
        push(
            new Pushed()
                .series("__name__=a", 4000L, 1, 6000L, 2)
                .series("__name__=b,x=1,x=2", 4000L, 1)
                .series("__name__=c", 4000L, 1));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.stored()).isEqualTo(2);
    assertThat(answer.message())
        .isEqualTo(
            "2 of 4 samples refused, the others are stored; the first: label name \"x\" comes twice"
                + " (metric b)");
    assertThat(store.stored()).containsExactly("a 5000 1.0", "a 6000 2.0", "c 4000 1.0");
    assertThat(push(new Pushed().series("__name__=a,job=j", 1000L, 1)).status()).isEqualTo(204);
    assertThat(push(new Pushed().series("__name__=a,job=j", 500L, 1, 1000L, 1)).message())
        .isEqualTo(
            "1 of 2 samples refused, the others are stored; the first: out of order sample:"
                + " series a{job=\"j\"}, timestamp 500");
  }

  @Test
  void refusesLabelsThatMustNotBeAndSaysWhy() {
    assertRefused(new Pushed().series("a=1", 1L, 1), "no metric name");
    assertRefused(new Pushed().series("", 1L, 1), "no metric name");
    assertRefused(new Pushed().series("__name__=", 1L, 1), "no metric name");
    assertRefused(new Pushed().series("__name__=a,=1", 1L, 1), "a label name is empty (metric a)");
    assertRefused(
        new Pushed().series("__name__=a,x=1,b=2,x=1", 1L, 1),
        "label name \"x\" comes twice (metric a)");
    assertRefused(
        new Pushed().series("__name__=a,x=" + "v".repeat(4097), 1L, 1),
        "a value of a label of 4097 bytes is longer than the limit of 4096 (metric a)");
    assertRefused(
        new Pushed().series("__name__=a," + "n".repeat(1025) + "=1", 1L, 1),
        "a label name of 1025 bytes is longer than the limit of 1024 (metric a)");
    var many = new StringBuilder("__name__=a");
    for (int i = 0; i < 64; i++) {
      many.append(",l").append(i).append("=1");
    }
    assertRefused(new Pushed().series(many.toString(), 1L, 1), "more than 64 labels (metric a)");
    for (byte[] bad :
        new byte[][] {
          {(byte) 0xff}, {(byte) 0xc0, (byte) 0xaf}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
        }) {
      byte[] name = Pushed.label(utf8("__name__"), utf8("a"));
      assertRefused(
          new Pushed()
              .raw(
                  Pushed.field(
                      1,
                      Pushed.concat(
                          Pushed.concat(name, Pushed.label(utf8("x"), bad)), Pushed.sample(1, 1)))),
          "a value of a label is not valid UTF-8 (metric a)");
      assertRefused(
          new Pushed()
              .raw(
                  Pushed.field(
                      1,
                      Pushed.concat(
                          Pushed.concat(name, Pushed.label(bad, utf8("x"))), Pushed.sample(1, 1)))),
          "a label name is not valid UTF-8 (metric a)");
    }
    assertThat(store.stored()).isEmpty();
  }

  @Test
  void refusesTimesThatCannotBe() {
    for (long time : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE, 1L << 42}) {
      PushAnswer answer =
          push(new Pushed().series("__name__=a", time, 1).series("__name__=b", 1L, 1));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.stored()).isEqualTo(1);
      assertThat(answer.message())
          .contains("1 of 2", "out of bounds", "series a, timestamp " + time);
    }
  }

  @Test
  void storesHistogramsExemplarsAndMetadata() {
    var request =
        new ProtoWriter()
            .message(
                1,
                label("__name__", "h")
                    .message(4, histogram(2, 1000))
                    .message(3, label("trace", "x").number(2, 0.5).varint(3, 900)))
            .message(
                3, new ProtoWriter().varint(1, 3).text(2, "h").text(4, "Some help.").text(5, "s"));
    PushAnswer answer = pushPlain(TYPE, request.toBytes());
    assertThat(answer).isEqualTo(new PushAnswer(204, "", 0, 1, 1, 0));
    assertThat(store.stored())
        .containsExactly(
            "h 1000 {count 3 sum 1.5 (3ff8000000000000) zero 1 buckets 1 1; schema 2 zero 0.001"
                + " positive [0+2] negative [], UNKNOWN}");
    assertThat(store.exemplars()).containsExactly("h {trace=\"x\"} 0.5 900");
    assertThat(store.naive.metadata())
        .containsEntry("h", new MetricMetadata(MetricMetadata.Type.HISTOGRAM, "Some help.", "s"));
  }

  @Test
  void refusesAHistogramThatContradictsItselfAndStoresWhatIsBesideIt() {
    byte[] series =
        Pushed.concat(
            Pushed.label(utf8("__name__"), utf8("a")),
            Pushed.concat(Pushed.sample(1, 1), Pushed.field(4, new byte[] {8, 1})));
    PushAnswer answer = push(new Pushed().raw(Pushed.field(1, series)));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.stored()).isEqualTo(1);
    assertThat(answer.message()).contains("1 of 2", "histogram with a count of 1, expected 0");
  }

  @Test
  void countsHistogramsApartFromSamplesWhateverIsRefused() {
    pushPlain(
        TYPE,
        new ProtoWriter()
            .message(1, label("__name__", "h").message(4, histogram(2, 2000)))
            .toBytes());
    var request =
        new ProtoWriter()
            .message(1, label("__name__", "h").message(4, histogram(2, 1000)))
            .message(1, label("__name__", "i").message(4, histogram(2, 1000)))
            .message(1, label("__name__", "a").message(2, sample(1, 7)));
    PushAnswer answer = pushPlain(TYPE, request.toBytes());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(List.of(answer.samples(), answer.histograms(), answer.refused()))
        .containsExactly(1, 1, 1);
  }

  @Test
  void takesNoOffenceAtEmptySeries() {
    assertThat(push(new Pushed().series("__name__=a", 1L, 1).series("").series("__name__=b")))
        .isEqualTo(stored(1));
    assertThat(push(new Pushed())).isEqualTo(stored(0));
  }

  @Test
  void takesNoMessageOfTheSecondVersionForAnEmptyOneOfTheFirst() {
    byte[] second = new ProtoWriter().text(4, "").text(4, "__name__").toBytes();
    assertThat(pushPlain(TYPE, second).status()).isEqualTo(400);
    assertThat(pushPlain(TYPE, second).message()).contains("a message of remote write 2.0");
  }

  @Test
  void readsTheZstandardThatVmagentBeginsWith() {
    byte[] plain = new Pushed().series("__name__=a,job=j", 1000L, 1.5).plain();
    assertThat(status(TYPE, "zstd", ByteBuffer.wrap(Zstd.compress(plain)))).isEqualTo(204);
    assertThat(store.stored()).containsExactly("a{job=\"j\"} 1000 1.5");
    byte[] packed = Zstd.compress(plain);
    assertThat(status(TYPE, "zstd", ByteBuffer.wrap(Arrays.copyOf(packed, packed.length - 2))))
        .isEqualTo(400);
    assertThat(status(TYPE, "zstd", ByteBuffer.wrap(Zstd.compress(new byte[40 << 20]))))
        .isEqualTo(413);
  }

  @Test
  void looksAtTheHeadersBeforeTheBody() {
    ByteBuffer garbage = ByteBuffer.wrap(new byte[] {1, 2, 3});
    assertThat(status("application/json", "snappy", garbage)).isEqualTo(415);
    assertThat(status(TYPE, "zstd", garbage)).isEqualTo(400);
    assertThat(status(TYPE, "gzip", garbage)).isEqualTo(415);
    assertThat(status(TYPE + ";proto=io.prometheus.write.v3.Request", "snappy", garbage))
        .isEqualTo(415);
    assertThat(status(TYPE + "; proto=io.prometheus.write.v2.Request", "snappy", garbage))
        .isEqualTo(400);
    ByteBuffer good = new Pushed().series("__name__=a", 1L, 1).packed();
    assertThat(status(TYPE + ";proto=prometheus.WriteRequest", "snappy", good)).isEqualTo(204);
    assertThat(status(null, null, good)).isEqualTo(204);
    assertThat(status("", "", good)).isEqualTo(204);
    assertThat(status(TYPE, "snappy", garbage)).isEqualTo(400);
  }

  @Test
  void answersMalformedMessagesWithABadRequestAndStoresNothingOfThem() {
    byte[] good = new Pushed().series("__name__=a", 1L, 1).plain();
    for (byte[] bad :
        new byte[][] {
          Arrays.copyOf(good, good.length - 3),
          {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f},
          {0x0b, 0x0b},
          {0x0a, 2, 0x12, 5},
          Pushed.concat(
              new byte[] {0x0a}, "\u00ff".repeat(11).getBytes(StandardCharsets.ISO_8859_1))
        }) {
      PushAnswer answer =
          write.accept(TYPE, "snappy", ByteBuffer.wrap(SnappyWriter.literals(bad))).join();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.message()).startsWith("proto: ");
    }
    assertThat(store.stored()).isEmpty();
    assertThat(write.counters().badRequests()).isEqualTo(5);
  }

  @Test
  void answersTooLargeRequestsByTheirDeclaredLength() {
    byte[] bomb = Pushed.concat(Pushed.varint(1L << 30), new byte[] {0});
    assertThat(status(TYPE, "snappy", ByteBuffer.wrap(bomb))).isEqualTo(413);
  }

  @Test
  void readsABodyThatIsNotOnTheHeap() {
    ByteBuffer heap = new Pushed().series("__name__=a", 1L, 1).packed();
    ByteBuffer direct = ByteBuffer.allocateDirect(heap.remaining() + 3).position(3);
    direct.put(heap).flip().position(3);
    assertThat(status(TYPE, "snappy", direct)).isEqualTo(204);
  }

  @Test
  void looksSeriesUpAgainThatTheStoreHasForgotten() {
    Pushed first = new Pushed().series("__name__=a", 1000L, 1).series("__name__=b", 1000L, 1);
    assertThat(push(first).status()).isEqualTo(204);
    store.forgetAll();
    Pushed second =
        new Pushed().series("__name__=a", 2000L, 1, 3000L, 1).series("__name__=b", 2000L, 1);
    assertThat(push(second)).isEqualTo(stored(3));
    assertThat(push(new Pushed().series("__name__=a", 4000L, 1)).status()).isEqualTo(204);
    assertThat(store.stored())
        .containsExactly(
            "a 1000 1.0", "a 2000 1.0", "a 3000 1.0", "a 4000 1.0", "b 1000 1.0", "b 2000 1.0");
  }

  @Test
  void refusesNewSeriesOnlyWhenTheStoreHasTooMany() {
    push(new Pushed().series("__name__=a", 1000L, 1));
    store.full = true;
    PushAnswer answer =
        push(new Pushed().series("__name__=a", 2000L, 1).series("__name__=b", 2000L, 1));
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.message()).contains("1 of 2", "no more series");
    assertThat(store.stored()).containsExactly("a 1000 1.0", "a 2000 1.0");
  }

  @Test
  void tellsForGoodWhatComesAgainWhileTheStoreStillHasTooMany() {
    store.full = true;
    Pushed tooMany = new Pushed().series("__name__=b", 2000L, 1);
    assertThat(push(tooMany).status()).isEqualTo(429);
    assertThat(push(new Pushed().series("__name__=b", 3000L, 1)).status()).isEqualTo(429);
    PushAnswer again = push(tooMany);
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.message()).contains("1 of 1", "no more series");
    store.full = false;
    assertThat(push(tooMany).status()).isEqualTo(204);
  }

  @Test
  void asksToTryAgainWhenTheStoreIsUnavailable() {
    store.unavailable = true;
    assertThat(push(new Pushed().series("__name__=a", 1000L, 1)))
        .isEqualTo(PushAnswer.nothing(503, "nothing was stored: disk is full"));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void storesTheSameAsAPlainMapWhateverIsPushed(long seed) {
    var random = new Random(seed);
    Map<String, Double> expected = new TreeMap<>();
    for (int request = 0; request < 60; request++) {
      var pushed = new Pushed();
      for (int s = random.nextInt(30); s > 0; s--) {
        int name = random.nextInt(20);
        int instance = random.nextInt(4);
        var samples = new ArrayList<Object>();
        for (int k = random.nextInt(4); k > 0; k--) {
          long time = request * 1000L + random.nextInt(5) * 100L;
          // The same time brings the same value, so that repetitions are no contradiction.
          double value = time * 31 + name;
          samples.add(time);
          samples.add(value);
        }
        String labels = "__name__=m" + name + ",instance=i" + instance;
        for (int i = 0; i < samples.size(); i += 2) {
          expected.put(
              "m%d{instance=\"i%d\"} %d".formatted(name, instance, (long) samples.get(i)),
              (Double) samples.get(i + 1));
        }
        pushed.series(labels, samples.toArray());
      }
      ByteBuffer body = ByteBuffer.wrap(SnappyWriter.mixed(pushed.plain(), random));
      assertThat(write.accept(TYPE, "snappy", body).join().status()).isEqualTo(204);
    }
    Map<String, Double> found = new TreeMap<>();
    for (String line : store.stored()) {
      int space = line.lastIndexOf(' ');
      found.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
    }
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 5})
  void answersEveryDamagedRequestAndGoesOn(long seed) {
    var random = new Random(seed);
    byte[] good =
        new Pushed()
            .series("__name__=a,job=j", 1000L, 1, 2000L, 2)
            .series("__name__=b,job=j", 1000L, 1)
            .plain();
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = good.clone();
      for (int k = 1 + random.nextInt(3); k > 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertThat(status(TYPE, "snappy", ByteBuffer.wrap(SnappyWriter.literals(damaged))))
          .isIn(204, 400);
    }
    assertThat(push(new Pushed().series("__name__=good", 1L, 1)).status()).isEqualTo(204);
  }

  private void assertRefused(Pushed pushed, String reason) {
    assertThat(push(pushed))
        .isEqualTo(new PushAnswer(400, "1 of 1 samples refused; the first: " + reason, 0, 0, 0, 1));
  }

  private PushAnswer push(Pushed pushed) {
    return write.accept(TYPE, "snappy", pushed.packed()).join();
  }

  private int status(@Nullable String type, @Nullable String encoding, ByteBuffer body) {
    return write.accept(type, encoding, body.duplicate()).join().status();
  }

  private PushAnswer pushPlain(String type, byte[] plain) {
    return write.accept(type, "snappy", ByteBuffer.wrap(SnappyWriter.literals(plain))).join();
  }

  private static PushAnswer stored(int samples) {
    return new PushAnswer(204, "", samples, 0, 0, 0);
  }

  private static ProtoWriter label(String name, String value) {
    return new ProtoWriter().message(1, new ProtoWriter().text(1, name).text(2, value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
