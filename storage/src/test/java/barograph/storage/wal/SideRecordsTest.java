package barograph.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.testkit.RandomHistograms;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SideRecordsTest {
  private static final long BASE = 1_790_000_000_000L;

  private final SideRecords writer = new SideRecords();
  private final SideRecords reader = new SideRecords();
  private final Replayed replayed = new Replayed();

  /// Records of three series and what they say.
  private void write(Random random, int count, List<byte[]> records, List<String> said) {
    var sources =
        List.of(
            new RandomHistograms(random),
            new RandomHistograms(random),
            new RandomHistograms(random));
    for (int i = 0; i < count; i++) {
      int ref = random.nextInt(3);
      var histogram = sources.get(ref).next();
      records.add(writer.histogram(ref, i * 1000L, histogram).toByteArray());
      said.add(ref + " " + (BASE + i * 1000L) + " " + histogram);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void histogramsComeBackBitForBit(long seed) throws CorruptLogException {
    var records = new ArrayList<byte[]>();
    var said = new ArrayList<String>();
    write(new Random(seed), 500, records, said);
    for (byte[] record : records) {
      assertThat(reader.readHistogram(record, BASE, false, replayed)).isNull();
    }
    assertThat(replayed.histograms).isEqualTo(said);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whatStoodOnLostOnesIsLeftOutAndNeverGuessed(long seed) throws CorruptLogException {
    var random = new Random(seed);
    var records = new ArrayList<byte[]>();
    var said = new ArrayList<String>();
    write(random, 600, records, said);
    int lost = 0;
    int leftOut = 0;
    for (int i = 0; i < records.size(); i++) {
      if (i % 150 > 50 && i % 150 < 55) {
        lost++;
        continue;
      }
      boolean damaged = lost > 0;
      Long time = reader.readHistogram(records.get(i), BASE, damaged, replayed);
      leftOut += time == null ? 0 : 1;
      if (time != null) {
        assertThat(time).isEqualTo(BASE + i * 1000L);
      }
    }
    assertThat(said).containsAll(replayed.histograms);
    assertThat(replayed.histograms).hasSize(records.size() - lost - leftOut);
    assertThat(leftOut).isBetween(1, 4 * 3 * 32);
  }

  @Test
  void aGapWithoutDamageIsAnError() throws CorruptLogException {
    var records = new ArrayList<byte[]>();
    write(new Random(1), 20, records, new ArrayList<>());
    reader.readHistogram(records.get(0), BASE, false, replayed);
    assertThatExceptionOfType(CorruptLogException.class)
        .isThrownBy(() -> {
          for (int i = 7; i < 20; i++) {
            reader.readHistogram(records.get(i), BASE, false, replayed);
          }
        })
        .withMessageContaining("expected number");
  }

  @Test
  void exemplarsAndMetadataComeBack() throws CorruptLogException {
    var exemplar = new Exemplar(Labels.of("trace", "\u00e9"), -0.0, BASE - 7);
    reader.readExemplar(writer.exemplar(5, -7, exemplar).toByteArray(), BASE, replayed);
    var metadata = new MetricMetadata(MetricMetadata.Type.STATESET, "what\nit is", "seconds");
    reader.readMetadata(writer.metadata("m", metadata).toByteArray(), replayed);
    assertThat(replayed.beside).containsExactly("5 " + exemplar, "m " + metadata);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void anyBytesAreRefusedOrRead(long seed) {
    var random = new Random(seed);
    var records = new ArrayList<byte[]>();
    write(random, 40, records, new ArrayList<>());
    records.add(writer.exemplar(5, 0, new Exemplar(Labels.of("a", "b"), 1, BASE)).toByteArray());
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = records.get(random.nextInt(records.size())).clone();
      if (random.nextBoolean()) {
        random.nextBytes(bytes);
      } else {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        switch (random.nextInt(3)) {
          case 0 -> reader.readHistogram(bytes, BASE, random.nextBoolean(), replayed);
          case 1 -> reader.readExemplar(bytes, BASE, replayed);
          default -> reader.readMetadata(bytes, replayed);
        }
      } catch (CorruptLogException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
      replayed.histograms.clear();
    }
  }
}
