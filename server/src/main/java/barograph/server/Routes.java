package barograph.server;

import barograph.alerting.Alerting;
import barograph.ingest.Ingest;
import barograph.ingest.gateway.PushGateway;
import barograph.ingest.otlp.OtlpReceiver;
import barograph.ingest.push.LineReceiver;
import barograph.ingest.remoteread.RemoteReader;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.query.QueryEngine;
import barograph.server.api.ActiveQueriesApi;
import barograph.server.api.AdminApi;
import barograph.server.api.AlertmanagerAlertsApi;
import barograph.server.api.AlertmanagerSilencesApi;
import barograph.server.api.AlertmanagerStatusApi;
import barograph.server.api.AlertmanagersApi;
import barograph.server.api.ConsoleAssets;
import barograph.server.api.ExemplarsApi;
import barograph.server.api.FederationApi;
import barograph.server.api.LifecycleApi;
import barograph.server.api.LinesApi;
import barograph.server.api.MetricUsageApi;
import barograph.server.api.MetricsPages;
import barograph.server.api.OtlpApi;
import barograph.server.api.PushgatewayApi;
import barograph.server.api.QueryApi;
import barograph.server.api.QueryTextApi;
import barograph.server.api.ReadApi;
import barograph.server.api.RulesApi;
import barograph.server.api.SeriesApi;
import barograph.server.api.StatusApi;
import barograph.server.api.TargetsApi;
import barograph.server.api.WriteApi;
import barograph.server.catalog.MetricCatalog;
import barograph.server.cli.Options;
import barograph.server.http.Lanes;
import barograph.server.http.Router;
import barograph.server.self.SelfMetrics;
import barograph.server.usage.CountingReader;
import barograph.server.usage.MetricUsage;
import barograph.storage.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which API answers where: while the store is being read back, and then.
final class Routes {
  private final Options options;
  private final InstantSource clock;
  private final Supplier<Settings> settings;
  private final PushDoors doors;
  private final Supplier<@Nullable PushGateway> gateway;
  private final MetricsPages pages;
  private final LifecycleApi lifecycle;

  /// Whoever takes in what is pushed.
  record PushDoors(RemoteWrite remoteWrite, OtlpReceiver otlp, LineReceiver lines) {}

  /// What the APIs ask, once all of it is there.
  ///
  /// @param reading of the store and of servers elsewhere
  /// @param usage counts what is read for others
  /// @param runtime tells how the process is
  /// @param metrics hears of those who count themselves
  record Served(
      StatusApi.Build build,
      Instant startedAt,
      Supplier<StatusApi.ProcessState> runtime,
      Store store,
      RemoteReader reading,
      QueryEngine engine,
      MetricUsage usage,
      MetricCatalog catalog,
      Ingest scraping,
      Alerting alerting,
      AlertmanagerSearch alertmanagers,
      SelfMetrics metrics) {}

  /// @param settings those in effect when somebody asks
  /// @param gateway null until its groups have been read back
  Routes(
      Options options,
      InstantSource clock,
      Supplier<Settings> settings,
      PushDoors doors,
      Supplier<@Nullable PushGateway> gateway,
      MetricsPages pages,
      LifecycleApi lifecycle) {
    this.options = options;
    this.clock = clock;
    this.settings = settings;
    this.doors = doors;
    this.gateway = gateway;
    this.pages = pages;
    this.lifecycle = lifecycle;
  }

  /// What is answered before the store has been read back; what is written waits for it.
  Router starting() {
    var router = Router.holding(Lanes.Lane.WRITE);
    writing(router);
    pages.addTo(router);
    lifecycle.addTo(router);
    new ConsoleAssets(options.routePrefix()).addTo(router);
    router.addStarting("/api/*");
    router.addStarting("/alertmanager/*");
    router.addStarting("/federate");
    return router;
  }

  /// What is answered once it has.
  Router serving(Served served) {
    var router = new Router();
    var engine = served.engine();
    var store = served.store();
    var alerting = served.alerting();
    new QueryApi(engine, clock).addTo(router);
    new ActiveQueriesApi(engine, clock).addTo(router);
    new QueryTextApi(engine).addTo(router);
    new SeriesApi(engine, served.reading()).addTo(router);
    new ExemplarsApi(engine, store.reader()).addTo(router);
    new FederationApi(
            engine,
            new CountingReader(store.reader(), served.usage()),
            clock,
            () -> settings.get().server().externalLabels())
        .addTo(router);
    var reads =
        new ReadApi(
            engine,
            new CountingReader(store.reader(), served.usage()),
            () -> settings.get().server().externalLabels(),
            new ReadApi.AnswerLimits(
                options.reading().samples(),
                options.reading().frameBytes(),
                options.reading().atOnce()));
    reads.addTo(router);
    served.metrics().reads(reads::underWay);
    writing(router);
    if (options.web().gateway().enabled()) {
      pushgateway().addTo(router);
    }
    new TargetsApi(served.scraping(), options.externalUrl(), store.reader()).addTo(router);
    new MetricUsageApi(store, served.usage(), served.catalog()).addTo(router);
    new RulesApi(alerting).addTo(router);
    new AlertmanagersApi(alerting.forwarder(), served.alertmanagers()::dropped).addTo(router);
    new AlertmanagerAlertsApi(alerting.notifier(), clock).addTo(router);
    new AlertmanagerSilencesApi(alerting.notifier(), clock).addTo(router);
    new AlertmanagerStatusApi(alerting.notifier(), served.build(), served.startedAt())
        .addTo(router);
    new StatusApi(
            served.build(),
            options.flags(),
            served.runtime(),
            () -> settings.get().server().yaml(),
            store)
        .addTo(router);
    new AdminApi(store, options.web().adminApi()).addTo(router);
    pages.addTo(router);
    lifecycle.addTo(router);
    new ConsoleAssets(options.routePrefix()).addTo(router);
    return router;
  }

  /// Where samples are pushed to, from the start on.
  private void writing(Router router) {
    if (options.web().remoteWrite()) {
      new WriteApi(doors.remoteWrite()).addTo(router);
    }
    if (options.web().otlp()) {
      new OtlpApi(doors.otlp()).addTo(router);
    }
    if (options.web().lines()) {
      new LinesApi(doors.lines()).addTo(router);
    }
    if (options.web().gateway().enabled()) {
      pushgateway().addPushesTo(router);
    }
  }

  private PushgatewayApi pushgateway() {
    return new PushgatewayApi(
        () -> Objects.requireNonNull(gateway.get()), options.web().adminApi());
  }
}
