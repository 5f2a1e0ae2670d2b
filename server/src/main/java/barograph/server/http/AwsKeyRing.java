package barograph.server.http;

import barograph.server.http.HttpClient.Outgoing;
import barograph.server.http.HttpClient.Reply;
import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// The keys with which requests to Amazon's services are signed, found where a configuration says;
/// those of roles are kept until shortly before they end.
///
/// Safe for any thread; whoever needs keys that are being fetched waits for them.
final class AwsKeyRing {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration MARGIN = Duration.ofMinutes(5);
  private static final long MOST_BYTES = 1 << 20;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Identification.Way way;
  private final InstantSource clock;
  private final Map<AwsKeys.Role, Lent> lent = new HashMap<>();

  private record Lent(AwsSignature.Keys keys, Instant until) {}

  AwsKeyRing(Identification.Way way, InstantSource clock) {
    this.way = way;
    this.clock = clock;
  }

  /// @throws IOException if the keys cannot be had
  AwsSignature.Keys reveal(AwsKeys keys) throws IOException {
    return switch (keys) {
      case AwsKeys.Given(var access, var secret, var token) ->
          new AwsSignature.Keys(access, secret.reveal(), token.reveal());
      case AwsKeys.Profile(var file, var name) -> inProfile(file, name);
      case AwsKeys.Role role -> lent(role);
    };
  }

  /// A section of a shared credentials file: its name in brackets, then lines of `key = value`.
  private static AwsSignature.Keys inProfile(Path file, String name) throws IOException {
    var found = new HashMap<String, String>();
    boolean here = false;
    for (String line : Secret.in(file).reveal().lines().toList()) {
      String text = line.strip();
      int equals = text.indexOf('=');
      if (text.startsWith("[")) {
        here = text.equals("[" + name + "]");
      } else if (here && equals > 0 && !text.startsWith("#") && !text.startsWith(";")) {
        found.put(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
      }
    }
    @Nullable String access = found.get("aws_access_key_id");
    @Nullable String secret = found.get("aws_secret_access_key");
    if (access == null || secret == null) {
      throw new IOException(
          "%s: profile %s has no aws_access_key_id and aws_secret_access_key"
              .formatted(file, name));
    }
    return new AwsSignature.Keys(access, secret, found.getOrDefault("aws_session_token", ""));
  }

  private synchronized AwsSignature.Keys lent(AwsKeys.Role role) throws IOException {
    Instant now = clock.instant();
    @Nullable Lent known = lent.get(role);
    if (known == null || now.isAfter(known.until.minus(MARGIN))) {
      known = borrow(role, now);
      lent.put(role, known);
    }
    return known.keys;
  }

  private Lent borrow(AwsKeys.Role role, Instant now) throws IOException {
    var form = new LinkedHashMap<String, String>();
    form.put("Action", "AssumeRole");
    form.put("Version", "2011-06-15");
    form.put("RoleArn", role.arn());
    form.put("RoleSessionName", "barograph-" + now.toEpochMilli());
    if (!role.externalId().isEmpty()) {
      form.put("ExternalId", role.externalId());
    }
    var text = new StringBuilder();
    form.forEach((name, value) ->
        text.append(text.isEmpty() ? "" : "&")
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Content-Type", FORM);
    headers.putAll(
        new AwsSignature(role.region(), "sts", reveal(role.owner()))
            .headers("POST", role.tokenService(), FORM, body, now));
    var reply =
        way.send(
            new Outgoing(
                "POST",
                role.tokenService(),
                headers,
                body,
                TIMEOUT,
                MOST_BYTES,
                true,
                ClientSettings.PLAIN));
    return read(role, reply);
  }

  private static Lent read(AwsKeys.Role role, Reply reply) throws IOException {
    var texts = texts(reply.body());
    if (reply.status() != 200) {
      throw new IOException(
          "cannot take on role %s: status %d: %s"
              .formatted(role.arn(), reply.status(), texts.getOrDefault("Message", "no message")));
    }
    try {
      return new Lent(
          new AwsSignature.Keys(
              need(texts, "AccessKeyId"),
              need(texts, "SecretAccessKey"),
              need(texts, "SessionToken")),
          Instant.parse(need(texts, "Expiration")));
    } catch (DateTimeParseException e) {
      throw new IOException("role %s: the keys' end cannot be read".formatted(role.arn()), e);
    }
  }

  private static String need(Map<String, String> texts, String name) throws IOException {
    @Nullable String text = texts.get(name);
    if (text == null) {
      throw new IOException("the token service's answer has no " + name);
    }
    return text;
  }

  /// The texts of an XML document by the names of their elements; empty if it is none.
  private static Map<String, String> texts(byte[] document) {
    var factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    var found = new HashMap<String, String>();
    try {
      var reader = factory.createXMLStreamReader(new ByteArrayInputStream(document));
      String element = "";
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamReader.START_ELEMENT) {
          element = reader.getLocalName();
        } else if (event == XMLStreamReader.CHARACTERS && !reader.isWhiteSpace()) {
          found.put(element, reader.getText().strip());
        }
      }
    } catch (XMLStreamException e) {
      return Map.of();
    }
    return found;
  }
}
