package barograph.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HeavyLaneTest {
  @Test
  void whoComesFirstIsServedFirst() throws InterruptedException {
    var lane = new HeavyLane(1, 4);
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    lane.enter(() -> {});
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      var thread =
          new Thread(() -> {
            lane.enter(() -> {});
            served.add(number);
            lane.leave();
          });
      threads.add(thread);
      thread.start();
      while (lane.waiting() <= i) {
        Thread.onSpinWait();
      }
    }
    assertThat(served).isEmpty();
    lane.leave();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(served).containsExactly(0, 1, 2);
    assertThat(lane.running()).isZero();
  }

  @Test
  void whoFindsTooManyIsRefusedAtOnce() throws InterruptedException {
    var lane = new HeavyLane(1, 2);
    lane.enter(() -> {});
    var done = new CountDownLatch(1);
    var waiting =
        new Thread(() -> {
          lane.enter(() -> {});
          lane.leave();
          done.countDown();
        });
    waiting.start();
    while (lane.waiting() == 0) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> lane.enter(() -> {}))
        .hasMessage(
            "too many heavy queries: 1 run and 1 wait, at most 2 are taken; try again later");
    lane.leave();
    done.await();
    waiting.join();
    lane.enter(() -> {});
    assertThat(lane.running()).isOne();
  }

  @Test
  void whoLosesPatienceLeavesTheQueueToTheOthers() throws InterruptedException {
    var lane = new HeavyLane(1, 3);
    lane.enter(() -> {});
    var impatient = new AtomicBoolean();
    var thrown = new ArrayList<String>();
    var first =
        new Thread(() -> {
          try {
            lane.enter(() -> {
              if (impatient.get()) {
                throw new IllegalStateException("enough");
              }
            });
          } catch (IllegalStateException e) {
            thrown.add(e.getMessage());
          }
        });
    first.start();
    while (lane.waiting() == 0) {
      Thread.onSpinWait();
    }
    impatient.set(true);
    first.join();
    assertThat(thrown).containsExactly("enough");
    assertThat(lane.waiting()).isZero();
    lane.leave();
    lane.enter(() -> {});
    assertThat(lane.running()).isOne();
  }
}
