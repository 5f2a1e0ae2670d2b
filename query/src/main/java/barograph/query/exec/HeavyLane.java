package barograph.query.exec;

import barograph.query.exec.EvaluationException.Kind;
import java.util.ArrayDeque;

/// Where queries that turn out to be work wait for their turn, so that they never stand in the way
/// of the many that are done at once.
///
/// Some run at the same time, some wait, first come, first served; further ones are refused at once
/// instead of after a wait in vain.
public final class HeavyLane {
  private static final long LOOK_MILLIS = 50;

  private final int mostRunning;
  private final int most;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private int running;

  /// @param mostRunning how many run at the same time
  /// @param most how many run or wait
  public HeavyLane(int mostRunning, int most) {
    if (mostRunning < 1 || most < mostRunning) {
      throw new IllegalArgumentException(
          "%d heavy queries running and %d in all: at least one, and no fewer than run"
              .formatted(mostRunning, most));
    }
    this.mostRunning = mostRunning;
    this.most = most;
  }

  /// Waits until it is the caller's turn; who has entered has to [#leave].
  ///
  /// @param patience throws once the caller does not want to wait any longer; asked now and then
  /// @throws EvaluationException if too many wait already
  synchronized void enter(Runnable patience) {
    if (running < mostRunning && waiting.isEmpty()) {
      running++;
      return;
    }
    if (running + waiting.size() >= most) {
      throw new EvaluationException(
          Kind.REFUSED,
          "too many heavy queries: %d run and %d wait, at most %d are taken; try again later"
              .formatted(running, waiting.size(), most));
    }
    var ticket = new Object();
    waiting.add(ticket);
    try {
      while (running >= mostRunning || !ticket.equals(waiting.peek())) {
        wait(LOOK_MILLIS);
        patience.run();
      }
      running++;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EvaluationException(Kind.CANCELLED, "query was canceled in query queue");
    } finally {
      waiting.remove(ticket);
      notifyAll();
    }
  }

  /// Lets the next one in.
  synchronized void leave() {
    running--;
    notifyAll();
  }

  /// How many are at work.
  public synchronized int running() {
    return running;
  }

  /// How many wait.
  public synchronized int waiting() {
    return waiting.size();
  }
}
