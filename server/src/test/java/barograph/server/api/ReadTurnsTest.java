package barograph.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.server.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Turns of remote reads, more of which come than are answered at the same time.
class ReadTurnsTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final List<String> done = new ArrayList<>();
  private final List<Runnable> farewells = new ArrayList<>();

  private CompletableFuture<Response> take(ReadTurns turns, Supplier<Response> work) {
    return turns.take(farewells::add, work);
  }

  private Supplier<Response> noting(String name) {
    return () -> {
      done.add(name);
      return Response.text(200, name);
    };
  }

  /// The only turn, held by a thread of its own until [#mayEnd].
  private Thread busy(ReadTurns turns) throws InterruptedException {
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              var _ =
                  take(
                      turns,
                      () -> {
                        begun.countDown();
                        try {
                          mayEnd.await();
                        } catch (InterruptedException e) {
                          throw new IllegalStateException(e);
                        }
                        return noting("first").get();
                      });
            });
    begun.await();
    return thread;
  }

  @Test
  void whoFindsATurnIsAnsweredAtOnce() {
    var turns = new ReadTurns(1);
    assertThat(take(turns, noting("a"))).isCompleted();
    assertThat(take(turns, noting("b"))).isCompleted();
    assertThat(done).containsExactly("a", "b");
    assertThat(turns.size()).isZero();
  }

  @Test
  void othersWaitInTheOrderOfTheirComingAndWhoHasGoneIsForgotten() throws InterruptedException {
    var turns = new ReadTurns(1);
    var first = busy(turns);
    var second = take(turns, noting("second"));
    var gone = take(turns, noting("gone"));
    var last = take(turns, noting("last"));
    assertThat(second).isNotDone();
    assertThat(turns.size()).isEqualTo(4);
    farewells.get(1).run();
    assertThat(turns.size()).isEqualTo(3);
    mayEnd.countDown();
    first.join();
    assertThat(done).containsExactly("first", "second", "last");
    assertThat(second.join().status()).isEqualTo(200);
    assertThat(last).isCompleted();
    assertThat(gone).isNotDone();
    assertThat(turns.size()).isZero();
  }

  @Test
  void aTurnThatFailsGoesToTheNext() throws InterruptedException {
    var turns = new ReadTurns(1);
    var first = busy(turns);
    var failing =
        take(
            turns,
            () -> {
              throw new IllegalStateException("this one fails");
            });
    var next = take(turns, noting("next"));
    mayEnd.countDown();
    first.join();
    assertThatThrownBy(failing::join).hasMessageContaining("this one fails");
    assertThat(next).isCompleted();
    assertThat(turns.size()).isZero();
  }

  @Test
  void moreThanCanWaitAreRefusedAndNoLimitMakesNobodyWait() throws InterruptedException {
    var turns = new ReadTurns(1);
    var first = busy(turns);
    for (int i = 0; i < ReadTurns.MOST_WAITING; i++) {
      assertThat(take(turns, noting("n"))).isNotDone();
    }
    assertThatThrownBy(() -> take(turns, noting("one too many")))
        .hasMessage("1 remote reads are answered and 1024 wait, the most that can");
    mayEnd.countDown();
    first.join();
    assertThat(done).hasSize(1 + ReadTurns.MOST_WAITING);
    var unlimited = new ReadTurns(0);
    var nested = take(unlimited, () -> take(unlimited, noting("inner")).join());
    assertThat(nested).isCompleted();
  }
}
