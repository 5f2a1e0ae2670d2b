package barograph.alerting.receiver;

import barograph.storage.outbound.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests to Amazon's services, after its published Signature Version 4.
///
/// @param region where the service is
public record AwsSignature(String region, String service, Keys keys) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /// Who signs.
  public record Keys(String accessKey, Secret secretKey) {
    public Keys {
      if (accessKey.isEmpty()) {
        throw new IllegalArgumentException(
            "sigv4 has no access_key and the environment has no AWS_ACCESS_KEY_ID");
      }
    }
  }

  /// The headers that a request needs, with its signature among them.
  Map<String, String> headers(String method, URI uri, String contentType, byte[] body, Instant now)
      throws Secret.UnreadableSecretException {
    var time = TIME.format(now);
    var signed = new TreeMap<String, String>();
    signed.put("content-type", contentType);
    signed.put("host", host(uri));
    signed.put("x-amz-date", time);
    var names = String.join(";", signed.keySet());
    var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    var request =
        String.join(
            "\n",
            method,
            path,
            uri.getRawQuery() == null ? "" : uri.getRawQuery(),
            signed.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining()),
            names,
            hash(body));
    var scope = "%s/%s/%s/aws4_request".formatted(time.substring(0, 8), region, service);
    var text =
        String.join("\n", ALGORITHM, time, scope, hash(request.getBytes(StandardCharsets.UTF_8)));
    var signature = HexFormat.of().formatHex(code(key(time.substring(0, 8)), text));
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", contentType);
    headers.put("X-Amz-Date", time);
    headers.put(
        "Authorization",
        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(ALGORITHM, keys.accessKey, scope, names, signature));
    return headers;
  }

  private static String host(URI uri) {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  private byte[] key(String date) throws Secret.UnreadableSecretException {
    var first = ("AWS4" + keys.secretKey.reveal()).getBytes(StandardCharsets.UTF_8);
    return code(code(code(code(first, date), region), service), "aws4_request");
  }

  private static byte[] code(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA256", e);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
