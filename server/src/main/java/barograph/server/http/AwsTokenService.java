package barograph.server.http;

import barograph.server.http.AwsKeyRing.Lent;
import barograph.server.http.HttpClient.Outgoing;
import barograph.server.http.HttpClient.Reply;
import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Amazon's token service, which lends the keys of roles: to the owner of other keys, who signs, or
/// to a workload that shows a token.
final class AwsTokenService {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long MOST_BYTES = 1 << 20;
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String VERSION = "2011-06-15";

  private final Identification.Way way;

  AwsTokenService(Identification.Way way) {
    this.way = way;
  }

  Lent takeOn(AwsKeys.Role role, AwsSignature.Keys owner, Instant now) throws IOException {
    var form = form("AssumeRole", role.arn(), "barograph-" + now.toEpochMilli());
    if (!role.externalId().isEmpty()) {
      form.put("ExternalId", role.externalId());
    }
    byte[] body = encoded(form);
    var signature =
        new AwsSignature(role.region(), "sts", owner)
            .headers("POST", role.tokenService(), FORM, body, now);
    return read(role.arn(), ask(role.tokenService(), signature, body));
  }

  Lent takeOn(AwsKeys.WebIdentity identity) throws IOException {
    var form = form("AssumeRoleWithWebIdentity", identity.arn(), identity.session());
    form.put("WebIdentityToken", Secret.in(identity.token()).reveal().strip());
    return read(identity.arn(), ask(identity.tokenService(), Map.of(), encoded(form)));
  }

  private static Map<String, String> form(String action, String role, String session) {
    var form = new LinkedHashMap<String, String>();
    form.put("Action", action);
    form.put("Version", VERSION);
    form.put("RoleArn", role);
    form.put("RoleSessionName", session);
    return form;
  }

  private static byte[] encoded(Map<String, String> form) {
    var text = new StringBuilder();
    form.forEach((name, value) ->
        text.append(text.isEmpty() ? "" : "&")
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Reply ask(URI uri, Map<String, String> signature, byte[] body) throws IOException {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Content-Type", FORM);
    headers.putAll(signature);
    return way.send(
        new Outgoing("POST", uri, headers, body, TIMEOUT, MOST_BYTES, true, ClientSettings.PLAIN));
  }

  private static Lent read(String role, Reply reply) throws IOException {
    var texts = texts(reply.body());
    if (reply.status() != 200) {
      throw new IOException(
          "cannot take on role %s: status %d: %s"
              .formatted(role, reply.status(), texts.getOrDefault("Message", "no message")));
    }
    try {
      return new Lent(
          new AwsSignature.Keys(
              need(texts, "AccessKeyId"),
              need(texts, "SecretAccessKey"),
              need(texts, "SessionToken")),
          Instant.parse(need(texts, "Expiration")));
    } catch (DateTimeParseException e) {
      throw new IOException("role %s: the keys' end cannot be read".formatted(role), e);
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
