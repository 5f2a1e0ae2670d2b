package barograph.ingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.discovery.DiscoveryConfig.Kubernetes;
import barograph.ingest.discovery.DiscoveryConfig.Kubernetes.Role;
import barograph.ingest.discovery.DiscoveryConfig.Kubernetes.Selector;
import barograph.storage.model.Labels;
import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Objects as an API server tells them, and the targets that they are.
@Timeout(60)
class KubernetesTest {
  private static final String API = "http://api:1";
  private static final String META = "__meta_kubernetes_";
  private static final String POD =
      """
      {"metadata": {"name": "p", "namespace": "ns", "uid": "u1", "resourceVersion": "3",
         "labels": {"app.x": "a"}, "annotations": {"note/y": "n"},
         "ownerReferences": [{"controller": true, "kind": "ReplicaSet", "name": "rs"}]},
       "spec": {"nodeName": "n1",
         "containers": [{"name": "c", "image": "i:1", "ports":
             [{"name": "m", "containerPort": 9000, "protocol": "TCP"}, {"containerPort": 9001, "protocol": "TCP"}]}],
         "initContainers": [{"name": "first", "image": "i:0"}]},
       "status": {"podIP": "10.0.0.1", "hostIP": "192.168.0.1", "phase": "Running",
         "conditions": [{"type": "Ready", "status": "True"}],
         "containerStatuses": [{"name": "c", "containerID": "docker://c1"}]}}
      """;
  private static final String NODE =
      """
      {"metadata": {"name": "n1", "labels": {"zone": "z"}},
       "spec": {"providerID": "p1"},
       "status": {"addresses": [{"type": "Hostname", "address": "n1.lan"}, {"type": "InternalIP", "address": "10.1.0.1"}],
                  "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}}}}
      """;
  private static final String SERVICE =
      """
      {"metadata": {"name": "s", "namespace": "ns", "labels": {"tier": "t"}},
       "spec": {"type": "ClusterIP", "clusterIP": "10.2.0.1",
                "ports": [{"name": "http", "port": 80, "protocol": "TCP"}]}}
      """;

  private final FakeDirectory web = new FakeDirectory();
  private final Found found = new Found();
  private Thread looking = Thread.ofVirtual().unstarted(() -> {});

  @AfterEach
  void stop() throws InterruptedException {
    looking.interrupt();
    looking.join();
  }

