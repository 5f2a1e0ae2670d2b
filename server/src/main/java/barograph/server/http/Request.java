package barograph.server.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One HTTP request, wholly received: what a handler gets to see.
///
/// @param method in capitals
/// @param path decoded, without the route prefix
/// @param rawPath the same as it stood on the wire
/// @param query the URL's parameters
/// @param headers by name in lower case, with every value in order
/// @param body the bytes as sent; the handler may keep them
/// @param peer the client's address
/// @param client tells when the client has gone
/// @param waited how long it has been here, wholly received, before it could be run
public record Request(
    String method,
    String path,
    String rawPath,
    Parameters query,
    Map<String, List<String>> headers,
    byte[] body,
    String peer,
    ClientPresence client,
    Duration waited) {
  /// A request of a client that stays, run as it has come.
  public Request(
      String method,
      String path,
      String rawPath,
      Parameters query,
      Map<String, List<String>> headers,
      byte[] body,
      String peer) {
    this(method, path, rawPath, query, headers, body, peer, new ClientPresence(), Duration.ZERO);
  }

  /// The first value of header `name`, or the empty string.
  public String header(String name) {
    var all = headers.get(name.toLowerCase(Locale.ROOT));
    return all == null || all.isEmpty() ? "" : all.getFirst();
  }

  /// The parameters of a form body, if that is what the body is, before those of the URL.
  public Parameters form() {
    String type = header("content-type");
    int end = type.indexOf(';');
    String media = (end < 0 ? type : type.substring(0, end)).strip();
    if (body.length == 0 || !media.equalsIgnoreCase("application/x-www-form-urlencoded")) {
      return query;
    }
    return Parameters.parse(new String(body, StandardCharsets.UTF_8)).followedBy(query);
  }

  Request at(String path, String rawPath) {
    return new Request(method, path, rawPath, query, headers, body, peer, client, waited);
  }
}
