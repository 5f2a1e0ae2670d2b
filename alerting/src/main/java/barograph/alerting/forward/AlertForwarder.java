package barograph.alerting.forward;

import barograph.alerting.alert.Alert;
import barograph.alerting.receiver.Web;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Passes alerts on to every Alertmanager that the configuration names, each at its own pace.
public final class AlertForwarder implements AutoCloseable {
  /// Alerts in one message.
  static final int BATCH = 256;

  /// Alerts that may wait for one Alertmanager.
  static final int CAPACITY = 10_000;

  private final Web web;
  private final Executor threads;
  private final ForwardFigures figures = new ForwardFigures();
  private volatile List<Outbox> outboxes = List.of();

  /// A forwarder that knows nobody yet.
  ///
  /// @param threads where messages are sent, and where blocking is cheap
  public AlertForwarder(Web web, Executor threads) {
    this.web = web;
    this.threads = threads;
  }

  /// Passes alerts on to these from now on; what waits for one that stays is still sent.
  public synchronized void apply(List<Alertmanager> receivers) {
    var before = new ArrayList<>(outboxes);
    var next = new ArrayList<Outbox>();
    for (var receiver : receivers) {
      var known = before.stream().filter(outbox -> outbox.receiver().equals(receiver)).findFirst();
      known.ifPresent(before::remove);
      next.add(known.orElseGet(() -> new Outbox(receiver, web, threads, figures)));
    }
    outboxes = List.copyOf(next);
    before.forEach(Outbox::close);
  }

  /// Hands alerts over, and waits for nobody.
  public void take(List<Alert> alerts) {
    for (var outbox : outboxes) {
      var relabeled = relabeled(alerts, outbox.receiver().relabeling());
      if (!relabeled.isEmpty()) {
        outbox.put(relabeled);
      }
    }
  }

  /// The alerts as they leave, without those that do not.
  public static List<Alert> relabeled(List<Alert> alerts, AlertRelabeling relabeling) {
    var all = new ArrayList<Alert>(alerts.size());
    for (var alert : alerts) {
      @Nullable Labels labels = relabeling.apply(alert.labels());
      if (labels != null && !labels.isEmpty()) {
        all.add(
            labels.equals(alert.labels())
                ? alert
                : new Alert(
                    labels,
                    alert.annotations(),
                    alert.startsAt(),
                    alert.endsAt(),
                    alert.generatorUrl()));
      }
    }
    return all;
  }

  /// Where alerts go, for the API.
  public List<String> urls() {
    return outboxes.stream().map(outbox -> outbox.receiver().alertsUrl().toString()).toList();
  }

  public ForwardFigures figures() {
    return figures;
  }

  @Override
  public void close() {
    apply(List.of());
  }
}
