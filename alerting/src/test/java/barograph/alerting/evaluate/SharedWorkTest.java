package barograph.alerting.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedWorkTest {
  private static final List<Integer> THINGS = IntStream.range(0, 100).boxed().toList();

  @Test
  void freeThreadsHelp() {
    // Each of two things waits for the other to be under way too.
    var both = new CyclicBarrier(2);
    try (var threads = Executors.newFixedThreadPool(1)) {
      SharedWork.on(threads).each(List.of("a", "b"), thing -> await(both));
    }
    assertThat(both.isBroken()).isFalse();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aThreadThatBecomesFreeLateFindsNothingToDo() {
    var later = new ArrayList<Runnable>();
    var done = new ArrayList<Integer>();
    SharedWork.on(later::add).each(THINGS, done::add);
    assertThat(done).isEqualTo(THINGS);
    later.forEach(Runnable::run);
    assertThat(done).isEqualTo(THINGS);
  }

  @Test
  void everyThingIsDoneOnceByManyThreads() {
    var done = new ConcurrentSkipListSet<Integer>();
    try (var threads = Executors.newFixedThreadPool(3)) {
      SharedWork.on(threads).each(THINGS, thing -> assertThat(done.add(thing)).isTrue());
    }
    assertThat(done).containsExactlyElementsOf(THINGS);
  }

  @Test
  void worksAloneWhereThreadsAreRefused() {
    var done = new ArrayList<Integer>();
    SharedWork.on(
            task -> {
              throw new RejectedExecutionException("closed");
            })
        .each(THINGS, done::add);
    assertThat(done).isEqualTo(THINGS);
  }

  @Test
  void aFailureOfTheOneWhoHasTheWorkIsNotHidden() {
    assertThatThrownBy(() ->
            SharedWork.on(task -> {})
                .each(
                    List.of(1),
                    thing -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
  }
}
