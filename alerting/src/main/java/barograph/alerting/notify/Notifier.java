package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.receiver.Integration;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.receiver.Webhook;
import barograph.alerting.route.Branch;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Takes alerts and tells those who should hear of them.
///
/// One lock guards the alerts, the groups and what was told; nothing is sent while it is held.
public final class Notifier implements AutoCloseable {
  private final NotifyPorts ports;
  private final ReentrantLock lock = new ReentrantLock();
  private final AlertTable alerts = new AlertTable();
  private final NotificationLog log = new NotificationLog();
  private NotificationConfig config;
  private Dispatcher dispatcher;
  private boolean closed;

  public Notifier(NotificationConfig config, NotifyPorts ports) {
    this.ports = ports;
    this.config = config;
    dispatcher = dispatcher(config);
  }

  /// Takes news of alerts, new ones or known ones.
  public void take(List<Alert> news) {
    lock.lock();
    try {
      if (!closed) {
        var now = ports.beat().now();
        news.forEach(alert -> dispatcher.put(alerts.put(alert, now)));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Goes on with other routes and receivers: alerts are grouped anew, and nobody is told again
  /// what they were told already.
  public void reload(NotificationConfig newConfig) {
    lock.lock();
    try {
      if (closed || newConfig.equals(config)) {
        return;
      }
      config = newConfig;
      dispatcher.stop();
      dispatcher = dispatcher(newConfig);
      alerts.all().forEach(dispatcher::put);
    } finally {
      lock.unlock();
    }
  }

  private Dispatcher dispatcher(NotificationConfig from) {
    var receivers =
        from.receivers().stream().collect(Collectors.toMap(Receiver::name, this::integrations));
    return new Dispatcher(Branch.treeOf(from.route()), receivers, ports, log, lock);
  }

  /// The places of a receiver: a new kind of them gets a line here.
  private List<Integration> integrations(Receiver receiver) {
    return Stream.<Stream<Integration>>of(
            receiver.webhooks().stream().map(webhook -> new Webhook(webhook, ports.http())))
        .flatMap(kind -> kind)
        .toList();
  }

  /// How many groups have alerts now.
  public int groupCount() {
    lock.lock();
    try {
      return dispatcher.groupCount();
    } finally {
      lock.unlock();
    }
  }

  public NotifyFigures figures() {
    return ports.figures();
  }

  /// Ends all timers; a message that is being sent is not waited for.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      dispatcher.stop();
    } finally {
      lock.unlock();
    }
  }
}
