package barograph.server.config;

import barograph.query.ast.Durations;
import barograph.server.trace.TracingSettings;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.TlsSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads `tracing`: where spans are sent.
final class TracingSection {
  private static final System.Logger LOG = System.getLogger(TracingSection.class.getName());
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private TracingSection() {}

  /// What the section says; null without one, as nothing is traced then. Nor is anything where the
  /// collector is to be spoken to by gRPC, which is warned of: a file must not keep the server from
  /// starting because of spans.
  ///
  /// @param folder from which the names of files count
  static @Nullable TracingSettings read(@Nullable YamlNode node, Path folder) {
    if (node == null) {
      return null;
    }
    var map = node.asMap();
    String endpoint = map.string("endpoint", "");
    if (endpoint.isEmpty()) {
      throw map.error("tracing endpoint must be set");
    }
    boolean speaksHttp = speaksHttp(map);
    double fraction = map.number("sampling_fraction", 0);
    boolean insecure = map.bool("insecure", false);
    @Nullable YamlNode tls = map.get("tls_config");
    var headers = map.stringMap("headers");
    String compression = map.string("compression", "");
    if (!compression.isEmpty() && !compression.equals("gzip")) {
      throw map.error(
          "invalid compression type %s provided, valid options: gzip".formatted(compression));
    }
    var timeout = map.duration("timeout", DEFAULT_TIMEOUT);
    map.end();
    if (!speaksHttp) {
      LOG.log(
          System.Logger.Level.WARNING,
          "tracing is without effect: its client_type is grpc (also where it is left out), which is"
              + " not spoken here; use \"client_type: http\" and the collector's port for OTLP over"
              + " HTTP, mostly 4318");
      return null;
    }
    var trust = tls == null ? TlsSettings.DEFAULT : ClientSettingsReader.tls(tls, folder);
    var usual = ClientSettings.PLAIN;
    var client =
        new ClientSettings(
            usual.credentials(),
            trust,
            usual.proxy(),
            usual.followRedirects(),
            new LinkedHashMap<>());
    return map.checked(() ->
        new TracingSettings(
            URI.create((insecure ? "http://" : "https://") + endpoint + "/v1/traces"),
            fraction,
            headers,
            !compression.isEmpty(),
            timeout,
            client));
  }

  private static boolean speaksHttp(YamlMap map) {
    String type = map.string("client_type", "grpc");
    return switch (type) {
      case "http" -> true;
      case "grpc" -> false;
      default ->
          throw map.error(
              "expected tracing client type to be either http or grpc, but got \"%s\""
                  .formatted(type));
    };
  }

  /// The section as the status page shows it: every default filled in, no secret.
  static Map<String, Object> shown(TracingSettings tracing) {
    var map = new LinkedHashMap<String, Object>();
    map.put("client_type", "http");
    map.put("endpoint", tracing.collector().getAuthority());
    map.put("sampling_fraction", tracing.fraction());
    map.put("insecure", "http".equals(tracing.collector().getScheme()));
    ShownClient.tls(map, tracing.client().tls());
    if (!tracing.headers().isEmpty()) {
      var headers = new LinkedHashMap<String, Object>();
      tracing.headers().keySet().stream()
          .sorted()
          .forEach(name -> headers.put(name, HiddenSecrets.SECRET));
      map.put("headers", headers);
    }
    if (tracing.packed()) {
      map.put("compression", "gzip");
    }
    map.put("timeout", Durations.format(tracing.timeout().toMillis()));
    return map;
  }
}
