package barograph.ingest.pushed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesCacheTest {
  private static final int[] FIRST = {0};

  private static void put(SeriesCache cache, long first, long second, long value) {
    cache.put(new long[] {first, second}, new long[] {value}, FIRST, 1);
  }

  private static long get(SeriesCache cache, long first, long second) {
    var found = new long[1];
    cache.get(new SeriesCache.Cursor(), new long[] {first, second}, 1, found);
    return found[0];
  }

  @Test
  void remembersWhatIsInUseWithinItsBound() {
    var cache = new SeriesCache(10_000, System::nanoTime);
    var random = new Random(1);
    long[] used = random.longs(1000).toArray();
    for (int i = 0; i < used.length; i++) {
      put(cache, used[i], ~used[i], i);
    }
    for (int round = 0; round < 200_000; round++) {
      put(cache, random.nextLong(), random.nextLong(), 7);
      int i = round % used.length;
      assertThat(get(cache, used[i], ~used[i])).isEqualTo(i);
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
      put(cache, keys[i], keys[i] * 31, i);
    }
    long bytesForAll = cache.bytes();
    assertThat(bytesForAll).isLessThan(48L * keys.length);
    for (int step = 0; step < 3 * SeriesCache.TABLES; step++) {
      now.addAndGet(SeriesCache.KEPT.dividedBy(SeriesCache.TABLES).toNanos() + 1);
      for (int i = 0; i < 1000; i++) {
        assertThat(get(cache, keys[i], keys[i] * 31)).isEqualTo(i);
      }
      cache.tidy();
    }
    assertThat(cache.size()).isEqualTo(1000);
    assertThat(cache.bytes()).isLessThan(bytesForAll / 50);
    assertThat(get(cache, keys[5000], keys[5000] * 31)).isEqualTo(SeriesCache.MISSING);
  }

  @Test
  void tellsKeysApartByBothHalves() {
    var cache = new SeriesCache(100, System::nanoTime);
    put(cache, 5, 1, 10);
    put(cache, 5, 2, 20);
    put(cache, 0, 0, 30);
    assertThat(get(cache, 5, 1)).isEqualTo(10);
    assertThat(get(cache, 5, 2)).isEqualTo(20);
    assertThat(get(cache, 0, 0)).isEqualTo(30);
    assertThat(get(cache, 5, 3)).isEqualTo(SeriesCache.MISSING);
    put(cache, 5, 2, 21);
    assertThat(get(cache, 5, 2)).isEqualTo(21);
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
                  long value = get(cache, key, key + 1);
                  if (value == SeriesCache.MISSING) {
                    put(cache, key, key + 1, key >>> 1);
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

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3, 4, 5})
  void findsTheSameInAnyOrderAsAMapDoes(long seed) {
    var random = new Random(seed);
    var now = new AtomicLong();
    var cache = new SeriesCache(1_000_000, now::get);
    Map<Long, Long> model = new HashMap<>();
    var cursor = new SeriesCache.Cursor();
    long[] keys = random.longs(6000).toArray();
    for (int request = 0; request < 600; request++) {
      int count = 1 + random.nextInt(300);
      int from = random.nextInt(keys.length);
      var hashes = new long[2 * count];
      for (int i = 0; i < count; i++) {
        // Mostly in line, now and then anything, repeated or swapped.
        int key = random.nextInt(12) == 0 ? random.nextInt(keys.length) : (from + i) % keys.length;
        hashes[2 * i] = keys[key];
        hashes[2 * i + 1] = keys[key] * 31;
      }
      var values = new long[count];
      cache.get(cursor, hashes, count, values);
      var which = new int[count];
      int missing = 0;
      for (int i = 0; i < count; i++) {
        long known = model.getOrDefault(hashes[2 * i], SeriesCache.MISSING);
        if (values[i] != SeriesCache.MISSING) {
          assertThat(values[i]).isEqualTo(known);
        } else {
          values[i] = known == SeriesCache.MISSING ? model.size() : known;
          model.put(hashes[2 * i], values[i]);
          which[missing++] = i;
        }
      }
      cache.put(hashes, values, which, missing);
      if (random.nextInt(3) == 0) {
        now.addAndGet(SeriesCache.KEPT.dividedBy(SeriesCache.TABLES).toNanos() + 1);
        cache.tidy();
      }
    }
  }

  @Test
  void givesUpPagesOfWhichLittleIsInUse() {
    var now = new AtomicLong();
    var cache = new SeriesCache(1_000_000, now::get);
    long[] keys = new Random(6).longs(100_000).toArray();
    for (int i = 0; i < keys.length; i++) {
      put(cache, keys[i], keys[i] * 31, i);
    }
    long bytesForAll = cache.bytes();
    for (int step = 0; step < 4 * SeriesCache.TABLES; step++) {
      now.addAndGet(SeriesCache.KEPT.dividedBy(SeriesCache.TABLES).toNanos() + 1);
      for (int i = 0; i < keys.length; i += 100) {
        assertThat(get(cache, keys[i], keys[i] * 31)).isEqualTo(i);
      }
      cache.tidy();
    }
    assertThat(cache.size()).isEqualTo(1000);
    assertThat(cache.bytes()).isLessThan(bytesForAll / 25);
  }
}
