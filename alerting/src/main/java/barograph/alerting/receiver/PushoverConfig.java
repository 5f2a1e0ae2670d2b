package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A Pushover user or group.
///
/// @param markup how the message is shown
/// @param retry time between two alarms of an emergency
/// @param expire after which an emergency is quiet
/// @param lifetime after which the message is deleted; 0 for never
public record PushoverConfig(
    boolean sendResolved,
    ClientSettings http,
    Secret userKey,
    Secret token,
    Texts texts,
    Markup markup,
    Duration retry,
    Duration expire,
    Duration lifetime)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.templates("pushover.default", "title", "message", "url")
          .and(
              Texts.of(
                  "url_title", "",
                  "device", "",
                  "sound", "",
                  "priority", "{{ if eq .Status \"firing\" }}2{{ else }}0{{ end }}"));

  public static final Duration DEFAULT_RETRY = Duration.ofMinutes(1);
  public static final Duration DEFAULT_EXPIRE = Duration.ofHours(1);

  private static final String API = "https://api.pushover.net/1/messages.json";
  private static final int TITLE_CHARACTERS = 250;
  private static final int MESSAGE_CHARACTERS = 1024;
  private static final int URL_CHARACTERS = 512;

  /// How a message is shown.
  public enum Markup {
    NONE,
    HTML,
    MONOSPACE
  }

  @Override
  public String kind() {
    return "pushover";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var parameters = new TreeMap<String, String>();
    parameters.put("token", telling.text(token.reveal()));
    parameters.put("user", telling.text(userKey.reveal()));
    parameters.put("title", shortened(telling, "title", TITLE_CHARACTERS));
    switch (markup) {
      case NONE -> {}
      case HTML -> parameters.put("html", "1");
      case MONOSPACE -> parameters.put("monospace", "1");
    }
    parameters.put("message", message(telling));
    parameters.put("url", shortened(telling, "url", URL_CHARACTERS));
    for (var name : Set.of("url_title", "priority", "device", "sound")) {
      parameters.put(name, telling.text(texts.get(name)));
    }
    parameters.put("retry", Long.toString(retry.toSeconds()));
    parameters.put("expire", Long.toString(expire.toSeconds()));
    if (lifetime.toSeconds() > 0) {
      parameters.put("ttl", Long.toString(lifetime.toSeconds()));
    }
    var uri = URI.create(API + "?" + encoded(parameters));
    return Telling.outcome(
        telling.send("POST", uri, Map.of("Content-Type", "text/plain"), new byte[0]), Set.of());
  }

  private String message(Telling telling) {
    var template = texts.get("message");
    var text = markup == Markup.HTML ? telling.html(template) : telling.text(template);
    var message = Shortening.toCharacters(text, MESSAGE_CHARACTERS).strip();
    // An empty message is refused.
    return message.isEmpty() ? "(no details)" : message;
  }

  private String shortened(Telling telling, String name, int characters) {
    return Shortening.toCharacters(telling.text(texts.get(name)), characters);
  }

  static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  /// As Go's `url.QueryEscape`, which escapes `*` but not `~`.
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A").replace("%7E", "~");
  }
}
