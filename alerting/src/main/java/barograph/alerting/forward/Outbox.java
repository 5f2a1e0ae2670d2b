package barograph.alerting.forward;

import barograph.alerting.alert.Alert;
import barograph.alerting.receiver.Web;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/// Alerts on their way to one Alertmanager: in their order, some at a time, the oldest given up
/// when too many wait.
final class Outbox {
  private static final System.Logger LOG = System.getLogger(Outbox.class.getName());
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  private final Alertmanager receiver;
  private final Web web;
  private final Executor threads;
  private final ForwardFigures figures;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Alert> waiting = new ArrayDeque<>();
  private boolean sending;
  private boolean closed;

  Outbox(Alertmanager receiver, Web web, Executor threads, ForwardFigures figures) {
    this.receiver = receiver;
    this.web = web;
    this.threads = threads;
    this.figures = figures;
  }

  Alertmanager receiver() {
    return receiver;
  }

  void put(List<Alert> alerts) {
    boolean begins;
    lock.lock();
    try {
      waiting.addAll(alerts);
      int tooMany = waiting.size() - AlertForwarder.CAPACITY;
      for (int i = 0; i < tooMany; i++) {
        waiting.remove();
        figures.dropped();
      }
      begins = !sending && !closed && !waiting.isEmpty();
      sending |= begins;
    } finally {
      lock.unlock();
    }
    if (begins) {
      try {
        threads.execute(this::send);
      } catch (RejectedExecutionException e) {
        LOG.log(Level.DEBUG, "alerts are not passed on any more", e);
      }
    }
  }

  private void send() {
    for (var batch = next(); !batch.isEmpty(); batch = next()) {
      send(batch);
    }
  }

  private List<Alert> next() {
    lock.lock();
    try {
      var batch = new ArrayList<Alert>();
      while (!closed && !waiting.isEmpty() && batch.size() < AlertForwarder.BATCH) {
        batch.add(waiting.remove());
      }
      sending = !batch.isEmpty();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void send(List<Alert> batch) {
    var url = receiver.alertsUrl();
    try {
      var answer =
          web.send(
              new Web.Request(
                  "POST",
                  url,
                  JSON,
                  AlertsMessage.of(batch),
                  receiver.client(),
                  receiver.timeout()));
      if (answer.status() / 100 == 2) {
        figures.sent(url, batch.size());
        return;
      }
      LOG.log(
          Level.ERROR,
          "alertmanager %s took none of %d alerts: status %d: %s"
              .formatted(url, batch.size(), answer.status(), answer.body().strip()));
    } catch (IOException e) {
      LOG.log(
          Level.ERROR,
          "alertmanager %s was not told of %d alerts: %s".formatted(url, batch.size(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    figures.failed(url, batch.size());
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }
}
