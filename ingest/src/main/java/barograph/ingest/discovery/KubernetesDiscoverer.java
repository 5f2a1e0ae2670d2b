package barograph.ingest.discovery;

import barograph.ingest.discovery.DiscoveryConfig.Kubernetes;
import barograph.ingest.discovery.DiscoveryConfig.Kubernetes.Role;
import barograph.ingest.discovery.DiscoveryWeb.Request;
import barograph.ingest.discovery.KubernetesObjects.Resource;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Watches objects of a Kubernetes: lists them once, and then follows the stream of their changes
/// from the version of the list on. A virtual thread for each kind and namespace; when a stream
/// breaks it goes on from the last version seen, and where that is forgotten, with a new list.
final class KubernetesDiscoverer implements Discoverer {
  private static final Logger LOG = System.getLogger(KubernetesDiscoverer.class.getName());
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration LIST_TIMEOUT = Duration.ofMinutes(1);

  /// How long a stream may last there, and how much longer the answer may take.
  private static final Duration WATCH = Duration.ofMinutes(5);

  private static final Duration WATCH_TIMEOUT = WATCH.plusSeconds(30);

  /// How long changes are gathered before the targets are made anew.
  private static final Duration GATHERING = Duration.ofMillis(100);

  private final Kubernetes config;
  private final DiscoveryWeb web;

  KubernetesDiscoverer(Kubernetes config, DiscoveryWeb web) {
    this.config = config;
    this.web = web;
  }

  @Override
  public Duration pause() {
    return RETRY;
  }

  @Override
  public void look(Consumer<List<TargetGroup>> found) throws IOException, InterruptedException {
    var objects = new KubernetesObjects();
    var changed = new Semaphore(0);
    var watches = new ArrayList<Watch>();
    for (Resource resource : resources()) {
      for (String namespace : resource.namespaced() ? namespaces() : List.of("")) {
        watches.add(new Watch(resource, namespace, objects, changed));
      }
    }
    try {
      watches.forEach(watch -> watch.thread.start());
      // Targets without what belongs to them would be renamed a moment later.
      for (Watch watch : watches) {
        watch.listed.await();
      }
      while (true) {
        changed.drainPermits();
        found.accept(new KubernetesTargets(config, objects).groups());
        changed.acquire();
        Thread.sleep(GATHERING);
      }
    } finally {
      watches.forEach(watch -> watch.thread.interrupt());
    }
  }

  private List<Resource> resources() {
    var all =
        new ArrayList<>(
            switch (config.role()) {
              case NODE -> List.of(Resource.NODES);
              case POD -> List.of(Resource.PODS);
              case SERVICE -> List.of(Resource.SERVICES);
              case INGRESS -> List.of(Resource.INGRESSES);
              case ENDPOINTS -> List.of(Resource.ENDPOINTS, Resource.SERVICES, Resource.PODS);
              case ENDPOINTSLICE ->
                  List.of(Resource.ENDPOINT_SLICES, Resource.SERVICES, Resource.PODS);
            });
    if (config.attachNodes() && config.role() != Role.NODE) {
      all.add(Resource.NODES);
    }
    if (config.attachNamespaces() && config.role() != Role.NODE) {
      all.add(Resource.NAMESPACES);
    }
    return all;
  }

  /// The namespaces to look at; the empty one is all of them.
  private List<String> namespaces() throws IOException {
    var names = new ArrayList<>(config.namespaces());
    @Nullable Secret own = config.ownNamespace();
    if (own != null) {
      names.add(own.reveal());
    }
    return names.isEmpty() ? List.of("") : names;
  }

  /// One kind of objects in one namespace, followed by a thread.
  private final class Watch {
    final Thread thread;
    final CountDownLatch listed = new CountDownLatch(1);
    private final Resource resource;
    private final String namespace;
    private final KubernetesObjects objects;
    private final Semaphore changed;
    private String version = "";

    Watch(Resource resource, String namespace, KubernetesObjects objects, Semaphore changed) {
      this.resource = resource;
      this.namespace = namespace;
      this.objects = objects;
      this.changed = changed;
      thread = Thread.ofVirtual().name("kubernetes " + resource.path()).unstarted(this::run);
    }

    private void run() {
      try {
        while (true) {
          try {
            if (version.isEmpty()) {
              list();
            }
            follow();
            // A server that ends its streams at once is not to be asked without pause.
            Thread.sleep(GATHERING);
          } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
              return;
            }
            LOG.log(
                Level.WARNING,
                "kubernetes: {0} stay as they were: {1}",
                resource.path(),
                String.valueOf(e.getMessage()));
            version = "";
            Thread.sleep(RETRY);
          }
        }
      } catch (InterruptedException e) {
        // Nobody follows any more.
      }
    }

    private void list() throws IOException, InterruptedException {
      var items = new ArrayList<JsonNode>();
      String more = "";
      JsonNode page;
      do {
        String query = "?limit=500" + (more.isEmpty() ? "" : "&continue=" + encoded(more));
        var answer = web.get(request(query + selectors(), LIST_TIMEOUT)).expectOk();
        page = GroupList.tree(answer.body());
        page.path("items").forEach(items::add);
        more = page.path("metadata").path("continue").asString("");
      } while (!more.isEmpty());
      version = page.path("metadata").path("resourceVersion").asString("");
      objects.replace(resource, namespace, items);
      listed.countDown();
      changed.release();
    }

    private void follow() throws IOException, InterruptedException {
      String query =
          "?watch=1&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s%s"
              .formatted(WATCH.toSeconds(), encoded(version), selectors());
      int status = web.lines(request(query, WATCH_TIMEOUT), this::take);
      if (status != 200) {
        throw new IOException("server returned HTTP status " + status);
      }
    }

    private void take(String line) throws IOException {
      JsonNode event = GroupList.tree(line.getBytes(StandardCharsets.UTF_8));
      JsonNode object = event.path("object");
      String type = event.path("type").asString("");
      switch (type) {
        case "ADDED", "MODIFIED" -> objects.put(resource, object);
        case "DELETED" -> objects.remove(resource, object);
        case "BOOKMARK" -> {}
        default ->
            throw new IOException(
                "the stream of changes ended with %s: %s"
                    .formatted(type, object.path("message").asString("")));
      }
      version = object.path("metadata").path("resourceVersion").asString(version);
      if (!type.equals("BOOKMARK")) {
        changed.release();
      }
    }

    private String selectors() {
      var text = new StringBuilder();
      for (Kubernetes.Selector selector : config.selectors()) {
        if (selector.resource().equals(resource.role())) {
          text.append(
              selector.label().isEmpty() ? "" : "&labelSelector=" + encoded(selector.label()));
          text.append(
              selector.field().isEmpty() ? "" : "&fieldSelector=" + encoded(selector.field()));
        }
      }
      return text.toString();
    }

    private Request request(String query, Duration timeout) {
      String at = namespace.isEmpty() ? "" : "namespaces/" + encoded(namespace) + "/";
      String base = config.apiServer().toString().replaceAll("/+$", "");
      return new Request(
          URI.create(base + resource.group() + at + resource.path() + query),
          Map.of("Accept", "application/json"),
          timeout,
          config.client());
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
