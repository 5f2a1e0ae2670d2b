package barograph.server;

import barograph.alerting.Alerting;
import barograph.alerting.AlertingPorts;
import barograph.alerting.evaluate.EngineQuery;
import barograph.alerting.state.Recollection;
import barograph.ingest.Ingest;
import barograph.ingest.discovery.DiscoveryMeans;
import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.discovery.SystemDns;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.forward.Forwarder;
import barograph.ingest.gateway.GroupsPage;
import barograph.ingest.gateway.PushGateway;
import barograph.ingest.host.HostMetrics;
import barograph.ingest.otlp.OtlpReceiver;
import barograph.ingest.push.LineReceiver;
import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.remoteread.RemoteReader;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.ingest.scrape.Pace;
import barograph.ingest.scrape.ScrapeConfig;
import barograph.ingest.scrape.ScrapeLimits;
import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.server.api.LifecycleApi;
import barograph.server.api.MetricsPages;
import barograph.server.api.StatusApi;
import barograph.server.catalog.MetricCatalog;
import barograph.server.cli.Hostname;
import barograph.server.cli.Options;
import barograph.server.config.ConfigException;
import barograph.server.config.ConfigLoader;
import barograph.server.config.TargetFileReader;
import barograph.server.http.Dispatcher;
import barograph.server.http.HttpClient;
import barograph.server.http.HttpServer;
import barograph.server.http.Lanes;
import barograph.server.http.Transport;
import barograph.server.practice.Practice;
import barograph.server.practice.WritePractice;
import barograph.server.self.ForwardMetrics;
import barograph.server.self.RemoteReadMetrics;
import barograph.server.self.SelfMetrics;
import barograph.server.trace.TracedRoutes;
import barograph.server.trace.TracedRules;
import barograph.server.trace.TracedWeb;
import barograph.server.trace.Tracer;
import barograph.server.usage.CountingReader;
import barograph.server.usage.MetricUsage;
import barograph.server.usage.UsageKeeper;
import barograph.storage.Appender;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreStatus;
import barograph.storage.journal.Journal;
import barograph.storage.model.Labels;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The whole server in one process, opened in the order in which its parts need each other and
/// closed in reverse.
///
/// The port listens first. While the store is being read back, what is pushed is received and
/// waits, targets are visited and their pages wait, and questions are answered with 503; then
/// samples are let in, rules run, and every route is served.
public final class Barograph implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Barograph.class.getName());

  private final Options options;
  private final InstantSource clock;
  private final ConfigLoader loader;
  private final StoreDoor.Opener opener;
  private final Readiness readiness = new Readiness(System::nanoTime);
  private final OpenParts parts = new OpenParts();
  private final Instant startedAt;

  private volatile Settings loaded;
  private @Nullable HttpServer http;
  private @Nullable Store store;
  private @Nullable Ingest ingest;
  private @Nullable AlertmanagerSearch alertmanagerSearch;
  private @Nullable Alerting alerting;
  private @Nullable Forwarder forwarder;
  private @Nullable RemoteReader remoteReader;
  private @Nullable Tracer tracer;
  private Routes.@Nullable PushDoors doors;
  private volatile @Nullable PushGateway gateway;
  private final MetricUsage usage;

  /// What the process lends the server.
  ///
  /// @param quit ends the process in an orderly way, soon
  /// @param fatal ends it at once, with exit code 1
  public record Host(StatusApi.Build build, Runnable quit, SelfMetrics.Fatal fatal) {}

  private Barograph(
      Options options,
      InstantSource clock,
      ConfigLoader loader,
      Settings loaded,
      StoreDoor.Opener opener) {
    this.options = options;
    this.clock = clock;
    this.usage = new MetricUsage(clock);
    this.loader = loader;
    this.opener = opener;
    this.loaded = loaded;
    this.startedAt = clock.instant();
  }

  /// Starts everything and returns once every query is answered.
  ///
  /// @throws ConfigException if a configuration file cannot be used
  /// @throws IOException if the address or the data folder cannot be had
  public static Barograph open(Options options, Host host, InstantSource clock) throws IOException {
    return open(options, host, clock, Store::open);
  }

  /// The same with a store that is opened by `opener`.
  static Barograph open(Options options, Host host, InstantSource clock, StoreDoor.Opener opener)
      throws IOException {
    var loader = new ConfigLoader(System.getenv(), options.startTimes());
    int port = options.listenAddress().getPort();
    var server =
        new Barograph(options, clock, loader, Settings.load(options, loader, clock, port), opener);
    try {
      server.start(host);
      return server;
    } catch (IOException | RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  private void start(Host host) throws IOException {
    var build = host.build();
    var metrics = new SelfMetrics(build.version(), build.commit(), clock);
    int cores = Runtime.getRuntime().availableProcessors();

    var transport = opened("network", new Transport(Math.max(1, cores / 2)), Transport::close);
    var lanes =
        opened(
            "request threads", new Lanes(4, Math.max(2, cores), queryThreads(cores)), Lanes::close);
    // Before whoever stands on it, so that it is closed after them.
    var door = opened("store", new StoreDoor(), StoreDoor::close);
    var pushed = pushed(door.appender());
    doors = pushed;
    // Where there is a log to read back, that comes first, as senders wait for it.
    boolean fresh = Store.isNew(loaded.store().folder());
    if (fresh) {
      practiseWriting(transport, pushed);
    }
    var pages = new MetricsPages(metrics.registry()::page, new HostMetrics()::page);
    var routes =
        new Routes(options, clock, () -> loaded, pushed, () -> gateway, pages, lifecycle(host));
    var dispatcher =
        new Dispatcher(
            options.routePrefix(),
            routes.starting(),
            options.web().corsOrigin(),
            (path, status, nanos, bytes) -> metrics.answered(path, status, nanos));
    http =
        opened(
            "listener",
            HttpServer.start(transport, options.listenAddress(), lanes, dispatcher, loaded.http()),
            HttpServer::close);
    opened("requests that wait", dispatcher, Dispatcher::close);
    metrics.waiting(dispatcher::waiting);
    LOG.log(
        System.Logger.Level.INFO,
        "listening on {0}",
        options.listenAddress().getHostString() + ":" + http.port());

    if (options.listenAddress().getPort() == 0) {
      // Only now is it known which port the system has chosen.
      loaded = Settings.load(options, loader, clock, port());
    }

    var client = opened("outbound connections", new HttpClient(transport), HttpClient::close);
    var outbound = new Outbound(client, build.version());
    var tracing = opened("tracing", new Tracer(outbound, build.version(), clock), Tracer::close);
    tracing.apply(loaded.server().tracing());
    tracer = tracing;
    var scraping =
        opened(
            "scraping",
            new Ingest(
                door.appender(),
                outbound,
                Pace.system(),
                new DiscoveryMeans(outbound, SystemDns.ofThisMachine(), TargetFileReader::read)),
            Ingest::close);
    metrics.observe(scraping);
    scraping.apply(loaded.server().jobs());
    var alertmanagers =
        opened(
            "search for Alertmanagers",
            new AlertmanagerSearch(scraping::follow),
            AlertmanagerSearch::close);
    alertmanagerSearch = alertmanagers;

    var store = door.open(opener, loaded.store(), clock, metrics.watcher(host.fatal()));
    this.store = store;
    ingest = scraping;
    if (options.web().gateway().enabled()) {
      var keeping = opened("pushed groups", openGateway(), PushGateway::close);
      gateway = keeping;
      keeping.whenUsed(() -> visitGroups(scraping, keeping));
    }
    var forwarding =
        opened("remote write", new Forwarder(store, outbound, Pace.system()), Forwarder::close);
    forward(forwarding, loaded);
    forwarder = forwarding;
    var helpers = opened("query helpers", queryHelpers(cores), ThreadPoolExecutor::shutdown);
    var reading = new RemoteReader(store.reader(), outbound, () -> oldest(store.status()));
    readElsewhere(reading, loaded);
    remoteReader = reading;
    var engine =
        new QueryEngine(
            new CountingReader(reading, usage),
            options.engine().withSubqueryStep(loaded.server().evaluationInterval()),
            clock,
            helpers,
            Math.max(1, cores - 1));
    opened(
        "metric usage",
        new UsageKeeper(usage, loaded.store().folder().resolve("usage")),
        UsageKeeper::close);
    var catalog =
        opened(
            "metric catalog",
            new MetricCatalog(
                store.reader()::metadata, usage, loaded.store().folder().resolve("views")),
            MetricCatalog::close);
    var recollection = new Recollection();
    var journal =
        Journal.open(loaded.store().folder().resolve("alerting"), "state", recollection::take);
    alertmanagers.apply(loaded.server().alertSending().alertmanagers());
    var watching =
        opened(
            "alerting",
            Alerting.start(
                loaded.alertingOptions(),
                loaded.alerting(alertmanagers.known()),
                new AlertingPorts(
                    new TracedRules(
                        new EngineQuery(engine, QueryLimits.DEFAULT.asUrgent()), tracing),
                    store.appender(),
                    store.reader(),
                    new TracedWeb(outbound, tracing),
                    journal,
                    recollection),
                clock),
            Alerting::close);
    alerting = watching;
    alertmanagers.tell(watching.forwarder()::apply);

    metrics.observe(store, pushed.remoteWrite().counters(), watching);
    new ForwardMetrics(forwarding).addTo(metrics.registry());
    new RemoteReadMetrics(reading::figures).addTo(metrics.registry());
    metrics.observe(engine);
    var router =
        routes.serving(
            new Routes.Served(
                build,
                startedAt,
                this::runtime,
                store,
                reading,
                engine,
                usage,
                catalog,
                scraping,
                watching,
                alertmanagers,
                metrics));
    router.wrap(new TracedRoutes(tracing));
    dispatcher.serve(router);
    if (!fresh) {
      practiseWriting(transport, pushed);
    }
    readiness.opened();
    practiseAsking(transport, lanes, store, helpers);
    LOG.log(
        System.Logger.Level.INFO,
        "open: {0} series in memory, {1} blocks, {2} samples read back from the log in {3} ms",
        Integer.toString(store.status().series()),
        Integer.toString(store.status().blocks().size()),
        Long.toString(store.status().replay().samples()),
        Long.toString(store.status().replay().took().toMillis()));
  }

  private void practiseWriting(Transport transport, Routes.PushDoors pushed) {
    if (Practice.isAffordable()) {
      var counters = pushed.remoteWrite().counters();
      var practice =
          opened(
              "practice of writes",
              WritePractice.start(
                  transport,
                  () -> StoreDoor.toPractise(clock),
                  clock.instant(),
                  () -> counters.requests() > 0),
              WritePractice::close);
      readiness.practises(practice::isUnderWay);
    }
  }

  /// With an engine and a reader that count nothing.
  private void practiseAsking(Transport transport, Lanes lanes, Store store, Executor helpers) {
    if (Practice.isAffordable()) {
      int cores = Runtime.getRuntime().availableProcessors();
      var silent = options.engine().withSlow(Duration.ZERO);
      var aside = new QueryEngine(store.reader(), silent, clock, helpers, Math.max(1, cores - 1));
      opened(
          "practice of questions",
          Practice.start(transport, store, aside, clock, lanes::isIdle),
          Practice::close);
    }
  }

  private Routes.PushDoors pushed(Appender appender) {
    var writes = new PushedWrites(appender, PushLimits.DEFAULT, options.startTimes());
    return new Routes.PushDoors(
        new RemoteWrite(writes),
        new OtlpReceiver(writes, loaded.otlp()),
        new LineReceiver(writes, clock));
  }

  private PushGateway openGateway() throws IOException {
    var groups = new PushGateway.Recollection();
    var journal = Journal.open(loaded.store().folder().resolve("pushed"), "groups", groups::take);
    return new PushGateway(journal, groups, clock, options.web().gateway().ttl());
  }

  /// Pushed groups come into the store as a Prometheus brings them there that scrapes a Pushgateway
  /// with `honor_labels`.
  private void visitGroups(Ingest scraping, PushGateway groups) {
    String self = options.externalUrl().getHost() + ":" + port();
    var job =
        new ScrapeConfig(
            "pushgateway",
            loaded.server().scrapeTiming(),
            ScrapeConfig.Asking.DEFAULT,
            new ScrapeConfig.Labelling(true, true, false, false, List.of(), List.of()),
            ScrapeLimits.NONE,
            new HistogramWishes(true, false, false, 0, 0),
            List.of(new StaticTargets(List.of(self), Labels.EMPTY)));
    scraping.visit(job, new GroupsPage(groups));
  }

  private LifecycleApi lifecycle(Host host) {
    return new LifecycleApi(
        readiness::isReady,
        options.web().lifecycle(),
        new LifecycleApi.Actions() {
          @Override
          public void reload() {
            Barograph.this.reload();
          }

          @Override
          public void quit() {
            host.quit().run();
          }
        });
  }

  /// Heavy queries never take all threads, so that the others find one.
  private int queryThreads(int cores) {
    return options.queryConcurrency() + Math.max(4, 2 * cores);
  }

  /// Threads that a query over many series may borrow: as many as there are cores, for all
  /// together; who finds none free does the work itself.
  private static ThreadPoolExecutor queryHelpers(int cores) {
    var count = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        cores,
        60,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          var thread = new Thread(task, "query-helper-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  private void forward(Forwarder forwarding, Settings config) throws IOException {
    forwarding.apply(
        config.server().remoteWrites(),
        config.server().externalLabels(),
        options.forwardLogBytes());
  }

  private static void readElsewhere(RemoteReader reading, Settings config) {
    reading.apply(config.server().remoteReads(), config.server().externalLabels());
  }

  /// The time of the oldest sample that is stored, about.
  private static long oldest(StoreStatus status) {
    if (!status.blocks().isEmpty()) {
      return status.blocks().getFirst().range().startMillis();
    }
    @Nullable TimeRange head = status.headRange();
    return head == null ? Long.MAX_VALUE : head.startMillis();
  }

  private StatusApi.ProcessState runtime() {
    return new StatusApi.ProcessState(
        startedAt,
        clock.instant(),
        Path.of("").toAbsolutePath().toString(),
        Hostname.get(),
        loaded.lastReloadWorked(),
        loaded.at(),
        loaded.retention());
  }

  /// Reads the configuration anew and goes on with it; what has not changed goes on undisturbed.
  ///
  /// @throws IllegalStateException if it cannot be used; the old one stays in effect
  public synchronized void reload() {
    var scraping = ingest;
    var watching = alerting;
    var storing = store;
    var forwarding = forwarder;
    var search = alertmanagerSearch;
    if (scraping == null
        || watching == null
        || storing == null
        || forwarding == null
        || search == null) {
      throw new IllegalStateException("the server is still starting");
    }
    try {
      var fresh = Settings.load(options, loader, clock, port());
      watching.reload(fresh.alerting(search.known()));
      search.apply(fresh.server().alertSending().alertmanagers());
      scraping.apply(fresh.server().jobs());
      boolean otherBeat = !fresh.server().scrapeTiming().equals(loaded.server().scrapeTiming());
      forward(forwarding, fresh);
      if (remoteReader != null) {
        readElsewhere(remoteReader, fresh);
      }
      if (tracer != null) {
        tracer.apply(fresh.server().tracing());
      }
      if (doors != null) {
        doors.otlp().apply(fresh.otlp());
      }
      storing.acceptOutOfOrder(fresh.outOfOrderWindow());
      loaded = fresh;
      var keeping = gateway;
      if (keeping != null && otherBeat) {
        keeping.whenUsed(() -> visitGroups(scraping, keeping));
      }
      StoreOptions fromNowOn = loaded.store();
      storing.retain(fromNowOn.retentionTime(), fromNowOn.retentionBytes());
      storing.keepExemplars(fromNowOn.limits().exemplars());
      LOG.log(System.Logger.Level.INFO, "configuration reloaded");
    } catch (ConfigException | IllegalArgumentException | IOException e) {
      loaded = loaded.afterFailedReload();
      LOG.log(System.Logger.Level.ERROR, "configuration not reloaded: {0}", e.getMessage());
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /// The port listened on.
  public int port() {
    var listening = http;
    return listening == null ? 0 : listening.port();
  }

  private <T> T opened(String name, T part, OpenParts.Closing<T> closing) {
    return parts.add(name, part, closing);
  }

  @Override
  public void close() {
    readiness.closes();
    parts.close();
  }
}
