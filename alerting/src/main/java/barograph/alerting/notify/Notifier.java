package barograph.alerting.notify;

import barograph.alerting.alert.Alert;
import barograph.alerting.beat.Beat;
import barograph.alerting.inhibit.Inhibitor;
import barograph.alerting.receiver.Means;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.route.Branch;
import barograph.alerting.silence.Silence;
import barograph.alerting.silence.SilenceLimits;
import barograph.alerting.silence.Silences;
import barograph.alerting.silence.UnknownSilenceException;
import barograph.alerting.state.Fact;
import barograph.alerting.state.Fact.SilenceKept;
import barograph.alerting.state.Ledger;
import barograph.alerting.state.Recollection;
import barograph.alerting.template.NotificationTexts;
import barograph.storage.journal.RecordLog;
import barograph.storage.model.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Takes alerts and tells those who should hear of them, unless they wish not to.
///
/// One lock guards the alerts, the groups, the silences and what was told; nothing is sent and no
/// disk is waited for while it is held.
public final class Notifier implements AutoCloseable {
  private static final Duration SIGN_INTERVAL = Duration.ofSeconds(15);

  /// More alerts from outside than anybody can look at: a sender that has gone wild.
  private static final int MAX_KNOWN = 500_000;

  private final NotifyPorts ports;
  private final ReentrantLock lock = new ReentrantLock();
  private final Ledger ledger;
  private final Restart restart;
  private final AlertTable alerts;
  private final Silences silences =
      new Silences(SilenceLimits.DEFAULT, () -> UUID.randomUUID().toString());
  private final NotificationLog log;
  private NotificationConfig config;
  private Inhibitor inhibitor;
  private Muting muting;
  private Dispatcher dispatcher;
  private Beat.@Nullable Call sign;
  private boolean closed;

  /// Goes on where an earlier life has stopped.
  ///
  /// @param state where facts are written, closed with this
  /// @param before what was found there
  public Notifier(
      NotificationConfig config,
      NotifyPorts ports,
      RecordLog state,
      Recollection before,
      RestartPatience patience) {
    this.ports = ports;
    this.config = config;
    var now = ports.beat().now();
    ledger = new Ledger(state, this::account);
    restart = new Restart(before, now, patience);
    inhibitor = new Inhibitor(config.inhibitRules());
    alerts = new AlertTable(ledger, inhibitor);
    log = new NotificationLog(ledger);
    muting = new Muting(config.timeIntervals(), inhibitor, silences);
    dispatcher = dispatcher();
    locked(() -> resume(before, now));
  }

  /// Everything of before is there before the first group is, so that nothing is told that it would
  /// have kept quiet.
  private void resume(Recollection before, Instant now) {
    before.silences().forEach(silences::restore);
    silences.sweep(now);
    before.told().forEach(entry -> log.restore(restart.resumed(entry)));
    before.alerts().forEach(known -> alerts.restore(restart.resumed(known)));
    alerts.all().forEach(known -> dispatcher.resume(known.alert()));
    ledger.replace(now);
    giveSigns();
  }

  /// Takes news of alerts that rules have found, new ones or known ones.
  public void take(List<Alert> news) {
    locked(() -> {
      var now = now();
      news.forEach(alert -> hear(new KnownAlert(alert, now, false, true), now));
      ledger.write(now);
    });
  }

  /// Takes alerts that others send: those that can be taken, whatever is wrong with the rest.
  ///
  /// @return what is wrong with the rest, once what was taken is safe
  /// @throws IllegalStateException if there are too many alerts already
  public CompletableFuture<List<String>> take(List<PostedAlert> posted, Instant now) {
    return locked(() -> {
      if (alerts.all().size() + posted.size() > MAX_KNOWN) {
        throw new IllegalStateException(
            "%d alerts are known and %d more are not taken, the limit is %d"
                .formatted(alerts.all().size(), posted.size(), MAX_KNOWN));
      }
      var problems = new ArrayList<String>();
      for (var alert : posted) {
        try {
          hear(alert.receivedAt(now, config.resolveTimeout()), now);
        } catch (IllegalArgumentException e) {
          problems.add(String.valueOf(e.getMessage()));
        }
      }
      ledger.write(now);
      return ledger.safe().thenApply(_ -> problems);
    });
  }

  private void hear(KnownAlert news, Instant now) {
    if (closed) {
      return;
    }
    restart.heardOf(news.alert().labels());
    // A rule's alert fires from the rule's turn on, however long it took to evaluate the rule.
    dispatcher.put(alerts.put(news, now), news.ownRule() ? news.alert().startsAt() : now);
    giveSigns();
  }

  /// Goes on with other routes and receivers: alerts are grouped anew, and nobody is told again
  /// what they were told already.
  public void reload(NotificationConfig newConfig) {
    locked(() -> {
      if (closed || newConfig.equals(config)) {
        return;
      }
      config = newConfig;
      dispatcher.stop();
      inhibitor = new Inhibitor(newConfig.inhibitRules());
      alerts.inhibitBy(inhibitor);
      muting = new Muting(newConfig.timeIntervals(), inhibitor, silences);
      dispatcher = dispatcher();
      alerts.all().forEach(known -> dispatcher.regroup(known.alert()));
      ledger.write(now());
    });
  }

