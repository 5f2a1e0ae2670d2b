package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/// A Telegram chat, told by a bot.
///
/// @param chat number of the chat, which may stand in a file
/// @param thread number of the topic in the chat; 0 for none
/// @param parseMode how the message is marked up: `HTML`, `Markdown`, `MarkdownV2` or not at all
public record TelegramConfig(
    String apiUrl,
    boolean sendResolved,
    ClientSettings http,
    Secret botToken,
    Secret chat,
    int thread,
    boolean silently,
    String parseMode,
    String message)
    implements HttpPlace {
  public static final String DEFAULT_MESSAGE = "{{ template \"telegram.default.message\" . }}";
  public static final String DEFAULT_PARSE_MODE = "HTML";

  private static final int MESSAGE_CHARACTERS = 4096;
  private static final String TOO_LONG =
      "Alertmanager notification could not be sent: message length exceeds Telegram limits.\n"
          + "\t\t\tPlease check the template used for producing the message content.";

  public TelegramConfig {
    if (!Set.of("", "HTML", "Markdown", "MarkdownV2").contains(parseMode)) {
      throw new IllegalArgumentException(
          "unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty"
              + " string");
    }
  }

  @Override
  public String kind() {
    return "telegram";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var body =
        new JsonObject()
            .put("chat_id", chat.reveal())
            .putAny("disable_notification", silently ? "true" : "")
            .put("disable_web_page_preview", "true")
            .putAny("message_thread_id", thread == 0 ? "" : Integer.toString(thread))
            .putAny("parse_mode", parseMode)
            .put("text", text(telling));
    var uri = Telling.address("%s/bot%s/sendMessage".formatted(apiUrl, botToken.reveal()));
    var answer = telling.sendJson("POST", uri, Map.of(), body.fields());
    return answer.status() / 100 == 2
        ? new Delivered()
        // The service says no for many reasons that pass.
        : new Refused(
            true, "telegram answered %d: %s".formatted(answer.status(), answer.body().strip()));
  }

  private String text(Telling telling) {
    if (!parseMode.equals("HTML")) {
      return Shortening.toCharacters(telling.text(message), MESSAGE_CHARACTERS);
    }
    var html = telling.html(message);
    // Cut HTML is no HTML.
    return html.codePointCount(0, html.length()) > MESSAGE_CHARACTERS ? TOO_LONG : html;
  }
}
