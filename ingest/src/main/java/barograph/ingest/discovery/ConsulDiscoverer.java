package barograph.ingest.discovery;

import barograph.ingest.discovery.DiscoveryWeb.Answer;
import barograph.ingest.discovery.DiscoveryWeb.Request;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Watches the services of a Consul by blocking queries: each waits there until something has
/// changed since the index that the last answer told. A virtual thread for each service.
final class ConsulDiscoverer implements Discoverer {
  private static final Logger LOG = System.getLogger(ConsulDiscoverer.class.getName());
  private static final String META = "__meta_consul_";

  /// How long a query may wait there, and how much longer the answer may take.
  private static final Duration WAIT = Duration.ofMinutes(2);

  private static final Duration TIMEOUT = WAIT.plusSeconds(15);

  private final DiscoveryConfig.Consul config;
  private final DiscoveryWeb web;
  private final Map<String, List<Labels>> services = new TreeMap<>();
  private final Map<String, Thread> watches = new HashMap<>();
  private String dataCentre = "";

  ConsulDiscoverer(DiscoveryConfig.Consul config, DiscoveryWeb web) {
    this.config = config;
    this.web = web;
  }

  @Override
  public Duration pause() {
    return config.refresh();
  }

  @Override
  public void look(Consumer<List<TargetGroup>> found) throws IOException, InterruptedException {
    dataCentre = dataCentre();
    try {
      if (!config.services().isEmpty() && config.tags().isEmpty()) {
        watch(Set.copyOf(config.services()), found);
        while (true) {
          Thread.sleep(WAIT);
        }
      }
      long index = 0;
      while (true) {
        var answer = ask("/v1/catalog/services", index, catalogParameters());
        watch(wanted(GroupList.tree(answer.body())), found);
        index = nextIndex(answer, index);
        Thread.sleep(config.refresh());
      }
    } finally {
      synchronized (services) {
        watches.values().forEach(Thread::interrupt);
        watches.clear();
      }
    }
  }

  private String dataCentre() throws IOException, InterruptedException {
    @Nullable String configured = config.dataCentre();
    if (configured != null) {
      return configured;
    }
    var self = web.get(request("/v1/agent/self", "")).expectOk();
    String named = GroupList.tree(self.body()).path("Config").path("Datacenter").asString("");
    if (named.isEmpty()) {
      throw new IOException("the agent of Consul does not tell its data centre");
    }
    return named;
  }

  private Set<String> wanted(JsonNode catalog) {
    var names = new HashSet<String>();
    for (var service : catalog.properties()) {
      var tags = new HashSet<String>();
      service.getValue().forEach(tag -> tags.add(tag.asString("")));
      boolean named = config.services().isEmpty() || config.services().contains(service.getKey());
      if (named && tags.containsAll(config.tags())) {
        names.add(service.getKey());
      }
    }
    return names;
  }

  /// Watches exactly these services from now on.
  private void watch(Set<String> names, Consumer<List<TargetGroup>> found) {
    synchronized (services) {
      watches
          .entrySet()
          .removeIf(watch -> {
            boolean gone = !names.contains(watch.getKey());
            if (gone) {
              watch.getValue().interrupt();
              services.remove(watch.getKey());
            }
            return gone;
          });
      for (String name : names) {
        watches.computeIfAbsent(
            name,
            service ->
                Thread.ofVirtual().name("consul " + service).start(() -> watch(service, found)));
      }
      tell(found);
    }
  }

  private void watch(String service, Consumer<List<TargetGroup>> found) {
    long index = 0;
    try {
      while (true) {
        try {
          var answer = ask("/v1/health/service/" + encoded(service), index, serviceParameters());
          var targets = new ArrayList<Labels>();
          GroupList.tree(answer.body()).forEach(entry -> targets.add(target(service, entry)));
          synchronized (services) {
            if (Thread.currentThread().isInterrupted()) {
              return;
            }
            services.put(service, targets);
            tell(found);
          }
          index = nextIndex(answer, index);
        } catch (IOException e) {
          if (Thread.interrupted()) {
            return;
          }
          LOG.log(Level.WARNING, "consul: service {0} keeps its last targets: {1}", service, e);
          index = 0;
        }
        Thread.sleep(config.refresh());
      }
    } catch (InterruptedException e) {
      // It is gone from the catalogue, or nobody follows any more.
    }
  }

