package barograph.server.cli;

import barograph.query.EngineOptions;
import barograph.query.EngineOptions.Feature;
import barograph.query.ast.Durations;
import barograph.server.cli.Flags.UsageException;
import barograph.server.config.ByteSize;
import barograph.storage.StoreOptions;
import barograph.storage.StoreOptions.Durability;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// What the flags mean, typed and checked.
///
/// @param configFile what to scrape and which rules to evaluate
/// @param ownConfig whether that file is the one that comes with Barograph
/// @param notificationFile routes and receivers; null leaves alerts in the console
/// @param externalUrl always set: by default this machine's name and the port
/// @param forwardLogBytes how much of the log is kept for a receiver that does not keep up
/// @param startTimes whether a zero is stored where a series is said to have begun
/// @param flags as they are shown
public record Options(
    Path configFile,
    boolean ownConfig,
    @Nullable Path notificationFile,
    StoreOptions store,
    InetSocketAddress listenAddress,
    URI externalUrl,
    String routePrefix,
    Web web,
    Rules rules,
    EngineOptions engine,
    Reading reading,
    long forwardLogBytes,
    int queryConcurrency,
    boolean startTimes,
    Map<String, String> flags) {
  private static final System.Logger LOG = System.getLogger(Options.class.getName());
  private static final String OTLP_DELTAS = "otlp-native-delta-ingestion";
  private static final String START_TIMES = "created-timestamp-zero-ingestion";
  private static final int DEFAULT_PORT = 9090;

  /// The `--web.*` flags.
  public record Web(
      int maxConnections,
      Duration readTimeout,
      Pattern corsOrigin,
      boolean lifecycle,
      boolean adminApi,
      boolean remoteWrite,
      boolean otlp,
      boolean otlpDeltas,
      boolean lines,
      Gateway gateway) {}

  /// Whether pushed groups are kept, and how long those that do not say it; zero for ever.
  public record Gateway(boolean enabled, Duration ttl) {}

  /// How much is answered to other servers that read.
  ///
  /// @param samples in one answer; 0 for any number
  /// @param frameBytes of a part of an answer that comes in several, about
  /// @param atOnce answers made at the same time; 0 for any number
  public record Reading(long samples, int frameBytes, int atOnce) {}

  /// The `--rules.*` flags.
  public record Rules(
      Duration outageTolerance, Duration gracePeriod, Duration resendDelay, int concurrency) {}

  /// Reads what the flags say.
  ///
  /// @param home where Barograph lies with its `config` folder
  /// @throws UsageException if a value cannot be used
  public static Options from(Flags flags, Path home) {
    var listen = address(flags.get("web.listen-address"));
    var externalUrl = externalUrl(flags.get("web.external-url"), listen.getPort());
    String config = flags.get("config.file");
    String notifications = flags.get("alertmanager.config.file");
    return new Options(
        config.isEmpty() ? home.resolve("config").resolve("barograph.yml") : Path.of(config),
        config.isEmpty(),
        notifications.isEmpty() ? null : Path.of(notifications),
        possible(() -> storeOptions(flags)),
        listen,
        externalUrl,
        routePrefix(flags.get("web.route-prefix"), externalUrl),
        new Web(
            count(flags, "web.max-connections"),
            duration(flags, "web.read-timeout"),
            regex(flags, "web.cors.origin"),
            flags.isOn("web.enable-lifecycle"),
            flags.isOn("web.enable-admin-api"),
            flags.isOn("web.enable-remote-write-receiver"),
            flags.isOn("web.enable-otlp-receiver"),
            flags.list("enable-feature").contains(OTLP_DELTAS),
            flags.isOn("web.enable-line-receiver"),
            new Gateway(flags.isOn("web.enable-push-gateway"), duration(flags, "push.group-ttl"))),
        new Rules(
            duration(flags, "rules.alert.for-outage-tolerance"),
            duration(flags, "rules.alert.for-grace-period"),
            duration(flags, "rules.alert.resend-delay"),
            count(flags, "rules.max-concurrent-evals")),
        possible(() -> engineOptions(flags)),
        new Reading(
            number(flags, "storage.remote.read-sample-limit"),
            Math.clamp(number(flags, "storage.remote.read-max-bytes-in-frame"), 1, 1 << 28),
            Math.clamp(
                number(flags, "storage.remote.read-concurrent-limit"), 0, Integer.MAX_VALUE)),
        Math.max(1, bytes(flags, "storage.remote.log-size")),
        count(flags, "query.max-concurrency"),
        flags.list("enable-feature").contains(START_TIMES),
        flags.all());
  }

  /// What `options` gives; values that fit no engine or store are the command line's fault.
  private static <T> T possible(Supplier<T> options) {
    try {
      return options.get();
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static StoreOptions storeOptions(Flags flags) {
    Durability durability =
        switch (flags.get("storage.durability")) {
          case "sync" -> Durability.SYNC;
          case "async" -> Durability.ASYNC;
          default -> throw bad(flags, "storage.durability", "expected sync or async");
        };
    return StoreOptions.in(Path.of(flags.get("storage.tsdb.path")))
        .withDurability(durability)
        .withRetention(
            duration(flags, "storage.tsdb.retention.time"),
            bytes(flags, "storage.tsdb.retention.size"))
        .withSeriesLimits(
            limit(flags, "storage.series-limit"),
            limit(flags, "storage.series-limit.per-target"),
            limit(flags, "storage.series-limit.per-job"));
  }

  /// A limit of which 0 means none.
  private static int limit(Flags flags, String name) {
    long limit = number(flags, name);
    return limit == 0 ? Integer.MAX_VALUE : (int) Math.min(limit, Integer.MAX_VALUE);
  }

  private static EngineOptions engineOptions(Flags flags) {
    var options =
        EngineOptions.defaults()
            .withLookback(duration(flags, "query.lookback-delta"))
            .withTimeout(duration(flags, "query.timeout"))
            .withMaxSamples(number(flags, "query.max-samples"))
            .withMaxHeavy(count(flags, "query.max-concurrency"))
            .withSlow(duration(flags, "query.log-slower-than"));
    long maxBytes = bytes(flags, "query.max-bytes");
    if (maxBytes > 0) {
      options = options.withMaxQueryBytes(maxBytes);
    }
    for (String name : flags.list("enable-feature")) {
      @Nullable Feature found = null;
      for (Feature feature : Feature.values()) {
        found = feature.flag().equals(name) ? feature : found;
      }
      if (found == null && !name.equals(OTLP_DELTAS) && !name.equals(START_TIMES)) {
        LOG.log(System.Logger.Level.WARNING, "unknown option for --enable-feature: {0}", name);
      } else if (found != null) {
        options = options.with(found);
      }
    }
    return options;
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    int port;
    try {
      port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw badAddress(text);
    }
    if (port < 0 || port > 65_535 || text.indexOf(',') >= 0) {
      throw badAddress(text);
    }
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return bare.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(bare, port);
  }

  private static UsageException badAddress(String text) {
    return new UsageException(
        "--web.listen-address is \"%s\", expected one host:port such as 0.0.0.0:9090"
            .formatted(text));
  }

  private static URI externalUrl(String text, int port) {
    if (text.isEmpty()) {
      return URI.create("http://%s:%d".formatted(Hostname.get(), port));
    }
    try {
      var url = URI.create(text);
      if (url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Answered below with the same words.
    }
    throw new UsageException(
        "--web.external-url is \"%s\", expected a URL such as http://metrics.example.org/"
            .formatted(text));
  }

  private static String routePrefix(String given, URI externalUrl) {
    String path = given.isEmpty() ? externalUrl.getPath() : given;
    String trimmed = path.replaceAll("/+$", "");
    return trimmed.isEmpty() ? "/" : trimmed.startsWith("/") ? trimmed : "/" + trimmed;
  }

  private static Duration duration(Flags flags, String name) {
    try {
      return Duration.ofMillis(Durations.parseMillis(flags.get(name)));
    } catch (IllegalArgumentException e) {
      throw bad(flags, name, "expected a duration such as 90s or 15d");
    }
  }

  private static long bytes(Flags flags, String name) {
    try {
      return ByteSize.parse(flags.get(name));
    } catch (IllegalArgumentException e) {
      throw bad(flags, name, "expected a size such as 512MB or 10GiB");
    }
  }

  private static long number(Flags flags, String name) {
    try {
      long value = Long.parseLong(flags.get(name));
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Answered below with the same words.
    }
    throw bad(flags, name, "expected a number from 0 up");
  }

  private static int count(Flags flags, String name) {
    long value = number(flags, name);
    if (value < 1 || value > 100_000) {
      throw bad(flags, name, "expected a number from 1 to 100000");
    }
    return (int) value;
  }

  private static Pattern regex(Flags flags, String name) {
    try {
      return Pattern.compile(flags.get(name));
    } catch (PatternSyntaxException e) {
      throw bad(flags, name, "expected a regular expression");
    }
  }

  private static UsageException bad(Flags flags, String name, String expected) {
    return new UsageException("--%s is \"%s\", %s".formatted(name, flags.get(name), expected));
  }
}
