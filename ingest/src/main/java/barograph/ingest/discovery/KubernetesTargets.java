package barograph.ingest.discovery;

import barograph.ingest.discovery.DiscoveryConfig.Kubernetes;
import barograph.ingest.discovery.KubernetesObjects.Resource;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What of a Kubernetes's objects are targets, and what they are called.
final class KubernetesTargets {
  private static final String META = "__meta_kubernetes_";
  private static final List<String> ADDRESS_TYPES =
      List.of("InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "LegacyHostIP", "Hostname");

  private final Kubernetes config;
  private final KubernetesObjects objects;

  KubernetesTargets(Kubernetes config, KubernetesObjects objects) {
    this.config = config;
    this.objects = objects;
  }

  /// The labels of a group or target while they are gathered.
  private static final class Gathered {
    final Map<String, String> labels = new HashMap<>();

    Gathered put(String name, String value) {
      labels.put(META + name, value);
      return this;
    }

    Gathered put(String name, JsonNode value) {
      return put(name, value.asString(""));
    }

    Gathered putIfPresent(String name, JsonNode value) {
      return value.isMissingNode() || value.isNull() ? this : put(name, value);
    }

    Gathered address(String address) {
      labels.put(TargetGroup.ADDRESS, address);
      return this;
    }

    /// Name, labels and annotations of an object.
    Gathered describe(String kind, JsonNode object) {
      JsonNode meta = object.path("metadata");
      put(kind + "_name", meta.path("name"));
      return describe(kind, "label", meta.path("labels"))
          .describe(kind, "annotation", meta.path("annotations"));
    }

    private Gathered describe(String kind, String what, JsonNode entries) {
      for (var entry : entries.properties()) {
        String name = SanitisedName.of(entry.getKey());
        put(kind + "_" + what + "_" + name, entry.getValue());
        put(kind + "_" + what + "present_" + name, "true");
      }
      return this;
    }

    Labels build() {
      return Labels.of(labels);
    }
  }

  List<TargetGroup> groups() {
    return switch (config.role()) {
      case NODE -> objects.all(Resource.NODES).stream().map(KubernetesTargets::node).toList();
      case POD -> objects.all(Resource.PODS).stream().map(this::pod).toList();
      case SERVICE -> objects.all(Resource.SERVICES).stream().map(this::service).toList();
      case INGRESS -> objects.all(Resource.INGRESSES).stream().map(this::ingress).toList();
      case ENDPOINTS -> objects.all(Resource.ENDPOINTS).stream().map(this::endpoints).toList();
      case ENDPOINTSLICE ->
          objects.all(Resource.ENDPOINT_SLICES).stream().map(this::slice).toList();
    };
  }

  private static TargetGroup node(JsonNode node) {
    var group =
        new Gathered()
            .describe("node", node)
            .put("node_provider_id", node.path("spec").path("providerID"));
    var addresses = new LinkedHashMap<String, String>();
    for (JsonNode address : node.path("status").path("addresses")) {
      addresses.putIfAbsent(
          address.path("type").asString(""), address.path("address").asString(""));
    }
    @Nullable String best =
        ADDRESS_TYPES.stream().filter(addresses::containsKey).findFirst().orElse(null);
    if (best == null) {
      return new TargetGroup(List.of(), group.build());
    }
    int port =
        node.path("status").path("daemonEndpoints").path("kubeletEndpoint").path("Port").asInt(0);
    var target = new Gathered().address(joined(addresses.getOrDefault(best, ""), port));
    target.labels.put("instance", node.path("metadata").path("name").asString(""));
    addresses.forEach(
        (type, address) -> target.put("node_address_" + SanitisedName.of(type), address));
    return new TargetGroup(List.of(target.build()), group.build());
  }

  private TargetGroup service(JsonNode service) {
    var group = serviceLabels(service);
    attachNamespace(group, service);
    String host =
        service.path("metadata").path("name").asString("")
            + "."
            + KubernetesObjects.namespaceOf(service)
            + ".svc";
    JsonNode spec = service.path("spec");
    var targets = new ArrayList<Labels>();
    for (JsonNode port : spec.path("ports")) {
      var target =
          new Gathered()
              .address(joined(host, port.path("port").asInt(0)))
              .put("service_port_name", port.path("name"))
              .put("service_port_number", text(port.path("port")))
              .put("service_port_protocol", port.path("protocol"))
              .put("service_type", spec.path("type"));
      switch (spec.path("type").asString("")) {
        case "ExternalName" -> target.put("service_external_name", spec.path("externalName"));
        case "LoadBalancer" ->
            target
                .put("service_cluster_ip", spec.path("clusterIP"))
                .put("service_loadbalancer_ip", spec.path("loadBalancerIP"));
        default -> target.put("service_cluster_ip", spec.path("clusterIP"));
      }
      targets.add(target.build());
    }
    return new TargetGroup(targets, group.build());
  }

  private static Gathered serviceLabels(JsonNode service) {
    return new Gathered()
        .describe("service", service)
        .put("namespace", KubernetesObjects.namespaceOf(service));
  }

  private TargetGroup pod(JsonNode pod) {
    String ip = pod.path("status").path("podIP").asString("");
    if (ip.isEmpty()) {
      return new TargetGroup(List.of(), Labels.EMPTY);
    }
    var group = podLabels(pod).put("namespace", KubernetesObjects.namespaceOf(pod));
    attachNode(group, pod.path("spec").path("nodeName").asString(""));
    attachNamespace(group, pod);
    var targets = new ArrayList<Labels>();
    for (Container container : containers(pod)) {
      if (container.spec().path("ports").isEmpty()) {
        // Nobody has said which port: the address is the bare one, to be completed by relabelling.
        targets.add(containerLabels(container).address(ip).build());
      }
      for (JsonNode port : container.spec().path("ports")) {
        targets.add(
            containerPortLabels(container, port)
                .address(joined(ip, port.path("containerPort").asInt(0)))
                .build());
      }
    }
    return new TargetGroup(targets, group.build());
  }

  /// A container of a pod.
  ///
  /// @param first whether it runs before the others and ends
  private record Container(JsonNode spec, boolean first, String id) {}

  private static List<Container> containers(JsonNode pod) {
    var all = new ArrayList<Container>();
    for (boolean first : new boolean[] {false, true}) {
      var ids = new HashMap<String, String>();
      for (JsonNode status :
          pod.path("status").path(first ? "initContainerStatuses" : "containerStatuses")) {
        ids.put(status.path("name").asString(""), status.path("containerID").asString(""));
      }
      for (JsonNode spec : pod.path("spec").path(first ? "initContainers" : "containers")) {
        all.add(new Container(spec, first, ids.getOrDefault(spec.path("name").asString(""), "")));
      }
    }
    return all;
  }

  private static Gathered containerLabels(Container container) {
    return new Gathered()
        .put("pod_container_name", container.spec().path("name"))
        .put("pod_container_id", container.id())
        .put("pod_container_image", container.spec().path("image"))
        .put("pod_container_init", Boolean.toString(container.first()));
  }

  private static Gathered containerPortLabels(Container container, JsonNode port) {
    return containerLabels(container)
        .put("pod_container_port_name", port.path("name"))
        .put("pod_container_port_number", text(port.path("containerPort")))
        .put("pod_container_port_protocol", port.path("protocol"));
  }

  private static Gathered podLabels(JsonNode pod) {
    JsonNode status = pod.path("status");
    String ready = "unknown";
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asString("").equals("Ready")) {
        ready = condition.path("status").asString("").toLowerCase(Locale.ROOT);
      }
    }
    var labels =
        new Gathered()
            .describe("pod", pod)
            .put("pod_ip", status.path("podIP"))
            .put("pod_ready", ready)
            .put("pod_phase", status.path("phase"))
            .put("pod_node_name", pod.path("spec").path("nodeName"))
            .put("pod_host_ip", status.path("hostIP"))
            .put("pod_uid", pod.path("metadata").path("uid"));
    for (JsonNode owner : pod.path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean(false)) {
        labels
            .put("pod_controller_kind", owner.path("kind"))
            .put("pod_controller_name", owner.path("name"));
      }
    }
    return labels;
  }

  private TargetGroup endpoints(JsonNode endpoints) {
    String namespace = KubernetesObjects.namespaceOf(endpoints);
    var group = new Gathered().describe("endpoints", endpoints).put("namespace", namespace);
    attachService(group, namespace, endpoints.path("metadata").path("name").asString(""));
    attachNamespace(group, endpoints);
    var backed = new BackedTargets(namespace);
    for (JsonNode subset : endpoints.path("subsets")) {
      for (JsonNode port : subset.path("ports")) {
        for (boolean ready : new boolean[] {true, false}) {
          for (JsonNode address : subset.path(ready ? "addresses" : "notReadyAddresses")) {
            var target =
                new Gathered()
                    .address(joined(address.path("ip").asString(""), port.path("port").asInt(0)))
                    .put("endpoint_port_name", port.path("name"))
                    .put("endpoint_port_protocol", port.path("protocol"))
                    .put("endpoint_ready", Boolean.toString(ready))
                    .putIfPresent(
                        "endpoint_address_target_kind", address.path("targetRef").path("kind"))
                    .putIfPresent(
                        "endpoint_address_target_name", address.path("targetRef").path("name"))
                    .putIfPresent("endpoint_node_name", address.path("nodeName"))
                    .putIfPresent("endpoint_hostname", address.path("hostname"));
            backed.add(target, address, port);
          }
        }
      }
    }
    return new TargetGroup(backed.all(), group.build());
  }

  private TargetGroup slice(JsonNode slice) {
    String namespace = KubernetesObjects.namespaceOf(slice);
    var group =
        new Gathered()
            .describe("endpointslice", slice)
            .put("namespace", namespace)
            .put("endpointslice_address_type", slice.path("addressType"));
    attachService(
        group,
        namespace,
        slice.path("metadata").path("labels").path("kubernetes.io/service-name").asString(""));
    attachNamespace(group, slice);
    var backed = new BackedTargets(namespace);
    for (JsonNode port : slice.path("ports")) {
      for (JsonNode endpoint : slice.path("endpoints")) {
        for (JsonNode address : endpoint.path("addresses")) {
          backed.add(sliceTarget(endpoint, address.asString(""), port), endpoint, port);
        }
      }
    }
    return new TargetGroup(backed.all(), group.build());
  }

  private static Gathered sliceTarget(JsonNode endpoint, String address, JsonNode port) {
    var target =
        new Gathered()
            .address(
                port.path("port").isNumber()
                    ? joined(address, port.path("port").asInt(0))
                    : address)
            .putIfPresent("endpointslice_port_name", port.path("name"))
            .putIfPresent("endpointslice_port_protocol", port.path("protocol"))
            .putIfPresent("endpointslice_port_app_protocol", port.path("appProtocol"))
            .putIfPresent(
                "endpointslice_address_target_kind", endpoint.path("targetRef").path("kind"))
            .putIfPresent(
                "endpointslice_address_target_name", endpoint.path("targetRef").path("name"))
            .putIfPresent("endpointslice_endpoint_hostname", endpoint.path("hostname"))
            .putIfPresent("endpointslice_endpoint_node_name", endpoint.path("nodeName"))
            .putIfPresent("endpointslice_endpoint_zone", endpoint.path("zone"));
    if (port.path("port").isNumber()) {
      target.put("endpointslice_port", text(port.path("port")));
    }
    for (String condition : List.of("ready", "serving", "terminating")) {
      JsonNode state = endpoint.path("conditions").path(condition);
      if (state.isBoolean()) {
        target.put(
            "endpointslice_endpoint_conditions_" + condition, Boolean.toString(state.asBoolean()));
      }
    }
    return target;
  }

  /// Targets that pods may stand behind, whose labels they then have; and the other ports of those
  /// pods.
  private final class BackedTargets {
    private final String namespace;
    private final List<Labels> targets = new ArrayList<>();
    private final Map<String, List<Integer>> portsByPod = new LinkedHashMap<>();

    BackedTargets(String namespace) {
      this.namespace = namespace;
    }

    void add(Gathered target, JsonNode endpoint, JsonNode port) {
      JsonNode behind = endpoint.path("targetRef");
      attachNode(target, endpoint.path("nodeName").asString(""));
      @Nullable JsonNode pod =
          behind.path("kind").asString("").equals("Pod")
              ? objects.find(
                  Resource.PODS,
                  behind.path("namespace").asString(namespace),
                  behind.path("name").asString(""))
              : null;
      if (pod != null) {
        int number = port.path("port").asInt(0);
        target.labels.putAll(podLabels(pod).labels);
        container(pod, number).forEach(target.labels::putIfAbsent);
        portsByPod
            .computeIfAbsent(behind.path("name").asString(""), absent -> new ArrayList<>())
            .add(number);
      }
      targets.add(target.build());
    }

    private Map<String, String> container(JsonNode pod, int number) {
      for (Container container : containers(pod)) {
        for (JsonNode port : container.spec().path("ports")) {
          if (port.path("containerPort").asInt(0) == number) {
            return containerPortLabels(container, port).labels;
          }
        }
      }
      return Map.of();
    }

    List<Labels> all() {
      portsByPod.forEach((name, seen) -> {
        @Nullable JsonNode pod = objects.find(Resource.PODS, namespace, name);
        String ip = pod == null ? "" : pod.path("status").path("podIP").asString("");
        if (pod != null && !ip.isEmpty()) {
          addOtherPorts(pod, ip, seen);
        }
      });
      return targets;
    }

    private void addOtherPorts(JsonNode pod, String ip, List<Integer> seen) {
      for (Container container : containers(pod)) {
        for (JsonNode port : container.spec().path("ports")) {
          int number = port.path("containerPort").asInt(0);
          if (!seen.contains(number)) {
            var target = containerPortLabels(container, port).address(joined(ip, number));
            target.labels.putAll(podLabels(pod).labels);
            targets.add(target.build());
          }
        }
      }
    }
  }

  private TargetGroup ingress(JsonNode ingress) {
    var group =
        new Gathered()
            .describe("ingress", ingress)
            .put("namespace", KubernetesObjects.namespaceOf(ingress))
            .putIfPresent("ingress_class_name", ingress.path("spec").path("ingressClassName"));
    attachNamespace(group, ingress);
    var targets = new ArrayList<Labels>();
    for (JsonNode rule : ingress.path("spec").path("rules")) {
      String host = rule.path("host").asString("");
      String scheme = isEncrypted(ingress, host) ? "https" : "http";
      var paths = new ArrayList<String>();
      for (JsonNode path : rule.path("http").path("paths")) {
        String text = path.path("path").asString("");
        paths.add(text.isEmpty() ? "/" : text);
      }
      for (String path : paths.isEmpty() ? List.of("/") : paths) {
        targets.add(
            new Gathered()
                .address(host)
                .put("ingress_scheme", scheme)
                .put("ingress_host", host)
                .put("ingress_path", path)
                .build());
      }
    }
    return new TargetGroup(targets, group.build());
  }

  /// Whether a certificate is named for the host; `*` stands for the first part of one.
  private static boolean isEncrypted(JsonNode ingress, String host) {
    for (JsonNode tls : ingress.path("spec").path("tls")) {
      for (JsonNode named : tls.path("hosts")) {
        String pattern = named.asString("");
        boolean wild = pattern.startsWith("*.") && host.indexOf('.') > 0;
        if (pattern.equals(host)
            || (wild && pattern.substring(1).equals(host.substring(host.indexOf('.'))))) {
          return true;
        }
      }
    }
    return false;
  }

  private void attachService(Gathered group, String namespace, String name) {
    @Nullable JsonNode service = objects.find(Resource.SERVICES, namespace, name);
    if (service != null) {
      group.labels.putAll(serviceLabels(service).labels);
    }
  }

  private void attachNode(Gathered to, String name) {
    @Nullable JsonNode node = config.attachNodes() ? objects.find(Resource.NODES, "", name) : null;
    if (node != null) {
      to.describe("node", node);
    }
  }

  private void attachNamespace(Gathered to, JsonNode object) {
    @Nullable JsonNode namespace =
        config.attachNamespaces()
            ? objects.find(Resource.NAMESPACES, "", KubernetesObjects.namespaceOf(object))
            : null;
    if (namespace != null) {
      to.describe("namespace", "label", namespace.path("metadata").path("labels"));
      to.describe("namespace", "annotation", namespace.path("metadata").path("annotations"));
    }
  }

  private static String text(JsonNode number) {
    return Integer.toString(number.asInt(0));
  }

  private static String joined(String host, int port) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
