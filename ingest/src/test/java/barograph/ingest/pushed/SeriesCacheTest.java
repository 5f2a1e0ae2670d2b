package barograph.ingest.pushed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeriesCacheTest {

  @Test
  void remembersWhatIsInUseWithinItsBound() {
    var cache = new SeriesCache(10_000, System::nanoTime);
    var random = new Random(1);
    long[] used = random.longs(1000).toArray();
    for (int i = 0; i < used.length; i++) {
      cache.put(used[i], ~used[i], i);
    }
    for (int round = 0; round < 200_000; round++) {
      cache.put(random.nextLong(), random.nextLong(), 7);
      int i = round % used.length;
      assertThat(cache.get(used[i], ~used[i])).isEqualTo(i);
    }
    assertThat(cache.size()).isLessThan(60_000);
  }

  @Test
  void forgetsWhatNobodyAsksForAndGivesItsRoomBack() {
    var now = new AtomicLong();
    var cache = new SeriesCache(1_000_000, now::get);
    var random = new Random(2);
    long[] keys = random.longs(100_000).toArray();
    for (int i = 0; i < keys.length; i++) {
      cache.put(keys[i], keys[i] * 31, i);
    }
    long bytesForAll = cache.bytes();
    assertThat(bytesForAll).isLessThan(48L * keys.length);
    for (int step = 0; step < 3 * SeriesCache.TABLES; step++) {
      now.addAndGet(SeriesCache.KEPT.dividedBy(SeriesCache.TABLES).toNanos() + 1);
      for (int i = 0; i < 1000; i++) {
        assertThat(cache.get(keys[i], keys[i] * 31)).isEqualTo(i);
      }
      cache.tidy();
    }
    assertThat(cache.size()).isEqualTo(1000);
    assertThat(cache.bytes()).isLessThan(bytesForAll / 50);
    assertThat(cache.get(keys[5000], keys[5000] * 31)).isEqualTo(SeriesCache.MISSING);
  }

  @Test
  void tellsKeysApartByBothHalves() {
    var cache = new SeriesCache(100, System::nanoTime);
    cache.put(5, 1, 10);
    cache.put(5, 2, 20);
    cache.put(0, 0, 30);
    assertThat(cache.get(5, 1)).isEqualTo(10);
    assertThat(cache.get(5, 2)).isEqualTo(20);
    assertThat(cache.get(0, 0)).isEqualTo(30);
    assertThat(cache.get(5, 3)).isEqualTo(SeriesCache.MISSING);
    cache.put(5, 2, 21);
    assertThat(cache.get(5, 2)).isEqualTo(21);
  }

  @Test
  void neverAnswersAReaderWithAnotherKeysValue() throws InterruptedException {
    var cache = new SeriesCache(2_000, System::nanoTime);
    var wrong = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      long seed = t;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                var random = new Random(seed);
                for (int i = 0; i < 200_000; i++) {
                  long key = random.nextInt(20_000) * 0x9e3779b97f4a7c15L;
                  long value = cache.get(key, key + 1);
                  if (value == SeriesCache.MISSING) {
                    cache.put(key, key + 1, key >>> 1);
                  } else if (value != key >>> 1) {
                    wrong.incrementAndGet();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).hasValue(0);
  }
}
