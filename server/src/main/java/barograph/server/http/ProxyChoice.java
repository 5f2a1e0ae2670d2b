package barograph.server.http;

import barograph.storage.outbound.ProxySettings;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which proxy a request goes by, if any; exceptions are read as Go's `httpproxy` reads `NO_PROXY`,
/// which Prometheus stands on.
final class ProxyChoice {
  private final Map<String, String> environment;

  ProxyChoice(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// The proxy for `to`, or null if it is reached directly.
  @Nullable URI proxyFor(ProxySettings settings, URI to) {
    return switch (settings) {
      case ProxySettings.Direct _ -> null;
      case ProxySettings.By(var url, var exceptions, _) ->
          // Without exceptions everything goes by the proxy, this machine too.
          exceptions.isEmpty() || !excepted(exceptions, to) ? url : null;
      case ProxySettings.FromEnvironment _ -> {
        String named = variable("https".equals(to.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY");
        if (named.isEmpty() || excepted(variable("NO_PROXY"), to)) {
          yield null;
        }
        yield URI.create(named.contains("://") ? named : "http://" + named);
      }
    };
  }

  private String variable(String name) {
    @Nullable String upper = environment.get(name);
    return upper != null ? upper : environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  static boolean excepted(String exceptions, URI to) {
    String host = bare(to.getHost()).toLowerCase(Locale.ROOT);
    int port = to.getPort() >= 0 ? to.getPort() : "https".equals(to.getScheme()) ? 443 : 80;
    @Nullable InetAddress address = literal(host);
    if (host.equals("localhost") || (address != null && address.isLoopbackAddress())) {
      return true;
    }
    for (String entry : exceptions.split(",", -1)) {
      if (covers(entry.strip().toLowerCase(Locale.ROOT), host, address, port)) {
        return true;
      }
    }
    return false;
  }

  private static boolean covers(
      String entry, String host, @Nullable InetAddress address, int port) {
    if (entry.isEmpty()) {
      return false;
    }
    if (entry.equals("*")) {
      return true;
    }
    int slash = entry.indexOf('/');
    if (slash >= 0) {
      return address != null && inNetwork(entry.substring(0, slash), entry, slash, address);
    }
    String name = entry;
    int colon = entry.lastIndexOf(':');
    boolean bareIpv6 = entry.indexOf(':') != colon && !entry.startsWith("[");
    if (colon > 0 && !bareIpv6 && entry.substring(colon + 1).matches("\\d{1,5}")) {
      if (Integer.parseInt(entry.substring(colon + 1)) != port) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    @Nullable InetAddress exact = literal(bare(name));
    if (exact != null) {
      return exact.equals(address);
    }
    if (name.startsWith("*.")) {
      name = name.substring(1);
    }
    return name.startsWith(".")
        ? host.endsWith(name)
        : host.equals(name) || host.endsWith("." + name);
  }

  private static boolean inNetwork(String base, String entry, int slash, InetAddress address) {
    @Nullable InetAddress network = literal(base);
    String length = entry.substring(slash + 1);
    if (network == null || !length.matches("\\d{1,3}")) {
      return false;
    }
    byte[] a = network.getAddress();
    byte[] b = address.getAddress();
    int rest = a.length * 8 - Integer.parseInt(length);
    return a.length == b.length
        && rest >= 0
        && new BigInteger(1, a).shiftRight(rest).equals(new BigInteger(1, b).shiftRight(rest));
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /// The address that is written as numbers, or null for a name, which is not looked up.
  private static @Nullable InetAddress literal(String host) {
    boolean numbers = host.matches("[0-9.]+") || host.indexOf(':') >= 0;
    try {
      return numbers ? InetAddress.ofLiteral(host) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
