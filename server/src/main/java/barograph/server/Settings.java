package barograph.server;

import barograph.alerting.AlertingConfig;
import barograph.alerting.AlertingOptions;
import barograph.alerting.forward.Alertmanager;
import barograph.alerting.forward.Forwarding;
import barograph.alerting.notify.NotificationConfig;
import barograph.ingest.otlp.OtlpSettings;
import barograph.query.ast.Durations;
import barograph.server.cli.Options;
import barograph.server.config.ConfigLoader;
import barograph.server.config.ServerConfig;
import barograph.server.http.HttpLimits;
import barograph.server.self.ProcessFigures;
import barograph.storage.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The flags and the configuration files in effect, and what they come to together: where both can
/// say a thing, the file does. A reload makes another.
///
/// @param at when the files were read
/// @param lastReloadWorked whether they are the newest ones
record Settings(
    Options options,
    ServerConfig server,
    NotificationConfig notifications,
    Instant at,
    boolean lastReloadWorked) {
  private static final long MIB = 1 << 20;

  /// How much of the memory outside of the heap may be in use when a new series is taken; the rest
  /// is for the samples of those that are there, and for buffers.
  private static final int HEAD_PERCENT = 85;

  /// Reads the files.
  ///
  /// @param port listened on, where Barograph's own configuration finds this server itself
  static Settings load(Options options, ConfigLoader loader, InstantSource clock, int port) {
    var server =
        options.ownConfig()
            ? loader.ownServer(options.configFile(), port, options.routePrefix())
            : loader.server(options.configFile());
    @Nullable Path notifications = options.notificationFile();
    return new Settings(
        options,
        server,
        notifications == null
            ? NotificationConfig.consoleOnly()
            : loader.notifications(notifications),
        clock.instant(),
        true);
  }

  /// The same, after newer files turned out to be of no use.
  Settings afterFailedReload() {
    return new Settings(options, server, notifications, at, false);
  }

  /// The flags' options, with the retention, the window and the number of exemplars that the
  /// configuration names.
  StoreOptions store() {
    var flags = options.store();
    var file = server.storage().retention();
    @Nullable Duration time = file.time();
    @Nullable Long bytes = file.bytes();
    @Nullable Integer exemplars = server.storage().exemplars();
    return flags
        .withRetention(
            time == null ? flags.retentionTime() : time,
            bytes == null ? flags.retentionBytes() : bytes)
        .withOutOfOrderWindow(outOfOrderWindow())
        .withExemplarLimit(exemplars == null ? flags.limits().exemplars() : exemplars)
        .withHeadBytes(ProcessFigures.directMemoryLimit() / 100 * HEAD_PERCENT);
  }

  /// How late samples may come.
  Duration outOfOrderWindow() {
    @Nullable Duration window = server.storage().outOfOrderWindow();
    return window == null ? options.store().outOfOrderWindow() : window;
  }

  /// What those who connect may take.
  HttpLimits http() {
    var usual = HttpLimits.DEFAULT;
    long bodies = Math.max(64 * MIB, Runtime.getRuntime().maxMemory() / 8);
    return new HttpLimits(
        options.web().maxConnections(),
        bodies,
        usual.headTimeout(),
        usual.requestTimeout(),
        options.web().readTimeout());
  }

  /// What alerting keeps from start to stop.
  AlertingOptions alertingOptions() {
    var rules = options.rules();
    return new AlertingOptions(
        options.externalUrl(),
        rules.outageTolerance(),
        rules.gracePeriod(),
        rules.resendDelay(),
        rules.concurrency());
  }

  /// What alerting is told now and after each reload.
  AlertingConfig alerting(List<Alertmanager> alertmanagers) {
    return new AlertingConfig(
        server.evaluationInterval(),
        server.ruleQueryOffset(),
        server.externalLabels(),
        server.ruleFiles(),
        notifications,
        new Forwarding(alertmanagers, server.alertSending().relabeling()));
  }

  /// How OTLP's metrics become series.
  OtlpSettings otlp() {
    return server.otlp().takingDeltas(options.web().otlpDeltas());
  }

  /// How long samples are kept, for people to read.
  String retention() {
    var store = store();
    var retention = new ArrayDeque<String>();
    if (!store.retentionTime().isZero()) {
      retention.add(Durations.format(store.retentionTime().toMillis()));
    }
    if (store.retentionBytes() > 0) {
      retention.add(store.retentionBytes() + "B");
    }
    return String.join(" or ", retention);
  }
}
