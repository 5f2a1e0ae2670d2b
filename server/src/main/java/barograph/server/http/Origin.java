package barograph.server.http;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where requests go: the other end of a connection, if no proxy stands between.
///
/// @param host without the brackets of a numeric IPv6 address
/// @param socket path of the file that is the socket in place of host and port; empty for none
record Origin(boolean secure, String host, int port, String socket) {
  /// The scheme of a socket that is a file, as `unix:/path/of/socket:/path/of/request`.
  static final String SOCKET_SCHEME = "unix";

  Origin(boolean secure, String host, int port) {
    this(secure, host, port, "");
  }

  /// Host and port as they stand in a URL, without the port that goes without saying.
  String host(int plainPort) {
    return port == plainPort ? bracketed() : authority();
  }

  String authority() {
    return bracketed() + ":" + port;
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /// Of an `http`, `https` or `unix` URL.
  static Origin of(URI uri) throws IOException {
    @Nullable String scheme = uri.getScheme();
    @Nullable String host = uri.getHost();
    if (SOCKET_SCHEME.equals(scheme)) {
      return new Origin(false, "localhost", 80, uri.getPath().substring(0, colon(uri)));
    }
    if (host == null || scheme == null) {
      throw new IOException("\"%s\" is no absolute http or https URL".formatted(uri));
    }
    boolean secure =
        switch (scheme.toLowerCase(Locale.ROOT)) {
          case "http" -> false;
          case "https" -> true;
          default -> throw new IOException("unsupported protocol scheme \"%s\"".formatted(scheme));
        };
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    return new Origin(secure, bare(host), port);
  }

  /// Where, in an address of a socket that is a file, the file's path ends and the request's
  /// begins.
  private static int colon(URI uri) throws IOException {
    @Nullable String path = uri.getPath();
    int colon = path == null ? -1 : path.indexOf(':');
    if (colon < 0) {
      throw new IOException("\"%s\" is no address such as unix:/socket:/path".formatted(uri));
    }
    return colon;
  }

  /// A host without the brackets of a numeric IPv6 address.
  static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
