package barograph.storage.index;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roaringbitmap.RoaringBitmap;

class TombstonesTest {
  private static final int SERIES = 60;
  private static final int TIMES = 500;

  @ParameterizedTest(name = "seed {0}, {1} deletions")
  @CsvSource({"1, 0", "2, 3", "3, 8", "4, 9", "5, 100", "6, 1000", "7, 3000"})
  void takeOutWhatTheNaiveModelTakesOut(long seed, int deletions) {
    var random = new Random(seed);
    var lost = new boolean[SERIES][TIMES];
    Tombstones tombstones = Tombstones.NONE;
    for (int i = 0; i < deletions; i++) {
      int from = random.nextInt(TIMES);
      int to = Math.min(TIMES - 1, from + random.nextInt(random.nextInt(20) == 0 ? 200 : 4));
      boolean ever = random.nextInt(500) == 0;
      var range = ever ? TimeRange.ALL : new TimeRange(from, to);
      var series = new RoaringBitmap();
      for (int k = random.nextInt(4); k >= 0; k--) {
        int each = random.nextInt(SERIES / 2);
        series.add(each);
        Arrays.fill(lost[each], ever ? 0 : from, ever ? TIMES : to + 1, true);
      }
      tombstones = tombstones.with(range, series);
    }
    tombstones = Objects.requireNonNull(Tombstones.of(tombstones.toBytes()));
    for (int each = 0; each < SERIES; each++) {
      var expected = new TreeSet<Long>();
      var samples = new SampleColumns();
      samples.add(-5, 1);
      int begin = random.nextInt(TIMES);
      for (int time = begin; time < TIMES; time++) {
        samples.add(time, time);
        assertThat(tombstones.covers(each, time)).isEqualTo(lost[each][time]);
        if (!lost[each][time]) {
          expected.add((long) time);
        }
      }
      boolean any = false;
      for (boolean one : lost[each]) {
        any |= one;
      }
      assertThat(tombstones.touches(each)).isEqualTo(any);
      tombstones.apply(each, samples, 1, 0);
      assertThat(samples.size()).isEqualTo(1 + expected.size());
      for (int i = 1; i < samples.size(); i++) {
        assertThat(samples.timestamps()[i]).isEqualTo((long) samples.values()[i]);
        assertThat(expected).contains(samples.timestamps()[i]);
      }
    }
  }

  @Test
  void bytesThatAreNoTombstonesAreNoneWhateverTheySayOfTheirBitmaps() {
    byte[] whole =
        Tombstones.NONE.with(new TimeRange(0, 10), RoaringBitmap.bitmapOf(1, 2, 70_000)).toBytes();
    assertThat(Tombstones.of(whole)).isNotNull();
    int bitmapAt = 4 + 16 + 4;
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) 0xC0;
      Tombstones found = Tombstones.of(changed);
      if (at >= bitmapAt && at < bitmapAt + 2) {
        assertThat(found).as("another cookie, byte %d", at).isNull();
      }
    }
    for (int length = 0; length < whole.length; length++) {
      assertThat(Tombstones.of(Arrays.copyOf(whole, length))).isNull();
    }
  }
}
