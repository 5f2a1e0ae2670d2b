package barograph.server.config;

import barograph.alerting.receiver.TlsSettings;
import barograph.storage.outbound.Secret;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the `tls_config` of an `email_configs` entry: mail is not sent by the client that HTTP
/// has.
final class MailTlsReader {
  private static final String NO_CERTIFICATE =
      "leave it out, no certificate of one's own is shown to mail servers";
  private static final String BOTH_VERSIONS = "leave it out, TLS 1.2 and 1.3 are spoken";

  private final YamlMap map;
  private final Path folder;

  private MailTlsReader(YamlMap map, Path folder) {
    this.map = map;
    this.folder = folder;
  }

  /// @param folder from which the names of files count
  static TlsSettings read(YamlNode node, Path folder) {
    return new MailTlsReader(node.asMap(), folder).read();
  }

  private TlsSettings read() {
    map.refuse(
        Map.of(
            "cert", NO_CERTIFICATE,
            "cert_file", NO_CERTIFICATE,
            "key", NO_CERTIFICATE,
            "key_file", NO_CERTIFICATE,
            "min_version", BOTH_VERSIONS,
            "max_version", BOTH_VERSIONS));
    @Nullable Secret authority = authority();
    @Nullable YamlNode name = map.get("server_name");
    boolean unchecked = map.bool("insecure_skip_verify", false);
    map.end();
    return new TlsSettings(authority, name == null ? null : name.asString(), unchecked);
  }

  private @Nullable Secret authority() {
    @Nullable YamlNode inline = map.get("ca");
    @Nullable YamlNode file = map.get("ca_file");
    if (inline != null && file != null) {
      throw map.error("at most one of ca & ca_file must be configured");
    }
    if (file != null) {
      return Secret.in(folder.resolve(file.asString()));
    }
    return inline == null ? null : Secret.of(inline.asString());
  }
}
