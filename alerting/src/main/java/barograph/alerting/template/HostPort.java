package barograph.alerting.template;

import org.jspecify.annotations.Nullable;

/// `host:port`, `[v6]:port`, or a host alone.
///
/// @param port null without one
record HostPort(String whole, String host, @Nullable String port) {

  static HostPort of(String text) {
    int colon = text.lastIndexOf(':');
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end > 0 && colon == end + 1) {
        return new HostPort(text, text.substring(1, end), text.substring(colon + 1));
      }
      return new HostPort(text, text, null);
    }
    if (colon < 0 || text.indexOf(':') != colon) {
      return new HostPort(text, text, null);
    }
    return new HostPort(text, text.substring(0, colon), text.substring(colon + 1));
  }

  String withoutPort() {
    return host;
  }

  /// Leaves addresses as they are.
  String withoutDomain() {
    if (isAddress()) {
      return whole;
    }
    int dot = host.indexOf('.');
    var first = dot < 0 ? host : host.substring(0, dot);
    return port == null || port.isEmpty() ? first : first + ":" + port;
  }

  private boolean isAddress() {
    return host.indexOf(':') >= 0
        || (host.chars().allMatch(c -> c == '.' || Character.isDigit(c))
            && host.chars().filter(c -> c == '.').count() == 3);
  }
}
