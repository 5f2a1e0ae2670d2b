package barograph.server.http;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;

/// Private keys in the older wrappings of OpenSSL, put into the one that Java reads.
///
/// PKCS #1 (RFC 8017, A.1.2) and SEC 1 (RFC 5915) hold a bare RSA or elliptic key; PKCS #8 (RFC
/// 5208) is the same with the algorithm's name before it.
final class PemKey {
  private static final byte[] VERSION_0 = {2, 1, 0};
  private static final byte[] RSA = {
    0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };
  private static final byte[] ELLIPTIC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 4;
  private static final int PARAMETERS = 0xa0;

  private PemKey() {}

  /// `pem` itself unless it holds a key of an older wrapping.
  ///
  /// @throws IllegalArgumentException if such a key is malformed
  static String pkcs8(String pem) {
    if (pem.contains("-----BEGIN RSA PRIVATE KEY-----")) {
      return wrapped(RSA, decoded(pem, "RSA PRIVATE KEY"));
    }
    if (pem.contains("-----BEGIN EC PRIVATE KEY-----")) {
      byte[] key = decoded(pem, "EC PRIVATE KEY");
      return wrapped(element(SEQUENCE, ELLIPTIC, curve(key)), key);
    }
    return pem;
  }

  private static byte[] decoded(String pem, String kind) {
    String begin = "-----BEGIN " + kind + "-----";
    int from = pem.indexOf(begin) + begin.length();
    int to = pem.indexOf("-----END " + kind + "-----", from);
    String text = to < 0 ? "" : pem.substring(from, to);
    if (text.isBlank() || text.contains(":")) {
      throw new IllegalArgumentException(
          "the %s is cut short or encrypted, expected a plain one".formatted(kind));
    }
    return Base64.getMimeDecoder().decode(text);
  }

  private static String wrapped(byte[] algorithm, byte[] key) {
    byte[] whole = element(SEQUENCE, VERSION_0, algorithm, element(OCTETS, key));
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(whole)
        + "\n-----END PRIVATE KEY-----\n";
  }

  /// The name of the curve, which SEC 1 has behind version and key.
  private static byte[] curve(byte[] key) {
    int at = key.length > 1 && (key[1] & 0x80) != 0 ? 2 + (key[1] & 0x7f) : 2;
    while (at + 1 < key.length) {
      int length = key[at + 1] & 0xff;
      if ((key[at] & 0xff) == PARAMETERS) {
        return Arrays.copyOfRange(key, at + 2, Math.min(key.length, at + 2 + length));
      }
      at += 2 + length;
    }
    throw new IllegalArgumentException("the EC PRIVATE KEY does not name its curve");
  }

  private static byte[] element(int tag, byte[]... parts) {
    var inner = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      inner.writeBytes(part);
    }
    var out = new ByteArrayOutputStream();
    out.write(tag);
    int length = inner.size();
    if (length >= 0x80) {
      out.write(length > 0xff ? 0x82 : 0x81);
      if (length > 0xff) {
        out.write(length >> 8);
      }
    }
    out.write(length);
    out.writeBytes(inner.toByteArray());
    return out.toByteArray();
  }
}
