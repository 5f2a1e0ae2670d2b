package barograph.ingest.discovery;

import java.io.IOException;
import java.util.List;

/// Looks up records of the domain name system.
public interface DnsRecords {

  /// The records of `name` as text, such as `10 5 9100 host.example.org.` of an SRV; none if there
  /// is no such name.
  ///
  /// @throws IOException if nobody could tell
  List<String> of(String name, DiscoveryConfig.Dns.RecordType type) throws IOException;
}
