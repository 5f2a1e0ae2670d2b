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
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// Remote write 2.0.
class SecondVersionTest {
  private static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

  private final RecordingStore store = new RecordingStore();
  private final RemoteWrite write = new RemoteWrite(new PushedWrites(store, PushLimits.DEFAULT));

  @Test
  void readsTheSymbolsOfTheSecondVersion() {
    var request =
        new ProtoWriter()
            .text(4, "")
            .text(4, "__name__")
            .text(4, "m")
            .text(4, "job")
            .text(4, "j")
            .text(4, "Some help.")
            .text(4, "trace")
            .message(
                5,
                new ProtoWriter()
                    .packedVarints(1, 1, 2, 3, 4)
                    .message(2, sample(1.5, 1000).varint(3, 1))
                    .message(4, new ProtoWriter().packedVarints(1, 6, 4).number(2, 7).varint(3, 8))
                    .message(5, new ProtoWriter().varint(1, 1).varint(3, 5).varint(4, 4))
                    .varint(6, 500))
            .message(
                5, new ProtoWriter().message(3, histogram(2, 1000)).packedVarints(1, 3, 4, 1, 6));
    assertThat(push(request.toBytes())).isEqualTo(new PushAnswer(204, "", 1, 1, 1, 0));
    assertThat(store.stored())
        .containsExactly(
            "m{job=\"j\"} 1000 1.5",
            "trace{job=\"j\"} 1000 {count 3 sum 1.5 (3ff8000000000000) zero 1 buckets 1 1; schema 2"
                + " zero 0.001 positive [0+2] negative [], UNKNOWN}");
    assertThat(store.exemplars()).containsExactly("m{job=\"j\"} {trace=\"j\"} 7.0 8");
    assertThat(store.naive.metadata())
        .containsEntry("m", new MetricMetadata(MetricMetadata.Type.COUNTER, "Some help.", "j"));
  }

  @Test
  void storesAZeroWhereASeriesOfTheSecondVersionBeganIfThatIsWanted() {
    var receiver = new RemoteWrite(new PushedWrites(store, PushLimits.DEFAULT, true));
    for (long time = 1000; time <= 3000; time += 1000) {
      var request =
          new ProtoWriter()
              .text(4, "")
              .text(4, "__name__")
              .text(4, "m")
              .message(
                  5,
                  new ProtoWriter()
                      .packedVarints(1, 1, 2)
                      .message(2, sample(1.5, time))
                      .varint(6, time < 3000 ? 500 : 2500));
      assertThat(
              receiver
                  .accept(V2, "snappy", ByteBuffer.wrap(SnappyWriter.literals(request.toBytes())))
                  .join())
          .isEqualTo(new PushAnswer(204, "", 1, 0, 0, 0));
    }
    assertThat(store.stored())
        .containsExactly("m 500 0.0", "m 1000 1.5", "m 2000 1.5", "m 2500 0.0", "m 3000 1.5");
  }

  @Test
  void storesTheGoodSeriesOfTheSecondVersionBesideTheBad() {
    var request =
        new ProtoWriter()
            .text(4, "")
            .text(4, "__name__")
            .text(4, "m")
            .message(5, new ProtoWriter().packedVarints(1, 1, 2).message(2, sample(1, 1)))
            .message(5, new ProtoWriter().packedVarints(1, 2, 2).message(2, sample(1, 1)));
    PushAnswer answer = push(request.toBytes());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains("1 of 2 samples refused", "no metric name");
    assertThat(answer.samples()).isEqualTo(1);
  }

  @Test
  void takesNoMessageOfTheFirstVersionForAnEmptyOneOfTheSecond() {
    byte[] first = new Pushed().series("__name__=a", 1L, 1).plain();
    assertThat(push(first).status()).isEqualTo(400);
    assertThat(push(first).message()).contains("a message of remote write 1.0");
  }

  @Test
  void refusesSymbolsThatAreNotThere() {
    var beyond = new ProtoWriter().text(4, "").message(5, new ProtoWriter().packedVarints(1, 0, 1));
    assertThat(push(beyond.toBytes()))
        .isEqualTo(PushAnswer.nothing(400, "symbol 1 is referred to, there are 1"));
    var odd = new ProtoWriter().text(4, "").message(5, new ProtoWriter().packedVarints(1, 0));
    assertThat(push(odd.toBytes()).message()).contains("1 symbols, expected pairs");
    var full = new ProtoWriter().text(4, "a").message(5, new ProtoWriter().packedVarints(1, 0, 0));
    assertThat(push(full.toBytes()).message()).contains("first symbol must be empty");
  }

  private PushAnswer push(byte[] plain) {
    return write.accept(V2, "snappy", ByteBuffer.wrap(SnappyWriter.literals(plain))).join();
  }
}
