package barograph.server.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Signs requests to Amazon's services, after its published Signature Version 4.
///
/// @param region where the service is
record AwsSignature(String region, String service, Keys keys) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String UNRESERVED = "-._~/";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /// Who signs, revealed.
  ///
  /// @param sessionToken empty for keys that last
  record Keys(String accessKey, String secretKey, String sessionToken) {}

  /// The headers that a request needs besides its own, its signature among them.
  ///
  /// @param contentType null where the request has none
  Map<String, String> headers(
      String method, URI uri, @Nullable String contentType, byte[] body, Instant now) {
    var time = TIME.format(now);
    var signed = new TreeMap<String, String>();
    signed.put("host", host(uri));
    signed.put("x-amz-date", time);
    if (contentType != null) {
      signed.put("content-type", contentType);
    }
    if (!keys.sessionToken.isEmpty()) {
      signed.put("x-amz-security-token", keys.sessionToken);
    }
    var names = String.join(";", signed.keySet());
    var request =
        String.join(
            "\n",
            method,
            path(uri),
            query(uri),
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
    headers.put("X-Amz-Date", time);
    if (!keys.sessionToken.isEmpty()) {
      headers.put("X-Amz-Security-Token", keys.sessionToken);
    }
    headers.put(
        "Authorization",
        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(ALGORITHM, keys.accessKey, scope, names, signature));
    return headers;
  }

  /// As the request says it: without the scheme's own port.
  private static String host(URI uri) {
    int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    return uri.getPort() < 0 || uri.getPort() == usual
        ? uri.getHost()
        : uri.getHost() + ":" + uri.getPort();
  }

  /// The path, escaped once more than it is sent.
  private static String path(URI uri) {
    if (uri.getRawPath().isEmpty()) {
      return "/";
    }
    var text = new StringBuilder();
    for (byte b : uri.getRawPath().getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= '0' && b <= '9')
              || (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || UNRESERVED.indexOf(b) >= 0;
      text.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
    }
    return text.toString();
  }

  /// The parameters in their order, each with an equals sign.
  private static String query(URI uri) {
    @Nullable String query = uri.getRawQuery();
    return query == null || query.isEmpty()
        ? ""
        : Arrays.stream(query.split("&", -1))
            .map(parameter -> parameter.contains("=") ? parameter : parameter + "=")
            .sorted()
            .collect(Collectors.joining("&"));
  }

  private byte[] key(String date) {
    var first = ("AWS4" + keys.secretKey).getBytes(StandardCharsets.UTF_8);
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
