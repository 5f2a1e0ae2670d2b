package barograph.server.config;

import barograph.alerting.receiver.EmailConfig;
import barograph.alerting.receiver.EmailConfig.Threading;
import barograph.alerting.receiver.SmtpSettings;
import barograph.alerting.receiver.TlsSettings;
import barograph.storage.outbound.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the places that get mail.
final class EmailPlaces {
  /// What the services of mail are called where ports have names.
  private static final Map<String, Integer> PORTS =
      Map.of("smtp", 25, "submission", 587, "submissions", 465, "smtps", 465);

  private final PlaceSection section;
  private final YamlMap map;

  private EmailPlaces(PlaceSection section) {
    this.section = section;
    this.map = section.map();
  }

  static EmailConfig email(PlaceSection section) {
    return new EmailPlaces(section).email();
  }

  private EmailConfig email() {
    return new EmailConfig(
        section.sendResolved(false),
        map.string("to", ""),
        orEveryones("from"),
        map.stringMap("headers"),
        map.string("html", EmailConfig.DEFAULT_HTML),
        map.string("text", ""),
        threading(),
        smtp());
  }

  private SmtpSettings smtp() {
    String smarthost = orEveryones("smarthost");
    int colon = smarthost.lastIndexOf(':');
    if (smarthost.isEmpty()) {
      throw map.error("no global SMTP smarthost set");
    }
    if (colon < 0 || colon == smarthost.length() - 1) {
      throw map.error("address \"%s\": port cannot be empty".formatted(smarthost));
    }
    int port = port(smarthost, smarthost.substring(colon + 1));
    String host = smarthost.substring(0, colon);
    if (host.isEmpty()) {
      host = "localhost";
    }
    String hello = orEveryones("hello");
    @Nullable YamlNode implicit = own("force_implicit_tls");
    @Nullable YamlNode required = own("require_tls");
    return new SmtpSettings(
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
        port,
        hello.isEmpty() ? "localhost" : hello,
        login(),
        required == null || required.asBoolean(),
        implicit == null ? port == SmtpSettings.IMPLICIT_TLS_PORT : implicit.asBoolean(),
        tls());
  }

  private int port(String smarthost, String port) {
    @Nullable Integer named = PORTS.get(port);
    if (named != null) {
      return named;
    }
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw map.error("port of smarthost \"%s\" is no number".formatted(smarthost));
    }
  }

  private SmtpSettings.@Nullable Login login() {
    String username = orEveryones("auth_username");
    String identity = orEveryones("auth_identity");
    @Nullable Secret password = section.fileOrSecret("auth_password", "smtp_auth_password");
    @Nullable Secret secret = section.fileOrSecret("auth_secret", "smtp_auth_secret");
    return username.isEmpty() ? null : new SmtpSettings.Login(username, identity, password, secret);
  }

  private Threading threading() {
    @Nullable YamlNode node = map.get("threading");
    if (node == null) {
      return Threading.NONE;
    }
    var threading = node.asMap();
    boolean enabled = threading.bool("enabled", false);
    String by = threading.string("thread_by_date", "");
    threading.end();
    if (!enabled) {
      return Threading.NONE;
    }
    return switch (by) {
      case "none" -> Threading.BY_GROUP;
      case "daily" -> Threading.DAILY;
      default -> throw threading.error("threading.thread_by_date must be either 'none' or 'daily'");
    };
  }

  private TlsSettings tls() {
    @Nullable YamlNode node = own("tls_config");
    return node == null ? TlsSettings.DEFAULT : MailTlsReader.read(node, section.folder());
  }

  /// What stands under `key` here, else under `smtp_<key>` for all.
  private @Nullable YamlNode own(String key) {
    @Nullable YamlNode own = map.get(key);
    return own == null ? section.global().get("smtp_" + key) : own;
  }

  private String orEveryones(String key) {
    @Nullable YamlNode node = own(key);
    return node == null ? "" : node.asString();
  }
}