  private void look(Role role, List<String> namespaces, List<Selector> selectors, boolean attach) {
    var config =
        new Kubernetes(
            role,
            URI.create(API),
            namespaces,
            null,
            selectors,
            attach,
            attach,
            ClientSettings.PLAIN);
    var discoverer = new KubernetesDiscoverer(config, web);
    looking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                discoverer.look(found);
              } catch (IOException e) {
                throw new AssertionError(e);
              } catch (InterruptedException e) {
                // The test is over.
              }
            });
  }

  private void look(Role role) {
    look(role, List.of(), List.of(), false);
  }

  private static String watchUrl(String path, String version) {
    return API
        + path
        + "?watch=1&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion="
        + version;
  }

  /// Lists `objects` at `path`, whose changes come later.
  private void list(String path, String... objects) {
    web.later(watchUrl(path, "5"));
    web.json(
        API + path + "?limit=500",
        "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[%s]}"
            .formatted(String.join(",", objects)));
  }

  private static Labels labels(Map<String, String> meta, String address) {
    var labels = new Labels.Builder().set("__address__", address);
    meta.forEach((name, value) -> labels.set(META + name, value));
    return labels.build();
  }

  private static Map<String, String> podLabels() {
    var labels = new TreeMap<String, String>();
    labels.put("pod_name", "p");
    labels.put("pod_ip", "10.0.0.1");
    labels.put("pod_ready", "true");
    labels.put("pod_phase", "Running");
    labels.put("pod_node_name", "n1");
    labels.put("pod_host_ip", "192.168.0.1");
    labels.put("pod_uid", "u1");
    labels.put("pod_controller_kind", "ReplicaSet");
    labels.put("pod_controller_name", "rs");
    labels.put("pod_label_app_x", "a");
    labels.put("pod_labelpresent_app_x", "true");
    labels.put("pod_annotation_note_y", "n");
    labels.put("pod_annotationpresent_note_y", "true");
    labels.put("namespace", "ns");
    return labels;
  }

  private static Map<String, String> with(Map<String, String> labels, String... more) {
    var all = new TreeMap<>(labels);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private static Map<String, String> inContainer(Map<String, String> labels, String... more) {
    return with(
        with(labels, more),
        "pod_container_name",
        "c",
        "pod_container_id",
        "docker://c1",
        "pod_container_image",
        "i:1",
        "pod_container_init",
        "false");
  }

  @Test
  void aPodIsATargetAtEachPortOfItsContainers() throws InterruptedException {
    list("/api/v1/pods", POD);
    look(Role.POD);
    assertThat(found.next())
        .containsExactly(
            labels(
                inContainer(
                    podLabels(),
                    "pod_container_port_name",
                    "m",
                    "pod_container_port_number",
                    "9000",
                    "pod_container_port_protocol",
                    "TCP"),
                "10.0.0.1:9000"),
            labels(
                inContainer(
                    podLabels(),
                    "pod_container_port_number",
                    "9001",
                    "pod_container_port_protocol",
                    "TCP"),
                "10.0.0.1:9001"),
            labels(
                with(
                    podLabels(),
                    "pod_container_name",
                    "first",
                    "pod_container_image",
                    "i:0",
                    "pod_container_init",
                    "true"),
                "10.0.0.1"));
  }

  @Test
  void aNodeIsATargetAtItsKubelet() throws InterruptedException {
    list("/api/v1/nodes", NODE);
    look(Role.NODE);
    var expected =
        labels(
            Map.of(
                "node_name", "n1",
                "node_provider_id", "p1",
                "node_label_zone", "z",
                "node_labelpresent_zone", "true",
                "node_address_InternalIP", "10.1.0.1",
                "node_address_Hostname", "n1.lan"),
            "10.1.0.1:10250");
    assertThat(found.next()).containsExactly(expected.with("instance", "n1"));
  }

  @Test
  void aServiceIsATargetAtEachOfItsPorts() throws InterruptedException {
    list("/api/v1/services", SERVICE);
    look(Role.SERVICE);
    assertThat(found.next())
        .containsExactly(
            labels(
                Map.of(
                    "namespace", "ns",
                    "service_name", "s",
                    "service_label_tier", "t",
                    "service_labelpresent_tier", "true",
                    "service_port_name", "http",
                    "service_port_number", "80",
                    "service_port_protocol", "TCP",
                    "service_type", "ClusterIP",
                    "service_cluster_ip", "10.2.0.1"),
                "s.ns.svc:80"));
  }

  @Test
  void endpointsHaveTheLabelsOfTheirServiceTheirPodAndItsNode() throws InterruptedException {
    list(
        "/api/v1/endpoints",
        """
        {"metadata": {"name": "s", "namespace": "ns"},
         "subsets": [{"ports": [{"name": "http", "port": 9000, "protocol": "TCP"}],
           "addresses": [{"ip": "10.0.0.1", "nodeName": "n1", "targetRef": {"kind": "Pod", "name": "p", "namespace": "ns"}}],
           "notReadyAddresses": [{"ip": "fe80::1", "hostname": "h"}]}]}
        """);
    list("/api/v1/services", SERVICE);
    list("/api/v1/pods", POD);
    list("/api/v1/nodes", NODE);
    list("/api/v1/namespaces", "{\"metadata\": {\"name\": \"ns\", \"labels\": {\"team\": \"x\"}}}");
    look(Role.ENDPOINTS, List.of(), List.of(), true);
    var group =
        Map.of(
            "namespace", "ns",
            "endpoints_name", "s",
            "service_name", "s",
            "service_label_tier", "t",
            "service_labelpresent_tier", "true",
            "namespace_label_team", "x",
            "namespace_labelpresent_team", "true");
    var both = new TreeMap<>(podLabels());
    both.putAll(group);
    assertThat(found.next())
        .containsExactly(
            labels(
                inContainer(
                    both,
                    "endpoint_port_name",
                    "http",
                    "endpoint_port_protocol",
                    "TCP",
                    "endpoint_ready",
                    "true",
                    "endpoint_node_name",
                    "n1",
                    "endpoint_address_target_kind",
                    "Pod",
                    "endpoint_address_target_name",
                    "p",
                    "node_name",
                    "n1",
                    "node_label_zone",
                    "z",
                    "node_labelpresent_zone",
                    "true",
                    "pod_container_port_name",
                    "m",
                    "pod_container_port_number",
                    "9000",
                    "pod_container_port_protocol",
                    "TCP"),
                "10.0.0.1:9000"),
            labels(
                with(
                    group,
                    "endpoint_port_name",
                    "http",
                    "endpoint_port_protocol",
                    "TCP",
                    "endpoint_ready",
                    "false",
                    "endpoint_hostname",
                    "h"),
                "[fe80::1]:9000"),
            labels(
                inContainer(
                    both,
                    "pod_container_port_number",
                    "9001",
                    "pod_container_port_protocol",
                    "TCP"),
                "10.0.0.1:9001"));
  }

  @Test
  void slicesOfEndpointsTellTheirConditionsAndZones() throws InterruptedException {
    list(
        "/apis/discovery.k8s.io/v1/endpointslices",
        """
        {"metadata": {"name": "s-1", "namespace": "ns", "labels": {"kubernetes.io/service-name": "s"}},
         "addressType": "IPv4", "ports": [{"name": "http", "port": 80, "protocol": "TCP", "appProtocol": "h2c"}],
         "endpoints": [{"addresses": ["10.0.0.7"], "nodeName": "n1", "zone": "z1",
                        "conditions": {"ready": true, "serving": true, "terminating": false}}]}
        """);
    list("/api/v1/services", SERVICE);
    list("/api/v1/pods");
    look(Role.ENDPOINTSLICE);
    assertThat(found.next())
        .containsExactly(
            labels(
                with(
                    Map.of(),
                    "namespace",
                    "ns",
                    "endpointslice_name",
                    "s-1",
                    "endpointslice_label_kubernetes_io_service_name",
                    "s",
                    "endpointslice_labelpresent_kubernetes_io_service_name",
                    "true",
                    "endpointslice_address_type",
                    "IPv4",
                    "service_name",
                    "s",
                    "service_label_tier",
                    "t",
                    "service_labelpresent_tier",
                    "true",
                    "endpointslice_port",
                    "80",
                    "endpointslice_port_name",
                    "http",
                    "endpointslice_port_protocol",
                    "TCP",
                    "endpointslice_port_app_protocol",
                    "h2c",
                    "endpointslice_endpoint_conditions_ready",
                    "true",
                    "endpointslice_endpoint_conditions_serving",
                    "true",
                    "endpointslice_endpoint_conditions_terminating",
                    "false",
                    "endpointslice_endpoint_node_name",
                    "n1",
                    "endpointslice_endpoint_zone",
                    "z1"),
                "10.0.0.7:80"));
  }

  @Test
  void anIngressIsATargetAtEachPathOfItsHosts() throws InterruptedException {
    list(
        "/apis/networking.k8s.io/v1/ingresses",
        """
        {"metadata": {"name": "i", "namespace": "ns"},
         "spec": {"ingressClassName": "k", "tls": [{"hosts": ["*.example.org"]}],
           "rules": [{"host": "a.example.org", "http": {"paths": [{"path": "/x"}, {}]}}, {"host": "b.org"}]}}
        """);
    look(Role.INGRESS);
    var group = Map.of("namespace", "ns", "ingress_name", "i", "ingress_class_name", "k");
    assertThat(found.next())
        .containsExactly(
            labels(
                with(
                    group,
                    "ingress_scheme",
                    "https",
                    "ingress_host",
                    "a.example.org",
                    "ingress_path",
                    "/x"),
                "a.example.org"),
            labels(
                with(
                    group,
                    "ingress_scheme",
                    "https",
                    "ingress_host",
                    "a.example.org",
                    "ingress_path",
                    "/"),
                "a.example.org"),
            labels(
                with(group, "ingress_scheme", "http", "ingress_host", "b.org", "ingress_path", "/"),
                "b.org"));
  }

  @Test
  void changesAreFollowedFromTheVersionOfTheListOn() throws InterruptedException {
    String path = "/api/v1/namespaces/ns/services";
    String selected = "&labelSelector=app%3Dx";
    web.later(watchUrl(path, "5") + selected);
    web.json(
        API + path + "?limit=500" + selected,
        "{\"metadata\":{\"resourceVersion\":\"4\",\"continue\":\"m\"},\"items\":[%s]}"
            .formatted(SERVICE));
    web.json(
        API + path + "?limit=500&continue=m" + selected,
        "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[%s]}"
            .formatted(SERVICE.replace("\"s\"", "\"t\"")));
    look(
        Role.SERVICE,
        List.of("ns"),
        List.of(new Selector("service", "app=x", ""), new Selector("pod", "no", "")),
        false);
    found.until("s.ns.svc:80", "t.ns.svc:80");
    web.later(watchUrl(path, "9") + selected);
    web.answer(
        watchUrl(path, "5") + selected,
        200,
        Map.of(),
        event("DELETED", SERVICE)
            + event("MODIFIED", SERVICE.replace("\"s\"", "\"t\"").replace("80", "81"))
            + "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"9\"}}}\n");
    found.until("t.ns.svc:81");
    web.answer(watchUrl(path, "9") + selected, 200, Map.of(), event("ADDED", SERVICE));
    found.until("s.ns.svc:80", "t.ns.svc:81");
  }

  private static String event(String type, String object) {
    return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object.replace("\n", " "));
  }
}
