package barograph.server.http;

import barograph.server.http.HttpClient.Outgoing;
import barograph.server.http.HttpClient.Reply;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Says who asks: the headers that a request's settings add to its own, tokens among them that are
/// fetched first.
final class Identification {
  private static final Duration TOKEN_TIMEOUT = Duration.ofSeconds(30);
  private static final long MOST_TOKEN_BYTES = 1 << 20;

  private final Way way;
  private final InstantSource clock;
  private final AwsKeyRing awsKeys;
  private final OAuthTokens tokens = new OAuthTokens(this::tokenFrom, System::nanoTime);

  /// How tokens are asked for.
  @FunctionalInterface
  interface Way {
    Reply send(Outgoing request) throws IOException;
  }

  Identification(Way way) {
    this(way, InstantSource.system());
  }

  Identification(Way way, InstantSource clock) {
    this.way = way;
    this.clock = clock;
    this.awsKeys = new AwsKeyRing(way, clock);
  }

  /// The headers of a request with those by which its settings say who asks.
  Map<String, String> headers(Outgoing request) throws IOException {
    var settings = request.settings();
    var all = revealed(settings.headers());
    @Nullable String authorization =
        switch (settings.credentials()) {
          case Credentials.None _ -> null;
          case Credentials.Basic(var username, var password) ->
              basic(username.reveal() + ":" + password.reveal());
          case Credentials.Token(var type, var token) -> type + " " + token.reveal();
          case Credentials.OAuth2 client -> tokens.header(client);
          case Credentials.SigV4 signing -> {
            all.putAll(signature(signing, request));
            yield null;
          }
        };
    if (authorization != null) {
      all.put("Authorization", authorization);
    }
    all.putAll(request.headers());
    return all;
  }

  /// The region in which a machine of Amazon's stands, asked of the machine.
  String awsRegion(URI machine) throws IOException {
    return awsKeys.regionOf(machine);
  }

  private Map<String, String> signature(Credentials.SigV4 signing, Outgoing request)
      throws IOException {
    @Nullable String contentType = null;
    for (var header : request.headers().entrySet()) {
      if (header.getKey().equalsIgnoreCase("content-type")) {
        contentType = header.getValue();
      }
    }
    return new AwsSignature(signing.region(), signing.service(), awsKeys.reveal(signing.keys()))
        .headers(request.method(), request.uri(), contentType, request.body(), clock.instant());
  }

  /// A user name and password, with a colon between, as a header.
  static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /// Headers with their values as they are sent.
  static Map<String, String> revealed(Map<String, List<Secret>> headers) throws IOException {
    var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (var header : headers.entrySet()) {
      var values = new ArrayList<String>();
      for (var value : header.getValue()) {
        values.add(value.reveal());
      }
      all.put(header.getKey(), String.join(", ", values));
    }
    return all;
  }

  private Reply tokenFrom(Credentials.OAuth2 client, Map<String, String> headers, String form)
      throws IOException {
    var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(headers);
    all.put("Content-Type", "application/x-www-form-urlencoded");
    return way.send(
        new Outgoing(
            "POST",
            client.tokenUrl(),
            all,
            form.getBytes(StandardCharsets.UTF_8),
            TOKEN_TIMEOUT,
            MOST_TOKEN_BYTES,
            true,
            client.way().with(Credentials.NONE)));
  }
}
