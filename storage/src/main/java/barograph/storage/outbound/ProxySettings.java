package barograph.storage.outbound;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Whether a request goes by way of a proxy.
public sealed interface ProxySettings {
  /// Straight to where it is to go.
  ProxySettings NONE = new Direct();

  /// Straight to where it is to go.
  record Direct() implements ProxySettings {}

  /// As `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say.
  ///
  /// @param connectHeaders shown to the proxy when it is asked for a tunnel
  record FromEnvironment(SequencedMap<String, List<Secret>> connectHeaders)
      implements ProxySettings {
    public FromEnvironment {
      connectHeaders = copy(connectHeaders);
    }
  }

  /// By this one.
  ///
  /// @param url `http://host:port`, with name and password if it wants them
  /// @param exceptions hosts that are reached directly: names, addresses and networks, separated by
  ///   commas; empty for none
  /// @param connectHeaders shown to the proxy when it is asked for a tunnel
  record By(URI url, String exceptions, SequencedMap<String, List<Secret>> connectHeaders)
      implements ProxySettings {
    public By {
      connectHeaders = copy(connectHeaders);
      if (!"http".equals(url.getScheme()) || url.getHost() == null) {
        throw new IllegalArgumentException(
            "proxy_url has the scheme \"%s\", expected http://host:port"
                .formatted(url.getScheme()));
      }
    }

    /// Without the password that the address may hold.
    @Override
    public String toString() {
      return "proxy %s:%d".formatted(url.getHost(), url.getPort());
    }
  }

  private static SequencedMap<String, List<Secret>> copy(Map<String, List<Secret>> headers) {
    var copy = new LinkedHashMap<String, List<Secret>>();
    headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    return Collections.unmodifiableSequencedMap(copy);
  }
}
