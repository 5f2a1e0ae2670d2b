package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.alerting.template.GoJson;
import barograph.alerting.template.NotificationTexts;
import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One notification on its way to one place over HTTP: its texts, and the requests that carry them.
///
/// Public because places are; only this room makes and uses one.
public final class Telling {
  private static final int SHOWN_OF_ANSWER = 200;
  private static final int TOO_MANY_REQUESTS = 429;

  /// Status codes that are tried again besides those of a server's failure.
  static final Set<Integer> RATE_LIMIT = Set.of(TOO_MANY_REQUESTS);

  private final Notification notification;
  private final NotificationTexts.Expansion texts;
  private final Web web;
  private final ClientSettings settings;
  private final long deadlineNanos;
  private final List<String> addresses = new ArrayList<>();

  Telling(Notification notification, Means means, ClientSettings settings, Duration timeout) {
    this.notification = notification;
    this.texts = means.texts().of(notification::data);
    this.web = means.web();
    this.settings = settings;
    deadlineNanos = System.nanoTime() + timeout.toNanos();
  }

  Notification notification() {
    return notification;
  }

  /// The template expanded as text.
  String text(String template) {
    return texts.text(template);
  }

  /// The template expanded as HTML.
  String html(String template) {
    return texts.html(template);
  }

  /// Texts in a tree of maps and lists expanded, those that then are YAML read as such.
  @Nullable Object tree(@Nullable Object template) {
    return new TemplateTree(this::text).expanded(template);
  }

  Web.Answer get(URI uri) throws IOException, InterruptedException {
    return send("GET", uri, Map.of(), new byte[0]);
  }

  Web.Answer send(String method, URI uri, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    addresses.add(uri.toString());
    var left = Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()));
    return web.send(new Web.Request(method, uri, headers, body, settings, left));
  }

  Web.Answer sendJson(String method, URI uri, Map<String, String> headers, @Nullable Object json)
      throws IOException, InterruptedException {
    var all = new LinkedHashMap<String, String>();
    all.put("Content-Type", "application/json");
    all.putAll(headers);
    return send(method, uri, all, GoJson.body(json));
  }

  /// Posts JSON and judges the answer by its status alone.
  ///
  /// @param alsoRetried status codes that are tried again besides those of a server's failure
  Outcome postJson(URI uri, @Nullable Object json, Set<Integer> alsoRetried)
      throws IOException, InterruptedException {
    return outcome(sendJson("POST", uri, Map.of(), json), alsoRetried);
  }

  Outcome postJson(URI uri, @Nullable Object json) throws IOException, InterruptedException {
    return postJson(uri, json, Set.of());
  }

  /// What the status of an answer means.
  static Outcome outcome(Web.Answer answer, Set<Integer> alsoRetried) {
    int status = answer.status();
    if (status / 100 == 2) {
      return new Delivered();
    }
    var text = answer.body().strip();
    return new Refused(
        status / 100 == 5 || alsoRetried.contains(status),
        "unexpected status code %d: %s"
            .formatted(status, text.substring(0, Math.min(SHOWN_OF_ANSWER, text.length()))));
  }

  /// An address that is given as a secret or comes of a template.
  static URI address(String text) {
    try {
      var uri = new URI(text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Answered below with words that do not name it.
    }
    throw new IllegalArgumentException("the address to be told is no http or https URL");
  }

  /// The failure without the addresses in it, which may hold secrets.
  String withoutAddresses(IOException e) {
    var text = e.getClass().getSimpleName() + ": " + e.getMessage();
    for (var address : addresses) {
      text = text.replace(address, "<redacted>");
    }
    return text;
  }
}
