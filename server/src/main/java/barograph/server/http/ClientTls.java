package barograph.server.http;

import barograph.storage.outbound.Secret;
import barograph.storage.outbound.TlsSettings;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What certificates and keys of clients say, as contexts of TLS: one for each, made once and kept
/// for as long as the files say the same.
final class ClientTls {
  private static final int MOST_KEPT = 256;

  private final Map<Material, SslContext> contexts = new LinkedHashMap<>(16, 0.75f, true);

  /// All that a context depends on, read from the files.
  private record Material(
      @Nullable String authority,
      @Nullable String certificate,
      @Nullable String key,
      boolean unchecked,
      TlsSettings.Versions versions) {}

  /// The context for these settings; the same one again while the files are the same.
  ///
  /// @throws IOException if a file cannot be read or holds no certificate or key
  SslContext context(TlsSettings settings) throws IOException {
    var material =
        new Material(
            text(settings.authority()),
            text(settings.certificate()),
            text(settings.key()),
            settings.unchecked(),
            settings.versions());
    synchronized (contexts) {
      @Nullable SslContext known = contexts.get(material);
      if (known == null) {
        known = context(material);
        contexts.put(material, known);
        if (contexts.size() > MOST_KEPT) {
          contexts.remove(contexts.keySet().iterator().next());
        }
      }
      return known;
    }
  }

  private static @Nullable String text(@Nullable Secret secret) throws IOException {
    return secret == null ? null : secret.reveal();
  }

  private static SslContext context(Material material) throws IOException {
    var builder = SslContextBuilder.forClient().protocols(protocols(material.versions()));
    try {
      if (material.unchecked()) {
        builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        builder.endpointIdentificationAlgorithm(null);
      } else if (material.authority() != null) {
        builder.trustManager(stream(material.authority()));
      }
      if (material.certificate() != null && material.key() != null) {
        builder.keyManager(stream(material.certificate()), stream(PemKey.pkcs8(material.key())));
      }
      return builder.build();
    } catch (IllegalArgumentException | SSLException e) {
      @Nullable Throwable cause = e.getCause();
      throw new IOException(
          "tls_config cannot be used: %s"
              .formatted(cause == null ? e.getMessage() : cause.getMessage()),
          e);
    }
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private static String[] protocols(TlsSettings.Versions versions) {
    var names = new ArrayList<String>();
    for (TlsSettings.Version version : TlsSettings.Version.values()) {
      if (version.compareTo(versions.least()) >= 0 && version.compareTo(versions.most()) <= 0) {
        names.add(
            switch (version) {
              case TLS10 -> "TLSv1";
              case TLS11 -> "TLSv1.1";
              case TLS12 -> "TLSv1.2";
              case TLS13 -> "TLSv1.3";
            });
      }
    }
    return names.toArray(String[]::new);
  }
}
