package barograph.server.config;

import barograph.alerting.notify.NotificationConfig;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads configuration files from disk; every call reads them anew.
public final class ConfigLoader {
  private static final int USUAL_PORT = 9090;

  private final UnaryOperator<@Nullable String> environment;
  private final boolean startTimes;

  /// @param environment answers `$NAME` in external labels
  public ConfigLoader(Map<String, String> environment) {
    this(environment, false);
  }

  /// @param startTimes whether a zero is stored where a page says that a series began
  public ConfigLoader(Map<String, String> environment, boolean startTimes) {
    this.environment = environment::get;
    this.startTimes = startTimes;
  }

  /// What `file` and the rule files that it names say.
  ///
  /// @throws ConfigException if one of them cannot be read or used
  public ServerConfig server(Path file) {
    return new PrometheusFile(file, environment, startTimes).read(text(file));
  }

  /// What the configuration says that comes with Barograph: it names this server itself as a target
  /// at the usual port and path, in whose place come the port really listened on and the prefix.
  public ServerConfig ownServer(Path file, int port, String routePrefix) {
    String text = text(file).replace("localhost:" + USUAL_PORT, "localhost:" + port);
    if (!routePrefix.equals("/")) {
      text = text.replace("/metrics/host", routePrefix + "/metrics/host");
      text =
          text.replace(
              "- job_name: barograph",
              "- job_name: barograph\n    metrics_path: " + routePrefix + "/metrics");
    }
    return new PrometheusFile(file, environment, startTimes).read(text);
  }

  /// What an `alertmanager.yml` says.
  ///
  /// @throws ConfigException if it cannot be read or used
  public NotificationConfig notifications(Path file) {
    return AlertmanagerFile.read(file.toString(), text(file));
  }

  /// Whether `file` is an `alertmanager.yml` and not a `prometheus.yml`: only the first has routes
  /// or receivers.
  ///
  /// @throws ConfigException if it cannot be read or is no YAML
  public static boolean isForNotifications(Path file) {
    @Nullable YamlNode root = YamlNode.parse(file.toString(), text(file));
    if (root == null) {
      return false;
    }
    var map = root.asMap();
    return map.has("route") || map.has("receivers");
  }

  /// The text of a file.
  ///
  /// @throws ConfigException if it cannot be read or is not UTF-8
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new ConfigException("%s: is not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new ConfigException("%s: cannot be read: %s".formatted(file, e), e);
    }
  }
}
