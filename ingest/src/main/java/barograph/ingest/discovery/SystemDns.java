package barograph.ingest.discovery;

import barograph.ingest.discovery.DiscoveryConfig.Dns.RecordType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/// The domain name system by way of the JDK's own client; relative names are tried with the search
/// list of `resolv.conf(5)`, as the system itself does.
public final class SystemDns implements DnsRecords {
  private final String servers;
  private final List<String> searched;

  /// @param servers as `dns:` for the system's, or `dns://host:port`
  /// @param searched domains that relative names may belong to
  SystemDns(String servers, List<String> searched) {
    this.servers = servers;
    this.searched = List.copyOf(searched);
  }

  /// By the system's servers.
  public static SystemDns ofThisMachine() {
    return new SystemDns("dns:", searchList(Path.of("/etc/resolv.conf")));
  }

  static List<String> searchList(Path file) {
    var domains = new ArrayList<String>();
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.strip().split("\\s+", -1);
        if (words[0].equals("search") || words[0].equals("domain")) {
          domains.clear();
          domains.addAll(List.of(words).subList(1, words.length));
        }
      }
    } catch (IOException e) {
      // A system without the file has no search list.
    }
    return domains;
  }

  @Override
  public List<String> of(String name, RecordType type) throws IOException {
    for (String candidate : candidates(name)) {
      @Nullable List<String> records = lookUp(candidate, type);
      if (records != null) {
        return records;
      }
    }
    return List.of();
  }

  /// A name without dots is first looked for in the domains, another one as it is.
  private List<String> candidates(String name) {
    if (name.endsWith(".")) {
      return List.of(name);
    }
    var names = new ArrayList<String>();
    searched.forEach(domain -> names.add(name + "." + domain));
    names.add(name.indexOf('.') < 0 ? names.size() : 0, name);
    return names;
  }

  /// Asks the provider for DNS and no other, whose answers are text: nothing is deserialized.
  @SuppressWarnings("BanJNDI")
  private @Nullable List<String> lookUp(String name, RecordType type) throws IOException {
    var environment = new Properties();
    environment.setProperty(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.setProperty(Context.PROVIDER_URL, servers);
    try {
      var context = new InitialDirContext(environment);
      try {
        @Nullable Attribute found =
            context.getAttributes(name, new String[] {type.name()}).get(type.name());
        var records = new ArrayList<String>();
        for (int i = 0; found != null && i < found.size(); i++) {
          records.add(String.valueOf(found.get(i)));
        }
        return records;
      } finally {
        context.close();
      }
    } catch (NameNotFoundException e) {
      return null;
    } catch (NamingException e) {
      throw new IOException("lookup %s %s: %s".formatted(type, name, e), e);
    }
  }
}
