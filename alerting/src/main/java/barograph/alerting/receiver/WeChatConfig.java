package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A WeCom (WeChat for work) application.
///
/// @param apiUrl with a slash at its end
/// @param markdown whether the message is Markdown and not text
public record WeChatConfig(
    URI apiUrl,
    boolean sendResolved,
    ClientSettings http,
    Secret apiSecret,
    String corpId,
    Texts texts,
    boolean markdown)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.of(
          "message", "{{ template \"wechat.default.message\" . }}",
          "to_user", "{{ template \"wechat.default.to_user\" . }}",
          "to_party", "{{ template \"wechat.default.to_party\" . }}",
          "to_tag", "{{ template \"wechat.default.to_tag\" . }}",
          "agent_id", "{{ template \"wechat.default.agent_id\" . }}");

  private static final int TOKEN_EXPIRED = 42001;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Override
  public String kind() {
    return "wechat";
  }

  @Override
  public Integration connect(Means means) {
    return new HttpIntegration(new Session(this), means);
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    return new Session(this).tell(telling);
  }

  /// The application with the token that it was given, which is good for hours.
  private record Session(WeChatConfig config, AtomicReference<@Nullable String> token)
      implements HttpPlace {
    Session(WeChatConfig config) {
      this(config, new AtomicReference<>());
    }

    @Override
    public String kind() {
      return config.kind();
    }

    @Override
    public boolean sendResolved() {
      return config.sendResolved;
    }

    @Override
    public ClientSettings http() {
      return config.http;
    }

    @Override
    public Outcome tell(Telling telling) throws IOException, InterruptedException {
      try {
        var access = token.get();
        if (access == null) {
          access = freshToken(telling);
          if (access.isEmpty()) {
            return new Refused(false, "invalid APISecret for CorpID: " + config.corpId);
          }
          token.set(access);
        }
        return send(telling, access);
      } catch (JacksonException e) {
        return new Refused(true, "the answer is no JSON");
      }
    }

    private String freshToken(Telling telling) throws IOException, InterruptedException {
      var parameters = new TreeMap<String, String>();
      parameters.put("corpsecret", telling.text(config.apiSecret.reveal()));
      parameters.put("corpid", telling.text(config.corpId));
      var uri = URI.create(config.apiUrl + "gettoken?" + PushoverConfig.encoded(parameters));
      return JSON.readTree(telling.get(uri).body()).path("access_token").asString("");
    }

    private Outcome send(Telling telling, String access) throws IOException, InterruptedException {
      var query = new TreeMap<String, String>();
      query.put("access_token", access);
      var uri = URI.create(config.apiUrl + "message/send?" + PushoverConfig.encoded(query));
      var answer = telling.sendJson("POST", uri, Map.of(), config.message(telling).fields());
      if (answer.status() != 200) {
        return new Refused(true, "unexpected status code " + answer.status());
      }
      JsonNode json = JSON.readTree(answer.body());
      int code = json.path("errcode").asInt(0);
      if (code == 0) {
        return new Delivered();
      }
      if (code == TOKEN_EXPIRED) {
        token.set(null);
      }
      return new Refused(code == TOKEN_EXPIRED, json.path("errmsg").asString(""));
    }
  }

  private JsonObject message(Telling telling) {
    var content = new JsonObject().put("content", text(telling, "message")).fields();
    var nothing = new JsonObject().put("content", "").fields();
    return new JsonObject()
        .put("text", markdown ? nothing : content)
        .putAny("touser", text(telling, "to_user"))
        .putAny("toparty", text(telling, "to_party"))
        .putAny("totag", text(telling, "to_tag"))
        .putAny("agentid", text(telling, "agent_id"))
        .put("safe", "0")
        .put("msgtype", markdown ? "markdown" : "text")
        .put("markdown", markdown ? content : nothing);
  }

  private String text(Telling telling, String name) {
    return telling.text(texts.get(name));
  }
}