  private void tell(Consumer<List<TargetGroup>> found) {
    var groups = new ArrayList<TargetGroup>();
    services.values().forEach(targets -> groups.add(new TargetGroup(targets, Labels.EMPTY)));
    found.accept(groups);
  }

  private String catalogParameters() {
    var text = new StringBuilder();
    new TreeMap<>(config.nodeMeta())
        .forEach((key, value) -> text.append("&node-meta=").append(encoded(key + ":" + value)));
    if (!config.filter().isEmpty()) {
      text.append("&filter=").append(encoded(config.filter()));
    }
    return text.toString();
  }

  private String serviceParameters() {
    var text = new StringBuilder();
    config.tags().forEach(tag -> text.append("&tag=").append(encoded(tag)));
    new TreeMap<>(config.nodeMeta())
        .forEach((key, value) -> text.append("&node-meta=").append(encoded(key + ":" + value)));
    return text.toString();
  }

  private Answer ask(String path, long index, String more)
      throws IOException, InterruptedException {
    var query = new StringBuilder("?index=" + index + "&wait=" + WAIT.toMillis() + "ms");
    new TreeMap<>(config.parameters())
        .forEach((key, value) ->
            query.append('&').append(key).append(value.isEmpty() ? "" : "=" + encoded(value)));
    return web.get(request(path, query + more)).expectOk();
  }

  private Request request(String path, String query) {
    String base = config.server().toString().replaceAll("/+$", "");
    return new Request(URI.create(base + path + query), Map.of(), TIMEOUT, config.client());
  }

  /// An index that has gone back begins anew.
  private static long nextIndex(Answer answer, long before) {
    String told = answer.headers().getOrDefault("x-consul-index", "0");
    long index = told.matches("\\d{1,18}") ? Long.parseLong(told) : 0;
    return index < before ? 0 : index;
  }

  private Labels target(String service, JsonNode entry) {
    JsonNode node = entry.path("Node");
    JsonNode instance = entry.path("Service");
    var labels = new HashMap<String, String>();
    String separator = config.tagSeparator();
    var tags = new StringBuilder(separator);
    instance.path("Tags").forEach(tag -> tags.append(tag.asString("")).append(separator));
    String address = instance.path("Address").asString("");
    String nodeAddress = node.path("Address").asString("");
    String port = Integer.toString(instance.path("Port").asInt(0));
    labels.put(TargetGroup.ADDRESS, joined(address.isEmpty() ? nodeAddress : address) + ":" + port);
    labels.put(META + "service", service);
    labels.put(META + "dc", dataCentre);
    labels.put(META + "address", nodeAddress);
    labels.put(META + "node", node.path("Node").asString(""));
    labels.put(META + "namespace", instance.path("Namespace").asString(""));
    labels.put(META + "partition", instance.path("Partition").asString(""));
    labels.put(META + "tags", tags.toString());
    labels.put(META + "service_address", address);
    labels.put(META + "service_port", port);
    labels.put(META + "service_id", instance.path("ID").asString(""));
    labels.put(META + "health", health(entry.path("Checks")));
    putAll(labels, META + "metadata_", node.path("Meta"));
    putAll(labels, META + "service_metadata_", instance.path("Meta"));
    putAll(labels, META + "tagged_address_", node.path("TaggedAddresses"));
    return Labels.of(labels);
  }

  private static void putAll(Map<String, String> labels, String prefix, JsonNode from) {
    from.properties()
        .forEach(entry ->
            labels.put(prefix + SanitisedName.of(entry.getKey()), entry.getValue().asString("")));
  }

  /// The worst of what the checks say.
  private static String health(JsonNode checks) {
    var states = new HashSet<String>();
    for (JsonNode check : checks) {
      String id = check.path("CheckID").asString("");
      boolean maintained = id.equals("_node_maintenance") || id.startsWith("_service_maintenance:");
      states.add(maintained ? "maintenance" : check.path("Status").asString(""));
    }
    for (String state : List.of("maintenance", "critical", "warning")) {
      if (states.contains(state)) {
        return state;
      }
    }
    return "passing";
  }

  private static String joined(String address) {
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
