package barograph.server.config;

import barograph.ingest.discovery.DiscoveryConfig;
import barograph.ingest.discovery.DiscoveryConfig.Consul;
import barograph.ingest.discovery.DiscoveryConfig.Dns;
import barograph.ingest.discovery.DiscoveryConfig.Dns.RecordType;
import barograph.ingest.discovery.DiscoveryConfig.Docker;
import barograph.ingest.discovery.DiscoveryConfig.Ec2;
import barograph.ingest.discovery.DiscoveryConfig.Ec2Here;
import barograph.ingest.discovery.DiscoveryConfig.Files;
import barograph.ingest.discovery.DiscoveryConfig.Http;
import barograph.ingest.discovery.DiscoveryConfig.Kubernetes;
import barograph.ingest.discovery.DiscoveryConfig.Kubernetes.Role;
import barograph.ingest.discovery.DiscoveryConfig.Kubernetes.Selector;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.ProxySettings;
import barograph.storage.outbound.Secret;
import barograph.storage.outbound.TlsSettings;
import barograph.storage.outbound.TlsSettings.Versions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads the ways in which a job's targets are found: the keys that end in `_sd_configs`.
final class DiscoveryReader {
  /// What Prometheus can ask besides, all of it within reach of `http_sd_configs`.
  private static final List<String> OTHERS =
      List.of(
          "aws",
          "azure",
          "digitalocean",
          "dockerswarm",
          "ecs",
          "elasticache",
          "eureka",
          "gce",
          "hetzner",
          "ionos",
          "kuma",
          "lightsail",
          "linode",
          "marathon",
          "msk",
          "nerve",
          "nomad",
          "oci",
          "openstack",
          "outscale",
          "ovhcloud",
          "puppetdb",
          "rds",
          "scaleway",
          "serverset",
          "stackit",
          "triton",
          "uyuni",
          "vultr");

  /// What a Kubernetes puts into each pod for it to be known by.
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final Path folder;

  /// @param folder from which the names of files count
  DiscoveryReader(Path folder) {
    this.folder = folder;
  }

  /// Every way that `map` names.
  List<DiscoveryConfig> read(YamlMap map) {
    var unserved = new TreeMap<String, String>();
    OTHERS.forEach(kind ->
        unserved.put(
            kind + "_sd_configs", "list the targets by http_sd_configs or file_sd_configs"));
    map.refuse(unserved);
    var all = new ArrayList<DiscoveryConfig>();
    map.list("file_sd_configs").forEach(node -> all.add(files(node.asMap())));
    map.list("http_sd_configs").forEach(node -> all.add(http(node.asMap())));
    map.list("dns_sd_configs").forEach(node -> all.add(dns(node.asMap())));
    map.list("consul_sd_configs").forEach(node -> all.add(consul(node.asMap())));
    map.list("kubernetes_sd_configs").forEach(node -> all.add(kubernetes(node.asMap())));
    map.list("ec2_sd_configs").forEach(node -> all.add(ec2(node.asMap())));
    map.list("docker_sd_configs").forEach(node -> all.add(docker(node.asMap())));
    return all;
  }

  private DiscoveryConfig kubernetes(YamlMap map) {
    map.refuse(Map.of("kubeconfig_file", "give api_server with tls_config and authorization"));
    String roleName = map.need("role").asString();
    var role = map.checked(() -> role(roleName));
    URI server = url(map, "api_server", "");
    boolean inside = server.toString().isEmpty();
    var names = new ArrayList<String>();
    boolean own = false;
    @Nullable YamlNode namespaces = map.get("namespaces");
    if (namespaces != null) {
      var inner = namespaces.asMap();
      own = inner.bool("own_namespace", false);
      inner.list("names").forEach(name -> names.add(name.asString()));
      inner.end();
    }
    var selectors = map.list("selectors").stream().map(DiscoveryReader::selector).toList();
    boolean nodes = false;
    boolean namespaceLabels = false;
    @Nullable YamlNode attach = map.get("attach_metadata");
    if (attach != null) {
      var inner = attach.asMap();
      nodes = inner.bool("node", false);
      namespaceLabels = inner.bool("namespace", false);
      inner.end();
    }
    var settings = ClientSettingsReader.read(map, folder);
    map.end();
    if (inside && !settings.equals(ClientSettings.PLAIN)) {
      throw map.error(
          "to use custom HTTP client configuration please provide the 'api_server' URL explicitly");
    }
    var client = inside ? withinTheCluster() : settings;
    @Nullable Secret ownNamespace = own ? Secret.in(ACCOUNT.resolve("namespace")) : null;
    boolean attachNodes = nodes;
    boolean attachNamespaces = namespaceLabels;
    return map.checked(() ->
        new Kubernetes(
            role,
            inside ? URI.create("https://kubernetes.default.svc") : server,
            names,
            ownNamespace,
            selectors,
            attachNodes,
            attachNamespaces,
            client));
  }

