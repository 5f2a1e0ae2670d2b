package barograph.alerting.receiver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// How requests are sent: the configuration's `http_config`.
///
/// @param headers values by name, put on every request
public record HttpSettings(
    Authorization authorization, boolean followRedirects, Map<String, List<Secret>> headers) {
  /// Anonymous, with redirects followed.
  public static final HttpSettings PLAIN =
      new HttpSettings(new Authorization.None(), true, Map.of());

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
          "x-prometheus-scrape-timeout-seconds");

  public HttpSettings {
    headers = Map.copyOf(headers);
    for (var name : headers.keySet()) {
      if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("setting header \"%s\" is not allowed".formatted(name));
      }
    }
  }

  /// How a request says who asks.
  public sealed interface Authorization {
    /// Not at all.
    record None() implements Authorization {}

    /// By name and password.
    record Basic(Secret username, Secret password) implements Authorization {}

    /// By a scheme, usually `Bearer`, and a token.
    record Token(String type, Secret credentials) implements Authorization {
      public Token {
        if (type.strip().equalsIgnoreCase("basic")) {
          throw new IllegalArgumentException(
              "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
        }
      }
    }
  }

  /// The same with another way to say who asks.
  public HttpSettings with(Authorization other) {
    return new HttpSettings(other, followRedirects, headers);
  }

  /// The headers of a request, with those of `own`, which win.
  Map<String, String> headers(Map<String, String> own) throws IOException {
    var all = new LinkedHashMap<String, String>();
    for (var entry : headers.entrySet()) {
      var values = new ArrayList<String>();
      for (var value : entry.getValue()) {
        values.add(value.reveal());
      }
      all.put(entry.getKey(), String.join(", ", values));
    }
    switch (authorization) {
      case Authorization.None _ -> {}
      case Authorization.Basic(var username, var password) -> {
        var pair = username.reveal() + ":" + password.reveal();
        all.put(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
      }
      case Authorization.Token(var type, var credentials) ->
          all.put("Authorization", type.strip() + " " + credentials.reveal());
    }
    all.putAll(own);
    return all;
  }
}
