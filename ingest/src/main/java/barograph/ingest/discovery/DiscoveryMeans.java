package barograph.ingest.discovery;

/// What discoveries need of the world.
///
/// @param web answers requests
/// @param dns looks up records
/// @param files reads groups of targets from files
public record DiscoveryMeans(DiscoveryWeb web, DnsRecords dns, TargetFiles files) {

  Discoverer discoverer(DiscoveryConfig config) {
    return switch (config) {
      case DiscoveryConfig.Files listed -> new FileDiscoverer(listed, files);
      case DiscoveryConfig.Http http -> new HttpDiscoverer(http, web);
      case DiscoveryConfig.Dns names -> new DnsDiscoverer(names, dns);
      case DiscoveryConfig.Consul consul -> new ConsulDiscoverer(consul, web);
      case DiscoveryConfig.Kubernetes kubernetes -> new KubernetesDiscoverer(kubernetes, web);
      case DiscoveryConfig.Ec2 ec2 -> new Ec2Discoverer(ec2, web);
      case DiscoveryConfig.Ec2Here ec2 -> new Ec2HereDiscoverer(ec2, web);
      case DiscoveryConfig.Docker docker -> new DockerDiscoverer(docker, web);
    };
  }
}