  /// How a pod reaches the server of its own cluster.
  private static ClientSettings withinTheCluster() {
    return new ClientSettings(
        new Credentials.Token("Bearer", Secret.in(ACCOUNT.resolve("token"))),
        new TlsSettings(
            Secret.in(ACCOUNT.resolve("ca.crt")), null, null, null, false, Versions.DEFAULT),
        ProxySettings.NONE,
        true,
        new LinkedHashMap<>());
  }

  private static Role role(String name) {
    for (Role role : Role.values()) {
      if (role.name().toLowerCase(Locale.ROOT).equals(name)) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "unknown Kubernetes SD role \"%s\", expected node, pod, service, endpoints, endpointslice or ingress"
            .formatted(name));
  }

  private static Selector selector(YamlNode node) {
    var map = node.asMap();
    var selector =
        new Selector(map.need("role").asString(), map.string("label", ""), map.string("field", ""));
    map.end();
    return selector;
  }

  /// The same keys as the file has them, for show.
  static Map<String, Object> shown(YamlMap map) {
    var shown = new TreeMap<String, Object>();
    for (String kind : List.of("consul", "dns", "docker", "ec2", "file", "http", "kubernetes")) {
      @Nullable YamlNode node = map.get(kind + "_sd_configs");
      if (node != null) {
        shown.put(kind + "_sd_configs", HiddenSecrets.of(node, "url"));
      }
    }
    return shown;
  }

  private DiscoveryConfig files(YamlMap map) {
    var patterns =
        map.list("files").stream().map(name -> folder.resolve(name.asString()).toString()).toList();
    var refresh = map.duration("refresh_interval", Files.DEFAULT_REFRESH);
    map.end();
    return map.checked(() -> new Files(patterns, refresh));
  }

  private DiscoveryConfig http(YamlMap map) {
    URI url = url(map, "url", "");
    var client = ClientSettingsReader.read(map, folder);
    var refresh = map.duration("refresh_interval", Http.DEFAULT_REFRESH);
    map.end();
    return map.checked(() -> new Http(url, client, refresh));
  }

  private static DiscoveryConfig dns(YamlMap map) {
    var names = map.list("names").stream().map(YamlNode::asString).toList();
    String type = map.string("type", "SRV");
    int port = map.count("port", 0);
    var refresh = map.duration("refresh_interval", Dns.DEFAULT_REFRESH);
    map.end();
    for (RecordType known : RecordType.values()) {
      if (known.name().equalsIgnoreCase(type)) {
        return map.checked(() -> new Dns(names, known, port, refresh));
      }
    }
    throw map.error("invalid DNS-SD records type %s".formatted(type));
  }

