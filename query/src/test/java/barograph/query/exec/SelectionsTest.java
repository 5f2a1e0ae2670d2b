package barograph.query.exec;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.ForwardingReader;
import barograph.storage.Reader;
import barograph.storage.Selection;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SelectionsTest {
  private static final List<Matcher> MATCHERS = List.of(Matcher.equal("a", "b"));

  /// Ten million usual intervals.
  private static final TimeRange LONG = new TimeRange(0, 300_000_000_000L);

  private final HeavyLane lane = new HeavyLane(1, 2);
  private final Counting reader = new Counting(new NaiveStore().put(Labels.of("a", "b"), 5, 1));

  private Budget budget() {
    return new Budget(
        1_000_000,
        1 << 30,
        Long.MAX_VALUE,
        () -> 0,
        () -> false,
        new MemoryPool(1 << 30, Heap.ofProcess()),
        lane);
  }

  /// Starts a query, which tells how many series it has found, and returns once it waits.
  private Thread queryThatWaits(AtomicInteger found) {
    var query =
        new Thread(() -> {
          try (var budget = budget();
              var selections = new Selections(reader, SeriesOrder.LABELS, budget)) {
            selections.announce(MATCHERS, LONG);
            found.set(selections.open(MATCHERS, LONG).size());
          }
        });
    query.start();
    while (lane.waiting() == 0) {
      Thread.onSpinWait();
    }
    return query;
  }

  @Test
  void whoWaitsForItsTurnHoldsNothingOfTheStore() throws InterruptedException {
    lane.enter(() -> {});
    var found = new AtomicInteger();
    Thread query = queryThatWaits(found);
    assertThat(reader.asked.get()).isEqualTo(1);
    assertThat(reader.held.get()).isZero();
    lane.leave();
    query.join();
    assertThat(found.get()).isEqualTo(1);
    assertThat(reader.asked.get()).isEqualTo(2);
    assertThat(reader.held.get()).isZero();
    assertThat(lane.running()).isZero();
  }

  @Test
  void whoWaitsForItsTurnKeepsWhatWasDear() throws InterruptedException {
    reader.dear = true;
    lane.enter(() -> {});
    var found = new AtomicInteger();
    Thread query = queryThatWaits(found);
    assertThat(reader.held.get()).isEqualTo(1);
    lane.leave();
    query.join();
    assertThat(found.get()).isEqualTo(1);
    assertThat(reader.asked.get()).isEqualTo(1);
    assertThat(reader.held.get()).isZero();
  }

  @Test
  void whatIsLittleWorkIsReadAtOnce() {
    lane.enter(() -> {});
    try (var budget = budget();
        var selections = new Selections(reader, SeriesOrder.LABELS, budget)) {
      var few = new TimeRange(0, 60_000);
      selections.announce(MATCHERS, few);
      assertThat(selections.open(MATCHERS, few).size()).isEqualTo(1);
    }
    assertThat(reader.asked.get()).isEqualTo(1);
  }

  /// Counts what is held of it.
  private static final class Counting extends ForwardingReader {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private volatile boolean dear;

    private Counting(Reader inner) {
      super(inner);
    }

    @Override
    public Selection select(
        List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
      asked.incrementAndGet();
      held.incrementAndGet();
      var selection = super.select(matchers, range, order, allowance);
      return new Selection() {
        @Override
        public int size() {
          return selection.size();
        }

        @Override
        public Labels labels(int series) {
          return selection.labels(series);
        }

        @Override
        public void read(int series, TimeRange wanted, SampleColumns into) {
          selection.read(series, wanted, into);
        }

        @Override
        public boolean isDear() {
          return dear;
        }

        @Override
        public List<String> warnings() {
          return selection.warnings();
        }

        @Override
        public void close() {
          held.decrementAndGet();
          selection.close();
        }
      };
    }
  }
}
