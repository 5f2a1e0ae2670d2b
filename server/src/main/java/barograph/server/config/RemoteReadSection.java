package barograph.server.config;

import barograph.ingest.remoteread.RemoteSource;
import barograph.ingest.remoteread.RemoteSource.Access;
import barograph.query.ast.Durations;
import barograph.storage.model.Labels;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads and shows `remote_read`: servers whose samples count among ours.
final class RemoteReadSection {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);
  private static final long DEFAULT_FRAME_BYTES = 50_000_000;

  private RemoteReadSection() {}

  /// @param folder from which the names of files count
  static List<RemoteSource> read(YamlMap file, Path folder) {
    var names = new HashSet<String>();
    var nodes = file.list("remote_read");
    return nodes.stream()
        .map(node -> {
          var source = source(node.asMap(), folder);
          if (!source.name().isEmpty() && !names.add(source.name())) {
            throw node.error(
                "found multiple remote read configs with job name \"%s\"".formatted(source.name()));
          }
          return source;
        })
        .toList();
  }

  private static RemoteSource source(YamlMap map, Path folder) {
    String url = map.need("url").asString();
    var timeout = map.duration("remote_timeout", DEFAULT_TIMEOUT);
    long frameBytes = frameBytes(map.get("chunked_read_limit"));
    var headers = map.stringMap("headers");
    var client = ClientSettingsReader.read(map, folder);
    var access =
        map.checked(() -> new Access(URI.create(url), headers, timeout, frameBytes, client));
    var required = map.stringMap("required_matchers");
    boolean recent = map.bool("read_recent", false);
    boolean filters = map.bool("filter_external_labels", true);
    String name = map.string("name", "");
    map.end();
    return map.checked(() -> new RemoteSource(name, access, Labels.of(required), recent, filters));
  }

  /// A plain number, unlike sizes elsewhere.
  private static long frameBytes(@Nullable YamlNode node) {
    if (node == null) {
      return DEFAULT_FRAME_BYTES;
    }
    try {
      long bytes = Long.parseLong(node.asString());
      if (bytes > 0) {
        return bytes;
      }
    } catch (NumberFormatException e) {
      // Answered below with the same words.
    }
    throw node.error("\"%s\" is no number of bytes, expected 1 or more".formatted(node.asString()));
  }

  /// A source as the status page shows it: every default filled in, no secret.
  static Map<String, Object> shown(RemoteSource source) {
    var map = new LinkedHashMap<String, Object>();
    var access = source.access();
    map.put("url", source.shownUrl());
    map.put("remote_timeout", Durations.format(access.timeout().toMillis()));
    map.put("chunked_read_limit", access.mostFrameBytes());
    if (!access.headers().isEmpty()) {
      map.put("headers", access.headers());
    }
    map.put("read_recent", source.recent());
    if (!source.required().isEmpty()) {
      map.put("required_matchers", source.required().toMap());
    }
    if (!source.name().isEmpty()) {
      map.put("name", source.name());
    }
    ShownClient.put(map, access.client());
    map.put("filter_external_labels", source.filtersExternalLabels());
    return map;
  }
}
