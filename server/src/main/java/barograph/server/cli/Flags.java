package barograph.server.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Every flag of the server with its default and its help, and the values given for this run.
///
/// A flag is written `--name=value` or `--name value`; a switch `--name` or `--no-name`. A list
/// flag may come several times and takes commas.
public final class Flags {
  private static final Map<String, Flag> TABLE = new LinkedHashMap<>();

  static {
    text(
        "config.file",
        "",
        "Configuration in Prometheus's format (default: the one that comes with Barograph).");
    text(
        "alertmanager.config.file",
        "",
        "Routes and receivers in Alertmanager's format; without it alerts stay in the console.");
    text("storage.tsdb.path", "data/", "Folder that holds all data.");
    text(
        "storage.tsdb.retention.time",
        "15d",
        "How long samples are kept, as 15d or 1y; 0 for ever.");
    text(
        "storage.tsdb.retention.size",
        "0",
        "How many bytes blocks may take, as 512MB or 10GiB; 0 for any number.");
    text(
        "storage.durability",
        "sync",
        "sync: an acknowledged sample outlives a power cut; async: up to a second may be lost.");
    text(
        "storage.series-limit",
        "0",
        "How many series may be active; further ones are refused. 0 for any number.");
    text(
        "storage.series-limit.per-target",
        "0",
        "How many of them may come from one target, or one sender's job and instance. 0 for any.");
    text(
        "storage.series-limit.per-job",
        "0",
        "How many of them may have the same label job. 0 for any.");
    text(
        "storage.remote.log-size",
        "4GB",
        "How much of the log is kept for a remote_write that does not keep up, beyond what a start"
            + " needs.");
    text(
        "storage.remote.read-sample-limit",
        "50000000",
        "How many samples an answer of /api/v1/read in samples may have; 0 for any number.");
    text(
        "storage.remote.read-concurrent-limit",
        "10",
        "How many requests to /api/v1/read are answered at the same time; further ones wait. 0 for any"
            + " number.");
    text(
        "storage.remote.read-max-bytes-in-frame",
        "1048576",
        "About how many bytes a frame of an answer of /api/v1/read in chunks has.");
    list(
        "web.listen-address",
        "0.0.0.0:9090",
        "Address to listen on for the console, the API and samples.");
    text(
        "web.external-url",
        "",
        "The URL under which others reach this server; its path becomes the route prefix.");
    text("web.route-prefix", "", "Prefix of every path (default: the path of --web.external-url).");
    text("web.max-connections", "512", "How many connections may be open at the same time.");
    text("web.read-timeout", "5m", "How long an idle connection is kept.");
    text(
        "web.cors.origin",
        ".*",
        "Regular expression of origins that may read answers; the whole origin must match.");
    toggle("web.enable-lifecycle", false, "Open /-/reload and /-/quit.");
    toggle("web.enable-admin-api", false, "Open /api/v1/admin/*.");
    toggle("web.enable-remote-write-receiver", true, "Take samples pushed to /api/v1/write.");
    toggle(
        "web.enable-line-receiver",
        true,
        "Take samples pushed as Influx's lines to /write and /api/v2/write, and as JSON to"
            + " /api/v1/import.");
    toggle(
        "web.enable-push-gateway",
        true,
        "Keep what batch jobs push to /metrics/job/..., as a Pushgateway does.");
    text(
        "push.group-ttl",
        "0s",
        "How long a group pushed to /metrics/job/... is kept without another push that says so itself"
            + " (?ttl=); 0s for ever.");
    toggle(
        "web.enable-otlp-receiver",
        true,
        "Take metrics that OpenTelemetry pushes to /api/v1/otlp/v1/metrics.");
    text(
        "rules.alert.for-outage-tolerance",
        "1h",
        "Longest outage after which the state of 'for' is restored.");
    text(
        "rules.alert.for-grace-period",
        "10m",
        "Shortest 'for' that is restored, and least time before such an alert fires.");
    text("rules.alert.resend-delay", "1m", "Least time before a firing alert is passed on again.");
    text("rules.max-concurrent-evals", "4", "How many rule groups are evaluated at the same time.");
    text(
        "query.lookback-delta",
        "5m",
        "How old the newest sample of a series may be to count as its present value.");
    text("query.timeout", "2m", "The longest that a query may take.");
    text(
        "query.max-concurrency",
        "20",
        "How many heavy queries may run or wait for their turn; further ones are refused.");
    text(
        "query.max-bytes",
        "0",
        "How much memory one query may take, such as 512MB; 0 is three tenths of the heap.");
    text(
        "query.log-slower-than", "10s", "Queries that take longer are logged; 0s is none of them.");
    text("query.max-samples", "50000000", "How many samples one query may hold at the same time.");
    list(
        "enable-feature",
        "",
        "Features to switch on: promql-experimental-functions, promql-extended-range-selectors,"
            + " promql-binop-fill-modifiers, promql-delayed-name-removal, promql-per-step-stats,"
            + " otlp-native-delta-ingestion, created-timestamp-zero-ingestion.");
    text("log.level", "info", "Least grave messages shown: debug, info, warn or error.");
    text("log.format", "logfmt", "Form of messages: logfmt or json.");
  }

