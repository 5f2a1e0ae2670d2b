package barograph.storage.wal;

import barograph.storage.model.Labels;
import barograph.storage.wal.Replayed.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Records random things, as a fleet of pages and pushes would, and remembers them.
final class Workload {
  private static final double[] ODD = {
    Double.NaN,
    Double.longBitsToDouble(0x7ff0000000000002L),
    Double.longBitsToDouble(0xfff8000000000123L),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -0.0,
    0.0,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    0x1p63,
    -0x1p63,
    0x1p53 + 2,
    -1
  };

  final Map<Integer, Labels> series = new HashMap<>();
  final Set<Point> points = new HashSet<>();
  private final Random random;
  private final List<int[]> pages = new ArrayList<>();
  private final Map<Integer, Double> last = new HashMap<>();
  private long now = 1_700_000_000_000L;

  Workload(Random random) {
    this.random = random;
  }

  /// Records one random thing.
  void step(Log log) {
    now += 1 + random.nextInt(20_000);
    int dice = random.nextInt(100);
    if (pages.isEmpty() || dice < 3) {
      newTarget(log);
    } else if (dice < 6) {
      grow(log, random.nextInt(pages.size()));
    } else if (dice < 70) {
      page(log, random.nextInt(pages.size()));
    } else if (dice < 85) {
      part(log, random.nextInt(pages.size()));
    } else if (dice < 95) {
      int ref = random.nextInt(series.size());
      double value = next(ref);
      log.sample(ref, now, value);
      points.add(Point.of(ref, now, value));
    } else {
      run(log, random.nextInt(series.size()));
    }
  }

  void newTarget(Log log) {
    int target = pages.size();
    log.target(target, "target " + target);
    pages.add(new int[0]);
    grow(log, target);
  }

  private void grow(Log log, int target) {
    int[] page = pages.get(target);
    int more = 1 + random.nextInt(random.nextInt(8) == 0 ? 300 : 20);
    int size = page.length;
    page = Arrays.copyOf(page, size + more);
    for (int i = size; i < page.length; i++) {
      page[i] = series.size();
      var labels = Labels.of("__name__", "metric_" + i, "target", Integer.toString(target));
      series.put(page[i], labels);
      log.series(page[i], target, labels);
    }
    pages.set(target, page);
  }

  /// A whole page, now and then from another place on.
  void page(Log log, int target) {
    int[] page = pages.get(target);
    int from = random.nextInt(4) == 0 ? random.nextInt(page.length) : 0;
    row(log, target, Arrays.copyOfRange(page, from, page.length));
  }

  /// Some of a page's series, in any order.
  private void part(Log log, int target) {
    int[] page = pages.get(target).clone();
    int share = 1 + random.nextInt(3);
    int kept = 0;
    for (int ref : page) {
      if (random.nextInt(3) < share) {
        page[kept++] = ref;
      }
    }
    for (int i = kept - 1; i > 0 && random.nextBoolean(); i--) {
      int other = random.nextInt(i + 1);
      int swapped = page[i];
      page[i] = page[other];
      page[other] = swapped;
    }
    row(log, target, Arrays.copyOf(page, kept));
  }

  private void row(Log log, int target, int[] refs) {
    var values = new double[refs.length + 3];
    for (int i = 0; i < refs.length; i++) {
      values[i + 3] = next(refs[i]);
      points.add(Point.of(refs[i], now, values[i + 3]));
    }
    var shifted = new int[refs.length + 3];
    System.arraycopy(refs, 0, shifted, 3, refs.length);
    log.row(target, now, shifted, values, 3, refs.length);
  }

  private void run(Log log, int ref) {
    int count = 1 + random.nextInt(200);
    var timestamps = new long[count];
    var values = new double[count];
    for (int i = 0; i < count; i++) {
      now += 1 + random.nextInt(1000);
      timestamps[i] = now;
      values[i] = next(ref);
      points.add(Point.of(ref, now, values[i]));
    }
    log.samples(ref, timestamps, values, 0, count);
  }

  private double next(int ref) {
    double before = last.getOrDefault(ref, 0.0);
    double next =
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> before;
          case 3, 4 -> Math.rint(before) + random.nextInt(1000) - 20;
          case 5 -> random.nextGaussian();
          case 6 -> before + random.nextInt(100) / 100.0;
          default -> ODD[random.nextInt(ODD.length)];
        };
    last.put(ref, next);
    return next;
  }
}
