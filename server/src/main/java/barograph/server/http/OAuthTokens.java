package barograph.server.http;

import barograph.storage.outbound.Credentials.OAuth2;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tokens that servers of OAuth 2.0 have given, kept until shortly before they end.
///
/// Whoever needs a token while it is being fetched waits for it, so that a job with many targets
/// asks once. The client's name and secret go as basic authentication (RFC 6749, 2.3.1) and, where
/// a server does not take that, in the form.
final class OAuthTokens {
  private static final int MOST_KEPT = 256;
  private static final long MARGIN_NANOS = Duration.ofSeconds(10).toNanos();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Exchange exchange;
  private final LongSupplier nanoClock;
  private final Map<OAuth2, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

  /// Posts a form to the token's server.
  @FunctionalInterface
  interface Exchange {
    HttpClient.Reply post(OAuth2 client, Map<String, String> headers, String form)
        throws IOException;
  }

  private static final class Slot {
    final ReentrantLock lock = new ReentrantLock();
    @Nullable Token token;
  }

  /// @param secret with which it was asked for: another one is asked for another token
  private record Token(String header, String secret, long untilNanos) {}

  OAuthTokens(Exchange exchange, LongSupplier nanoClock) {
    this.exchange = exchange;
    this.nanoClock = nanoClock;
  }

  /// The value of an `Authorization` header with a token that is still good.
  ///
  /// @throws IOException if none can be had
  String header(OAuth2 client) throws IOException {
    String secret = client.clientSecret().reveal();
    Slot slot = slot(client);
    slot.lock.lock();
    try {
      @Nullable Token token = slot.token;
      if (token == null
          || !token.secret().equals(secret)
          || nanoClock.getAsLong() - token.untilNanos() >= 0) {
        token = fetch(client, secret);
        slot.token = token;
      }
      return token.header();
    } finally {
      slot.lock.unlock();
    }
  }

  private Slot slot(OAuth2 client) {
    synchronized (slots) {
      var slot = slots.computeIfAbsent(client, absent -> new Slot());
      if (slots.size() > MOST_KEPT) {
        slots.remove(slots.keySet().iterator().next());
      }
      return slot;
    }
  }

  private Token fetch(OAuth2 client, String secret) throws IOException {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "client_credentials");
    if (!client.scopes().isEmpty()) {
      form.put("scope", String.join(" ", client.scopes()));
    }
    form.putAll(client.parameters());
    String pair = encoded(client.clientId()) + ":" + encoded(secret);
    String basic =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    long askedAt = nanoClock.getAsLong();
    var reply = exchange.post(client, Map.of("Authorization", basic), encoded(form));
    if (reply.status() == 400 || reply.status() == 401) {
      form.put("client_id", client.clientId());
      form.put("client_secret", secret);
      reply = exchange.post(client, Map.of(), encoded(form));
    }
    return token(reply, secret, askedAt);
  }

  private static Token token(HttpClient.Reply reply, String secret, long askedAt)
      throws IOException {
    if (reply.status() / 100 != 2) {
      throw new IOException(
          "oauth2: cannot fetch token: %d %s".formatted(reply.status(), reply.reason()));
    }
    JsonNode answer;
    try {
      answer = JSON.readTree(reply.body());
    } catch (JacksonException e) {
      throw new IOException("oauth2: the answer of the token's server is no JSON", e);
    }
    String token = answer.path("access_token").asString("");
    if (token.isEmpty()) {
      throw new IOException("oauth2: server response missing access_token");
    }
    String type = answer.path("token_type").asString("Bearer");
    long seconds = answer.path("expires_in").asLong(0);
    long life =
        seconds > 0
            ? Math.max(0, Duration.ofSeconds(seconds).toNanos() - MARGIN_NANOS)
            : Long.MAX_VALUE / 2;
    String scheme = type.equalsIgnoreCase("bearer") ? "Bearer" : type;
    return new Token(scheme + " " + token, secret, askedAt + life);
  }

  private static String encoded(Map<String, String> form) {
    var text = new StringBuilder();
    form.forEach((name, value) -> {
      text.append(text.isEmpty() ? "" : "&");
      text.append(encoded(name)).append('=').append(encoded(value));
    });
    return text.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
