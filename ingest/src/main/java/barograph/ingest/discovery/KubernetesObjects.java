package barograph.ingest.discovery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The objects of a Kubernetes that are watched, as they stand. Any thread may call it.
final class KubernetesObjects {
  private final Map<Resource, Map<String, JsonNode>> objects = new EnumMap<>(Resource.class);

  /// Kinds of objects.
  enum Resource {
    NODES("node", "/api/v1/", "nodes", false),
    NAMESPACES("namespace", "/api/v1/", "namespaces", false),
    PODS("pod", "/api/v1/", "pods", true),
    SERVICES("service", "/api/v1/", "services", true),
    ENDPOINTS("endpoints", "/api/v1/", "endpoints", true),
    ENDPOINT_SLICES("endpointslice", "/apis/discovery.k8s.io/v1/", "endpointslices", true),
    INGRESSES("ingress", "/apis/networking.k8s.io/v1/", "ingresses", true);

    private final String role;
    private final String group;
    private final String path;
    private final boolean namespaced;

    Resource(String role, String group, String path, boolean namespaced) {
      this.role = role;
      this.group = group;
      this.path = path;
      this.namespaced = namespaced;
    }

    /// As configurations and the names of labels call it.
    String role() {
      return role;
    }

    /// The path of the part of the API that has it.
    String group() {
      return group;
    }

    String path() {
      return path;
    }

    boolean namespaced() {
      return namespaced;
    }
  }

  /// Takes `items` for all that there are in a namespace; the empty one is all of them.
  synchronized void replace(Resource resource, String namespace, List<JsonNode> items) {
    var known = known(resource);
    known.values().removeIf(object -> namespace.isEmpty() || namespaceOf(object).equals(namespace));
    items.forEach(item -> known.put(key(item), item));
  }

  synchronized void put(Resource resource, JsonNode object) {
    known(resource).put(key(object), object);
  }

  synchronized void remove(Resource resource, JsonNode object) {
    known(resource).remove(key(object));
  }

  /// All objects of a kind, by namespace and name.
  synchronized Collection<JsonNode> all(Resource resource) {
    return new ArrayList<>(known(resource).values());
  }

  synchronized @Nullable JsonNode find(Resource resource, String namespace, String name) {
    return known(resource).get(namespace + "/" + name);
  }

  private Map<String, JsonNode> known(Resource resource) {
    return objects.computeIfAbsent(resource, absent -> new TreeMap<>());
  }

  private static String key(JsonNode object) {
    return namespaceOf(object) + "/" + object.path("metadata").path("name").asString("");
  }

  static String namespaceOf(JsonNode object) {
    return object.path("metadata").path("namespace").asString("");
  }
}