  private DiscoveryConfig consul(YamlMap map) {
    map.refuse(Map.of("health_filter", "use filter or relabel_configs"));
    String scheme = map.string("scheme", "http");
    String server = map.string("server", "localhost:8500");
    String prefix = map.string("path_prefix", "");
    var parameters = new LinkedHashMap<String, String>();
    String dataCentre = map.string("datacenter", "");
    parameter(parameters, "dc", dataCentre);
    parameter(parameters, "ns", map.string("namespace", ""));
    parameter(parameters, "partition", map.string("partition", ""));
    if (map.bool("allow_stale", true)) {
      parameters.put("stale", "");
    }
    String separator = map.string("tag_separator", ",");
    var services = map.list("services").stream().map(YamlNode::asString).toList();
    var tags = map.list("tags").stream().map(YamlNode::asString).toList();
    var nodeMeta = map.stringMap("node_meta");
    String filter = map.string("filter", "");
    var refresh = map.duration("refresh_interval", Consul.DEFAULT_REFRESH);
    String user = map.string("username", "");
    String password = map.string("password", "");
    String token = map.string("token", "");
    var client = ClientSettingsReader.read(map, folder);
    map.end();
    boolean named = !(client.credentials() instanceof Credentials.None);
    if (named && (!user.isEmpty() || !token.isEmpty())) {
      throw map.error(
          "at most one of consul SD username and password, token, and the HTTP client's"
              + " authorization may be configured");
    }
    return map.checked(() ->
        new Consul(
            URI.create(scheme + "://" + server + prefix),
            dataCentre.isEmpty() ? null : dataCentre,
            services,
            tags,
            nodeMeta,
            parameters,
            filter,
            separator,
            identified(client, user, password, token),
            refresh));
  }

  /// The token of Consul goes as a bearer's, which it takes as well as its own header.
  private static ClientSettings identified(
      ClientSettings client, String user, String password, String token) {
    if (!token.isEmpty()) {
      return client.with(new Credentials.Token("Bearer", Secret.of(token)));
    }
    return user.isEmpty()
        ? client
        : client.with(new Credentials.Basic(Secret.of(user), Secret.of(password)));
  }

  private static void parameter(SequencedMap<String, String> all, String name, String value) {
    if (!value.isEmpty()) {
      all.put(name, value);
    }
  }

  private DiscoveryConfig ec2(YamlMap map) {
    var signers = new SigV4Reader(System::getenv);
    String region = signers.region(map);
    var keys = signers.keys(map, region);
    String own = map.string("endpoint", "");
    @Nullable URI endpoint =
        own.isEmpty() ? null : URI.create(own.contains("://") ? own : "https://" + own);
    int port = map.count("port", 80);
    var filters = filters(map);
    var refresh = map.duration("refresh_interval", Ec2.DEFAULT_REFRESH);
    var client = ClientSettingsReader.read(map, folder);
    map.end();
    if (!(client.credentials() instanceof Credentials.None)) {
      throw map.error("ec2_sd_configs sign with keys, expected no other authorization");
    }
    if (region.isEmpty() && !signers.mayAskMachine()) {
      throw map.error("EC2 SD configuration requires a region");
    }
    return map.checked(() -> {
      var here = new Ec2Here(signers.machine(), endpoint, keys, port, filters, client, refresh);
      return region.isEmpty() ? here : here.in(region);
    });
  }

  private static Map<String, List<String>> filters(YamlMap map) {
    var filters = new LinkedHashMap<String, List<String>>();
    for (YamlNode node : map.list("filters")) {
      var filter = node.asMap();
      filters.put(filter.need("name").asString(), filter.need("values").asStrings());
      filter.end();
    }
    return filters;
  }

  private DiscoveryConfig docker(YamlMap map) {
    URI host = url(map, "host", "");
    if (host.getScheme() == null) {
      throw map.error(
          "host is \"%s\", expected one such as unix:///var/run/docker.sock".formatted(host));
    }
    int port = map.count("port", 80);
    String networkHost = map.string("host_networking_host", "localhost");
    boolean firstNetwork = map.bool("match_first_network", true);
    var filters = filters(map);
    Duration refresh = map.duration("refresh_interval", Docker.DEFAULT_REFRESH);
    var client = ClientSettingsReader.read(map, folder);
    map.end();
    return map.checked(
        () -> new Docker(host, port, networkHost, firstNetwork, filters, client, refresh));
  }

  private static URI url(YamlMap map, String key, String otherwise) {
    return map.checked(() -> URI.create(map.string(key, otherwise)));
  }
}