  private enum Shape {
    TEXT,
    SWITCH,
    LIST
  }

  private record Flag(String name, Shape shape, String defaultValue, String help) {}

  /// A flag that is not there or has a value that it cannot have; the message is for the terminal.
  public static final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
      super(message);
    }
  }

  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, Boolean> given = new LinkedHashMap<>();

  private Flags() {}

  private static void text(String name, String defaultValue, String help) {
    TABLE.put(name, new Flag(name, Shape.TEXT, defaultValue, help));
  }

  private static void list(String name, String defaultValue, String help) {
    TABLE.put(name, new Flag(name, Shape.LIST, defaultValue, help));
  }

  private static void toggle(String name, boolean defaultValue, String help) {
    TABLE.put(name, new Flag(name, Shape.SWITCH, Boolean.toString(defaultValue), help));
  }

  /// Reads a command line.
  ///
  /// @throws UsageException if it has a flag that is not in the table, or one without its value
  public static Flags parse(String... arguments) {
    var flags = new Flags();
    TABLE.values().forEach(flag -> flags.values.put(flag.name, flag.defaultValue));
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!argument.startsWith("--")) {
        throw new UsageException(
            "unexpected \"%s\", expected a flag such as --config.file=…".formatted(argument));
      }
      int equals = argument.indexOf('=');
      String name = argument.substring(2, equals < 0 ? argument.length() : equals);
      @Nullable String value = equals < 0 ? null : argument.substring(equals + 1);
      var flag = find(name);
      if (flag.shape == Shape.SWITCH) {
        flags.set(flag, switchValue(flag, name, value));
      } else if (value != null) {
        flags.set(flag, value);
      } else if (i + 1 < arguments.length) {
        flags.set(flag, arguments[++i]);
      } else {
        throw new UsageException("expected a value for flag --" + name);
      }
    }
    return flags;
  }

  private static Flag find(String name) {
    @Nullable Flag flag = TABLE.get(name);
    if (flag == null && name.startsWith("no-")) {
      @Nullable Flag negated = TABLE.get(name.substring(3));
      flag = negated != null && negated.shape == Shape.SWITCH ? negated : null;
    }
    if (flag == null) {
      throw new UsageException("unknown flag --%s; --help lists all".formatted(name));
    }
    return flag;
  }

  private static String switchValue(Flag flag, String name, @Nullable String value) {
    boolean on = name.equals(flag.name);
    if (value == null) {
      return Boolean.toString(on);
    }
    if (!value.equals("true") && !value.equals("false")) {
      throw new UsageException(
          "--%s is \"%s\", expected true or false".formatted(flag.name, value));
    }
    return Boolean.toString(on == Boolean.parseBoolean(value));
  }

  private void set(Flag flag, String value) {
    boolean again = given.put(flag.name, true) != null;
    if (again && flag.shape != Shape.LIST) {
      throw new UsageException("flag --%s comes twice".formatted(flag.name));
    }
    values.merge(
        flag.name,
        value,
        (before, more) -> again && flag.shape == Shape.LIST ? before + "," + more : more);
  }

  /// The value of a flag, given or by default.
  public String get(String name) {
    @Nullable String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no flag --" + name);
    }
    return value;
  }

  public boolean isOn(String name) {
    return Boolean.parseBoolean(get(name));
  }

  public List<String> list(String name) {
    var items = new ArrayList<String>();
    for (String item : get(name).split(",", -1)) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    return items;
  }

  /// Every flag with its value, by name.
  public Map<String, String> all() {
    return new TreeMap<>(values);
  }

  /// What `--help` prints.
  public static String help() {
    var text =
        new StringBuilder(
            """
            usage: barograph [<flags>]
                   barograph verify <data path>

            Scrapes and takes in metrics, stores them, answers PromQL, evaluates rules, notifies, and
            shows it all in a console. "verify" tells what of a data folder is damaged.

            flags:
                --help
                    Show this text.
                --version
                    Show version, commit and JDK.
            """);
    for (Flag flag : TABLE.values()) {
      boolean isSwitch = flag.shape == Shape.SWITCH;
      text.append("    --").append(isSwitch ? "[no-]" : "").append(flag.name);
      text.append(isSwitch ? "" : "=" + (flag.defaultValue.isEmpty() ? "…" : flag.defaultValue));
      text.append("\n        ").append(flag.help);
      if (isSwitch && flag.defaultValue.equals("true")) {
        text.append(" On by default.");
      }
      text.append('\n');
    }
    return text.toString();
  }
}
