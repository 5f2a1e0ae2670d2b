package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A topic, target or phone number of Amazon's notification service.
///
/// @param http signs what is sent
/// @param region where the service is
/// @param texts `api_url`, `topic_arn`, `target_arn`, `phone_number`, `subject` and `message`
/// @param attributes templates by names that are templates
public record SnsConfig(
    boolean sendResolved,
    ClientSettings http,
    String region,
    Texts texts,
    Map<String, String> attributes)
    implements HttpPlace {
  /// The texts with their defaults.
  public static final Texts DEFAULTS =
      Texts.templates("sns.default", "subject", "message")
          .and(Texts.of("api_url", "", "topic_arn", "", "target_arn", "", "phone_number", ""));

  private static final int MESSAGE_BYTES = 256 * 1024;
  private static final int SHORT_MESSAGE_BYTES = 1600;
  private static final String FORM = "application/x-www-form-urlencoded";

  public SnsConfig {
    attributes = Map.copyOf(attributes);
    long targets =
        Stream.of("topic_arn", "target_arn", "phone_number")
            .filter(name -> !texts.get(name).isEmpty())
            .count();
    if (targets != 1) {
      throw new IllegalArgumentException(
          "must provide either a Target ARN, Topic ARN, or Phone Number for SNS config");
    }
    if (region.isEmpty()) {
      throw new IllegalArgumentException("region not configured in sns.sigv4.region");
    }
  }

  @Override
  public String kind() {
    return "sns";
  }

  @Override
  public Outcome tell(Telling telling) throws IOException, InterruptedException {
    var given = telling.text(texts.get("api_url"));
    var base = given.isEmpty() ? "https://sns.%s.amazonaws.com".formatted(region) : given;
    var uri = Telling.address(base);
    var parameters = parameters(telling);
    if (parameters.getOrDefault("Message", "").isEmpty()) {
      return new Refused(false, "the message is empty, which the service refuses");
    }
    var body = PushoverConfig.encoded(parameters).getBytes(StandardCharsets.UTF_8);
    var headers = Map.of("Content-Type", FORM);
    return Telling.outcome(telling.send("POST", uri, headers, body), Set.of());
  }

  private Map<String, String> parameters(Telling telling) {
    var parameters = new TreeMap<String, String>();
    parameters.put("Action", "Publish");
    parameters.put("Version", "2010-03-31");
    var topic = telling.text(texts.get("topic_arn"));
    put(parameters, "TopicArn", topic);
    put(parameters, "TargetArn", telling.text(texts.get("target_arn")));
    put(parameters, "PhoneNumber", telling.text(texts.get("phone_number")));
    put(parameters, "Subject", telling.text(texts.get("subject")));
    if (topic.endsWith(".fifo")) {
      parameters.put("MessageDeduplicationId", telling.notification().groupHash());
      parameters.put("MessageGroupId", telling.notification().groupHash());
    }
    var all = new TreeMap<String, String>();
    attributes.forEach((name, value) -> all.put(telling.text(name), telling.text(value)));
    boolean shortMessage = !texts.get("phone_number").isEmpty();
    var message = telling.text(texts.get("message"));
    var cut = cut(message, shortMessage ? SHORT_MESSAGE_BYTES : MESSAGE_BYTES);
    if (cut.length() < message.length()) {
      all.put("truncated", "true");
    }
    parameters.put("Message", cut);
    int number = 0;
    for (var attribute : all.entrySet()) {
      var entry = "MessageAttributes.entry.%d.".formatted(++number);
      parameters.put(entry + "Name", attribute.getKey());
      parameters.put(entry + "Value.DataType", "String");
      parameters.put(entry + "Value.StringValue", attribute.getValue());
    }
    return parameters;
  }

  private static void put(Map<String, String> parameters, String name, String value) {
    if (!value.isEmpty()) {
      parameters.put(name, value);
    }
  }

  /// The beginning of `text` that has at most `limit` bytes, whole characters only.
  private static String cut(String text, int limit) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= limit) {
      return text;
    }
    int end = limit;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8);
  }
}