  private Dispatcher dispatcher() {
    var means = new Means(ports.web(), NotificationTexts.of(config.templates()));
    var receivers =
        config.receivers().stream()
            .collect(Collectors.toMap(Receiver::name, receiver -> receiver.connect(means)));
    return new Dispatcher(
        Branch.treeOf(config.route()),
        receivers,
        new GroupSurroundings(ports, log, muting, ledger, restart, lock));
  }

  /// Says regularly that the process lives, as long as that matters to any alert.
  private void giveSigns() {
    if (sign == null && !closed && dispatcher.groupCount() > 0) {
      sign = ports.beat().at(now().plus(SIGN_INTERVAL), () -> locked(this::giveSign));
    }
  }

  private void giveSign() {
    sign = null;
    if (!closed && dispatcher.groupCount() > 0) {
      ledger.sign(now());
      giveSigns();
    }
  }

  /// Every fact that still matters.
  private List<Fact> account() {
    var facts = new ArrayList<Fact>();
    silences.sorted(now()).forEach(silence -> facts.add(new SilenceKept(silence)));
    facts.addAll(log.all());
    alerts.all().forEach(known -> facts.add(known.toFact()));
    dispatcher.groups().forEach(group -> facts.add(group.timerFact()));
    return facts;
  }

  /// The alert of a rule that fired before a restart and has not been heard of since; null if there
  /// is none with these labels.
  public @Nullable Alert awaited(Labels labels) {
    return locked(() -> {
      @Nullable KnownAlert known = alerts.get(labels);
      return known != null && known.ownRule() && restart.isAwaited(known.alert(), now())
          ? known.alert()
          : null;
    });
  }

  /// Takes a silence, new or in the place of the one with its id.
  ///
  /// @return the id that it has from now on, once it is safe
  /// @throws UnknownSilenceException if there is none of that id
  /// @throws IllegalArgumentException if it is beyond the limits
  public CompletableFuture<String> put(Silence silence) {
    return locked(() -> {
      var written = silences.put(silence, now());
      return write(written).thenApply(_ -> written.getLast().id());
    });
  }

  /// Ends a silence.
  ///
  /// @throws UnknownSilenceException if there is none of that id
  public CompletableFuture<@Nullable Void> expireSilence(String id) {
    return locked(() -> write(silences.expire(id, now())));
  }

  private CompletableFuture<@Nullable Void> write(List<Silence> written) {
    written.forEach(silence -> ledger.note(new SilenceKept(silence)));
    ledger.write(now());
    return ledger.safe();
  }

  /// The silence of this id.
  ///
  /// @throws UnknownSilenceException if there is none
  public Silence silence(String id) {
    return locked(() -> silences.get(id));
  }

  /// Active ones by their end, pending ones by their start, those that are over, the last first.
  public List<Silence> silences() {
    return locked(() -> silences.sorted(now()));
  }

  /// All alerts that fire, by their fingerprints.
  public List<AlertStanding> alerts() {
    return locked(() -> {
      var now = now();
      return alerts.all().stream()
          .filter(known -> !known.alert().endsAt().isBefore(now))
          .sorted(Comparator.comparing(known -> known.alert().fingerprint()))
          .map(known -> standing(known, List.of(), now))
          .toList();
    });
  }

  /// All groups with alerts that fire, by their labels.
  public List<GroupStanding> groups() {
    return locked(() -> {
      var now = now();
      return dispatcher.groups().stream()
          .map(group -> standing(group, now))
          .filter(group -> !group.alerts().isEmpty())
          .sorted(
              Comparator.comparing(GroupStanding::labels).thenComparing(GroupStanding::receiver))
          .toList();
    });
  }

  private GroupStanding standing(AggregationGroup group, Instant now) {
    return new GroupStanding(
        group.labels(),
        group.receiver(),
        group.alerts().stream()
            .filter(alert -> !alert.endsAt().isBefore(now))
            .sorted(new AlertOrder())
            .map(alert -> {
              @Nullable KnownAlert known = alerts.get(alert.labels());
              return standing(
                  known == null ? new KnownAlert(alert, now, false, false) : known,
                  group.quietFor(),
                  now);
            })
            .toList());
  }

  private AlertStanding standing(KnownAlert known, List<String> mutedBy, Instant now) {
    var alert = known.alert();
    return new AlertStanding(
        alert,
        known.updatedAt(),
        dispatcher.receiversOf(alert.labels()),
        muting.silencing(alert, now),
        muting.inhibiting(alert.labels(), now),
        mutedBy);
  }

  /// The configuration in effect.
  public NotificationConfig config() {
    return locked(() -> config);
  }

  /// How many groups have alerts now.
  public int groupCount() {
    return locked(dispatcher::groupCount);
  }

  public NotifyFigures figures() {
    return ports.figures();
  }

  private Instant now() {
    return ports.beat().now();
  }

  private <T extends @Nullable Object> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /// Ends all timers; a message that is being sent is not waited for.
  @Override
  public void close() {
    locked(() -> {
      if (closed) {
        return;
      }
      closed = true;
      if (sign != null) {
        sign.cancel();
      }
      ledger.replace(now());
      dispatcher.stop();
    });
    ledger.close();
  }
}
