package barograph.ingest.discovery;

import barograph.ingest.discovery.DiscoveryConfig.Dns.RecordType;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Looks up names, each of whose records is a target.
final class DnsDiscoverer implements Discoverer {
  private static final String META = "__meta_dns_";

  private final DiscoveryConfig.Dns config;
  private final DnsRecords dns;

  DnsDiscoverer(DiscoveryConfig.Dns config, DnsRecords dns) {
    this.config = config;
    this.dns = dns;
  }

  @Override
  public Duration pause() {
    return config.refresh();
  }

  @Override
  public void look(Consumer<List<TargetGroup>> found) throws IOException {
    var groups = new ArrayList<TargetGroup>();
    for (String name : config.names()) {
      var targets = new ArrayList<Labels>();
      for (String record : dns.of(name, config.type())) {
        targets.add(target(name, record));
      }
      groups.add(new TargetGroup(targets, Labels.EMPTY));
    }
    found.accept(groups);
  }

  private Labels target(String name, String record) throws IOException {
    var labels = new Labels.Builder().set(META + "name", name);
    String[] parts = record.strip().split("\\s+", -1);
    String last = parts[parts.length - 1];
    String host = last.endsWith(".") ? last.substring(0, last.length() - 1) : last;
    String port = Integer.toString(config.port());
    switch (config.type()) {
      case SRV -> {
        if (parts.length != 4) {
          throw new IOException("SRV record of %s is \"%s\"".formatted(name, record));
        }
        port = parts[2];
        labels.set(META + "srv_record_target", last).set(META + "srv_record_port", port);
      }
      case MX -> labels.set(META + "mx_record_target", last);
      case NS -> labels.set(META + "ns_record_target", last);
      case A, AAAA -> {}
    }
    String shown = config.type() == RecordType.AAAA ? "[" + host + "]" : host;
    return labels.set(TargetGroup.ADDRESS, shown + ":" + port).build();
  }
}
