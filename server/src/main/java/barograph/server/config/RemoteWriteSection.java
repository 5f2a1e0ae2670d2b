package barograph.server.config;

import barograph.ingest.forward.Endpoint;
import barograph.ingest.forward.Endpoint.Access;
import barograph.ingest.forward.Endpoint.Batch;
import barograph.ingest.forward.Endpoint.Content;
import barograph.ingest.forward.Endpoint.Message;
import barograph.ingest.forward.Endpoint.Metadata;
import barograph.ingest.forward.Endpoint.Queue;
import barograph.ingest.forward.Endpoint.Retrying;
import barograph.ingest.forward.Endpoint.Shards;
import barograph.ingest.forward.Forwarder;
import barograph.query.ast.Durations;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads and shows `remote_write`: where samples are passed on to.
final class RemoteWriteSection {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  private RemoteWriteSection() {}

  /// @param folder from which the names of files count
  static List<Endpoint> read(YamlMap file, Path folder, SigV4Reader signers) {
    var endpoints =
        file.list("remote_write").stream()
            .map(node -> endpoint(node.asMap(), folder, signers))
            .toList();
    return file.checked(() -> {
      Forwarder.requireDifferent(endpoints);
      return endpoints;
    });
  }

  private static Endpoint endpoint(YamlMap map, Path folder, SigV4Reader signers) {
    map.refuse(
        Map.of(
            "azuread", "use oauth2",
            "google_iam", "use oauth2"));
    if (map.bool("round_robin_dns", false)) {
      map.refuse(Map.of("round_robin_dns", "leave it out"));
    }
    String url = map.need("url").asString();
    var timeout = map.duration("remote_timeout", DEFAULT_TIMEOUT);
    var headers = map.stringMap("headers");
    var client = signers.signing(map, ClientSettingsReader.read(map, folder), "aps");
    var access = map.checked(() -> new Access(URI.create(url), headers, timeout, client));
    String message = map.string("protobuf_message", Message.FIRST.configName());
    boolean exemplars = map.bool("send_exemplars", false);
    boolean histograms = map.bool("send_native_histograms", false);
    var metadata = metadata(map.get("metadata_config"));
    var content =
        map.checked(() -> new Content(Message.named(message), exemplars, histograms, metadata));
    var rules = RelabelReader.rules(map.list("write_relabel_configs"));
    var queue = queue(map.get("queue_config"));
    String name = map.string("name", "");
    map.end();
    return new Endpoint(name, access, content, rules, queue);
  }

  private static Metadata metadata(@Nullable YamlNode node) {
    var usual = Metadata.DEFAULT;
    if (node == null) {
      return usual;
    }
    var map = node.asMap();
    boolean send = map.bool("send", usual.send());
    var interval = map.duration("send_interval", usual.interval());
    int most = map.count("max_samples_per_send", usual.mostInRequest());
    map.end();
    return map.checked(() -> new Metadata(send, interval, most));
  }

  private static Queue queue(@Nullable YamlNode node) {
    if (node == null) {
      return Queue.DEFAULT;
    }
    var map = node.asMap();
    int most = map.count("max_samples_per_send", Batch.DEFAULT.most());
    int capacity = map.count("capacity", Math.max(Queue.DEFAULT.capacity(), most));
    int mostShards = map.count("max_shards", Shards.DEFAULT.most());
    int leastShards = map.count("min_shards", Shards.DEFAULT.least());
    var deadline = map.duration("batch_send_deadline", Batch.DEFAULT.deadline());
    var leastPause = map.duration("min_backoff", Retrying.DEFAULT.leastPause());
    var mostPause = map.duration("max_backoff", Retrying.DEFAULT.mostPause());
    boolean tooMany = map.bool("retry_on_http_429", false);
    var ageLimit = map.duration("sample_age_limit", Duration.ZERO);
    map.end();
    return map.checked(() ->
        new Queue(
            capacity,
            new Shards(leastShards, mostShards),
            new Batch(most, deadline),
            new Retrying(leastPause, mostPause, tooMany),
            ageLimit));
  }

  /// An endpoint as the status page shows it: every default filled in, no secret.
  static Map<String, Object> shown(Endpoint endpoint) {
    var map = new LinkedHashMap<String, Object>();
    map.put("url", endpoint.shownUrl());
    map.put("remote_timeout", text(endpoint.access().timeout()));
    if (!endpoint.access().headers().isEmpty()) {
      map.put("headers", endpoint.access().headers());
    }
    if (!endpoint.rules().isEmpty()) {
      map.put("write_relabel_configs", endpoint.rules().stream().map(ConfigYaml::rule).toList());
    }
    if (!endpoint.name().isEmpty()) {
      map.put("name", endpoint.name());
    }
    var content = endpoint.content();
    map.put("protobuf_message", content.message().configName());
    map.put("send_exemplars", content.exemplars());
    map.put("send_native_histograms", content.histograms());
    ShownClient.put(map, endpoint.access().client());
    map.put("queue_config", shown(endpoint.queue()));
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("send", content.metadata().send());
    metadata.put("send_interval", text(content.metadata().interval()));
    metadata.put("max_samples_per_send", content.metadata().mostInRequest());
    map.put("metadata_config", metadata);
    return map;
  }

  private static Map<String, Object> shown(Queue queue) {
    var map = new LinkedHashMap<String, Object>();
    map.put("capacity", queue.capacity());
    map.put("max_shards", queue.shards().most());
    map.put("min_shards", queue.shards().least());
    map.put("max_samples_per_send", queue.batch().most());
    map.put("batch_send_deadline", text(queue.batch().deadline()));
    map.put("min_backoff", text(queue.retrying().leastPause()));
    map.put("max_backoff", text(queue.retrying().mostPause()));
    map.put("retry_on_http_429", queue.retrying().tooManyRequests());
    if (!queue.ageLimit().isZero()) {
      map.put("sample_age_limit", text(queue.ageLimit()));
    }
    return map;
  }

  private static String text(Duration duration) {
    return Durations.format(duration.toMillis());
  }
}
