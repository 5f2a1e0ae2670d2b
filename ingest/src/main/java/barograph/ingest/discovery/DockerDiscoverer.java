package barograph.ingest.discovery;

import barograph.ingest.discovery.DiscoveryWeb.Request;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Asks a Docker daemon for its containers: a target for each address and port in use.
final class DockerDiscoverer implements Discoverer {
  private static final String META = "__meta_docker_";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// A network that contains another container, by that container's name of it.
  private static final String OF_CONTAINER = "container:";

  private final DiscoveryConfig.Docker config;
  private final DiscoveryWeb web;

  DockerDiscoverer(DiscoveryConfig.Docker config, DiscoveryWeb web) {
    this.config = config;
    this.web = web;
  }

  @Override
  public Duration pause() {
    return config.refresh();
  }

  @Override
  public void look(Consumer<List<TargetGroup>> found) throws IOException, InterruptedException {
    String filters =
        config.filters().isEmpty()
            ? ""
            : "?filters=" + URLEncoder.encode(filtersJson(), StandardCharsets.UTF_8);
    JsonNode containers = ask("/containers/json" + filters);
    var networks = networks(ask("/networks"));
    var byId = new HashMap<String, JsonNode>();
    containers.forEach(container -> byId.put(container.path("Id").asString(""), container));
    var targets = new ArrayList<Labels>();
    for (JsonNode container : containers) {
      if (!container.path("Names").isEmpty()) {
        add(targets, container, byId, networks);
      }
    }
    found.accept(List.of(new TargetGroup(targets, Labels.EMPTY)));
  }

  private JsonNode ask(String what) throws IOException, InterruptedException {
    String host = config.host().toString();
    URI uri =
        switch (String.valueOf(config.host().getScheme())) {
          // The path of the socket, a colon, and what to ask there.
          case "unix" -> URI.create("unix:" + config.host().getPath() + ":" + what);
          case "tcp" -> URI.create("http" + host.substring("tcp".length()) + what);
          default -> URI.create(host.replaceAll("/+$", "") + what);
        };
    var answer = web.get(new Request(uri, Map.of(), TIMEOUT, config.client())).expectOk();
    return GroupList.tree(answer.body());
  }

  private String filtersJson() {
    return new TreeMap<>(config.filters())
        .entrySet().stream()
            .map(filter ->
                "\"%s\":{%s}"
                    .formatted(
                        filter.getKey(),
                        filter.getValue().stream()
                            .map("\"%s\":true"::formatted)
                            .collect(Collectors.joining(","))))
            .collect(Collectors.joining(",", "{", "}"));
  }

  private static Map<String, Map<String, String>> networks(JsonNode list) {
    var networks = new HashMap<String, Map<String, String>>();
    for (JsonNode network : list) {
      var labels = new HashMap<String, String>();
      String id = network.path("Id").asString("");
      labels.put(META + "network_id", id);
      labels.put(META + "network_name", network.path("Name").asString(""));
      labels.put(META + "network_scope", network.path("Scope").asString(""));
      labels.put(META + "network_internal", truth(network.path("Internal")));
      labels.put(META + "network_ingress", truth(network.path("Ingress")));
      putAll(labels, META + "network_label_", network.path("Labels"));
      networks.put(id, labels);
    }
    return networks;
  }

  private static String truth(JsonNode node) {
    return Boolean.toString(node.asBoolean(false));
  }

  private static void putAll(Map<String, String> labels, String prefix, JsonNode from) {
    from.properties()
        .forEach(entry ->
            labels.put(prefix + SanitisedName.of(entry.getKey()), entry.getValue().asString("")));
  }

  private void add(
      List<Labels> targets,
      JsonNode container,
      Map<String, JsonNode> byId,
      Map<String, Map<String, String>> networks) {
    String mode = container.path("HostConfig").path("NetworkMode").asString("");
    var common = new HashMap<String, String>();
    common.put(META + "container_id", container.path("Id").asString(""));
    common.put(META + "container_name", container.path("Names").path(0).asString(""));
    common.put(META + "container_image", container.path("Image").asString(""));
    common.put(META + "container_image_id", container.path("ImageID").asString(""));
    common.put(META + "container_network_mode", mode);
    putAll(common, META + "container_label_", container.path("Labels"));
    for (JsonNode endpoint : endpoints(container, byId)) {
      String global = endpoint.path("GlobalIPv6Address").asString("");
      String ip = endpoint.path("IPAddress").asString("");
      ip = ip.isEmpty() ? global : ip;
      var labels = new HashMap<>(common);
      labels.put(META + "network_ip", ip);
      labels.putAll(networks.getOrDefault(endpoint.path("NetworkID").asString(""), Map.of()));
      boolean added = false;
      for (JsonNode port : container.path("Ports")) {
        if (port.path("Type").asString("").equals("tcp")) {
          targets.add(target(labels, ip, port));
          added = true;
        }
      }
      if (!added) {
        labels.put(
            TargetGroup.ADDRESS,
            mode.equals("host") ? config.networkHost() : joined(ip, config.port()));
        targets.add(Labels.of(labels));
      }
    }
  }

  private static Labels target(Map<String, String> of, String ip, JsonNode port) {
    var labels = new HashMap<>(of);
    int inside = port.path("PrivatePort").asInt(0);
    int outside = port.path("PublicPort").asInt(0);
    labels.put(META + "port_private", Integer.toString(inside));
    if (outside > 0) {
      labels.put(META + "port_public", Integer.toString(outside));
      labels.put(META + "port_public_ip", port.path("IP").asString(""));
    }
    labels.put(TargetGroup.ADDRESS, joined(ip, inside));
    return Labels.of(labels);
  }

  /// Where the container stands in networks; one that shares another's network stands where that
  /// one does.
  private List<JsonNode> endpoints(JsonNode container, Map<String, JsonNode> byId) {
    @Nullable JsonNode at = container;
    var seen = new HashSet<JsonNode>();
    while (at != null && at.path("NetworkSettings").path("Networks").isEmpty() && seen.add(at)) {
      String mode = at.path("HostConfig").path("NetworkMode").asString("");
      at = mode.startsWith(OF_CONTAINER) ? byId.get(mode.substring(OF_CONTAINER.length())) : null;
    }
    var byName = new TreeMap<String, JsonNode>();
    if (at != null) {
      at.path("NetworkSettings")
          .path("Networks")
          .properties()
          .forEach(network -> {
            if (network.getValue().isObject()) {
              byName.put(network.getKey(), network.getValue());
            }
          });
    }
    var all = new ArrayList<>(byName.values());
    return config.firstNetworkOnly() && all.size() > 1 ? all.subList(0, 1) : all;
  }

  private static String joined(String ip, int port) {
    return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + port;
  }
}
