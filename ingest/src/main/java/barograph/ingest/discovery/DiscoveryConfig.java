package barograph.ingest.discovery;

import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How targets are found, as configured. Two that are equal find the same, and are run once.
public sealed interface DiscoveryConfig {
  /// `http`, `dns` and so on, as figures name it.
  default String mechanism() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /// Files that list groups of targets.
  ///
  /// @param patterns of their names; in the last part of each `*` stands for anything
  record Files(List<String> patterns, Duration refresh) implements DiscoveryConfig {
    /// How often files are read that did not seem to change.
    public static final Duration DEFAULT_REFRESH = Duration.ofMinutes(5);

    public Files {
      patterns = List.copyOf(patterns);
      if (patterns.isEmpty()) {
        throw new IllegalArgumentException(
            "file service discovery config must contain at least one path name");
      }
      for (String pattern : patterns) {
        if (!pattern.matches("[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)")) {
          throw new IllegalArgumentException(
              "path name \"%s\" is not valid for file discovery".formatted(pattern));
        }
      }
    }
  }

  /// An address that answers with groups of targets.
  record Http(URI url, ClientSettings client, Duration refresh) implements DiscoveryConfig {
    public static final Duration DEFAULT_REFRESH = Duration.ofMinutes(1);

    public Http {
      if (url.getHost() == null || url.getScheme() == null || !url.getScheme().startsWith("http")) {
        throw new IllegalArgumentException(
            "url is \"%s\", expected an http or https URL".formatted(url));
      }
    }
  }

  /// Names whose records are targets.
  ///
  /// @param port of the targets where the records do not tell it
  record Dns(List<String> names, RecordType type, int port, Duration refresh)
      implements DiscoveryConfig {
    public static final Duration DEFAULT_REFRESH = Duration.ofSeconds(30);

    /// Kinds of records.
    public enum RecordType {
      SRV,
      A,
      AAAA,
      MX,
      NS
    }

    public Dns {
      names = List.copyOf(names);
      if (names.isEmpty()) {
        throw new IllegalArgumentException(
            "DNS-SD config must contain at least one SRV record name");
      }
      if (type != RecordType.SRV && port == 0) {
        throw new IllegalArgumentException(
            "a port is required in DNS-SD configs for all record types except SRV");
      }
    }
  }

  /// Services that a Consul knows.
  ///
  /// @param services to look at; empty for all
  /// @param tags that a service must have, all of them
  /// @param nodeMeta that a node must have
  /// @param parameters of every request, as `dc` or `ns`
  record Consul(
      URI server,
      @Nullable String dataCentre,
      List<String> services,
      List<String> tags,
      Map<String, String> nodeMeta,
      Map<String, String> parameters,
      String filter,
      String tagSeparator,
      ClientSettings client,
      Duration refresh)
      implements DiscoveryConfig {
    public static final Duration DEFAULT_REFRESH = Duration.ofSeconds(30);

    public Consul {
      services = List.copyOf(services);
      tags = List.copyOf(tags);
      nodeMeta = Map.copyOf(nodeMeta);
      parameters = Map.copyOf(parameters);
    }
  }

  /// Containers of a Docker daemon.
  ///
  /// @param host `unix:///path/to.sock`, `tcp://host:port`, or an http or https URL
  /// @param port of containers that publish and expose none
  /// @param networkHost where containers are reached that have the host's network
  /// @param firstNetworkOnly whether one address of a container is enough
  /// @param filters that containers must pass, by name
  record Docker(
      URI host,
      int port,
      String networkHost,
      boolean firstNetworkOnly,
      Map<String, List<String>> filters,
      ClientSettings client,
      Duration refresh)
      implements DiscoveryConfig {
    public static final Duration DEFAULT_REFRESH = Duration.ofMinutes(1);

    public Docker {
      filters = Map.copyOf(filters);
    }
  }

  /// Instances of Amazon's EC2.
  ///
  /// @param filters that instances must pass, by name
  /// @param client signs what is asked
  record Ec2(
      URI endpoint,
      String region,
      int port,
      Map<String, List<String>> filters,
      ClientSettings client,
      Duration refresh)
      implements DiscoveryConfig {
    public static final Duration DEFAULT_REFRESH = Duration.ofMinutes(1);

    public Ec2 {
      if (endpoint.getHost() == null) {
        throw new IllegalArgumentException(
            "endpoint is \"%s\", expected an http or https URL".formatted(endpoint));
      }
      filters = Map.copyOf(filters);
      filters.forEach((name, values) -> {
        if (values.isEmpty()) {
          throw new IllegalArgumentException("EC2 SD configuration filter values cannot be empty");
        }
      });
    }

    /// Where EC2 of a region answers.
    public static URI endpointOf(String region) {
      return URI.create(
          "https://ec2.%s.amazonaws.com%s"
              .formatted(region, region.startsWith("cn-") ? ".cn" : ""));
    }
  }

  /// Instances of Amazon's EC2 in the region of the machine that looks for them, which the machine
  /// is asked for.
  ///
  /// @param about where the machine's service about itself is
  /// @param endpoint of EC2, or null for the region's own
  /// @param keys to sign with
  /// @param client how to ask, signing apart
  record Ec2Here(
      URI about,
      @Nullable URI endpoint,
      AwsKeys keys,
      int port,
      Map<String, List<String>> filters,
      ClientSettings client,
      Duration refresh)
      implements DiscoveryConfig {
    public Ec2Here {
      filters = Map.copyOf(filters);
    }

    @Override
    public String mechanism() {
      return "ec2";
    }

    /// The same where the region is known.
    public Ec2 in(String region) {
      return new Ec2(
          endpoint == null ? Ec2.endpointOf(region) : endpoint,
          region,
          port,
          filters,
          client.with(new Credentials.SigV4(region, "ec2", keys)),
          refresh);
    }
  }

  /// Objects of a Kubernetes.
  ///
  /// @param namespaces to look at; empty for all
  /// @param ownNamespace one more, told by a file; null for none
  /// @param attachNodes whether targets get the labels of their nodes
  /// @param attachNamespaces whether they get those of their namespaces
  record Kubernetes(
      Role role,
      URI apiServer,
      List<String> namespaces,
      @Nullable Secret ownNamespace,
      List<Selector> selectors,
      boolean attachNodes,
      boolean attachNamespaces,
      ClientSettings client)
      implements DiscoveryConfig {
    /// What targets are made of.
    public enum Role {
      NODE,
      POD,
      SERVICE,
      ENDPOINTS,
      ENDPOINTSLICE,
      INGRESS
    }

    /// Which objects of a kind are looked at, in the server's own words.
    ///
    /// @param resource the kind as roles are called
    public record Selector(String resource, String label, String field) {}

    public Kubernetes {
      namespaces = List.copyOf(namespaces);
      selectors = List.copyOf(selectors);
      if (apiServer.getHost() == null) {
        throw new IllegalArgumentException(
            "api_server is \"%s\", expected a URL".formatted(apiServer));
      }
    }
  }
}
