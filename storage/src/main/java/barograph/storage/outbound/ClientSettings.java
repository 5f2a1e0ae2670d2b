package barograph.storage.outbound;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;

/// How requests are made: what a configuration says with `basic_auth`, `tls_config`, `proxy_url`
/// and their like. Two that are equal behave the same.
///
/// @param followRedirects whether a redirect is followed; credentials and headers stay behind where
///   it leads to another host
/// @param headers put on every request, by name
public record ClientSettings(
    Credentials credentials,
    TlsSettings tls,
    ProxySettings proxy,
    boolean followRedirects,
    SequencedMap<String, List<Secret>> headers) {
  private static final Set<String> RESERVED =
      Set.of(
          "authorization",
          "host",
          "content-encoding",
          "content-length",
          "content-type",
          "user-agent",
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "www-authenticate",
          "accept-encoding",
          "x-prometheus-remote-write-version",
          "x-prometheus-remote-read-version",
          "x-prometheus-scrape-timeout-seconds",
          "x-amz-date",
          "x-amz-security-token",
          "x-amz-content-sha256");

  /// Anonymous, direct, by the system's trust, with redirects followed.
  public static final ClientSettings PLAIN =
      new ClientSettings(
          Credentials.NONE, TlsSettings.DEFAULT, ProxySettings.NONE, true, new LinkedHashMap<>());

  public ClientSettings {
    var copy = new LinkedHashMap<String, List<Secret>>();
    headers.forEach((name, values) -> {
      if (isReserved(name)) {
        throw new IllegalArgumentException("setting header \"%s\" is not allowed".formatted(name));
      }
      copy.put(name, List.copyOf(values));
    });
    headers = Collections.unmodifiableSequencedMap(copy);
  }

  /// Requires that none of these headers is one that requests have of their own.
  ///
  /// @throws IllegalArgumentException if one is
  public static void requireUnreserved(Set<String> headers) {
    for (String name : headers) {
      if (isReserved(name)) {
        throw new IllegalArgumentException(
            "%s is a reserved header. It must not be changed".formatted(name));
      }
    }
  }

  private static boolean isReserved(String header) {
    return RESERVED.contains(header.toLowerCase(Locale.ROOT));
  }

  /// The same with another way to say who asks.
  public ClientSettings with(Credentials other) {
    return new ClientSettings(other, tls, proxy, followRedirects, headers);
  }

  /// The same, redirects followed or not.
  public ClientSettings following(boolean redirects) {
    return new ClientSettings(credentials, tls, proxy, redirects, headers);
  }
}
