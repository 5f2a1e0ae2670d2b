package barograph.storage.outbound;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whom a client trusts, and what it shows of itself. Everything is PEM.
///
/// @param authority certificates that sign trusted ones; null for the system's
/// @param certificate the client's own, with those that it is signed by; null for none
/// @param key the client's own, as PKCS #8, PKCS #1 or SEC 1; null for none
/// @param serverName the name that is asked for and that the certificate must be for; null for that
///   of the host
/// @param unchecked whether any certificate will do
/// @param versions the oldest and the newest protocol that is spoken
public record TlsSettings(
    @Nullable Secret authority,
    @Nullable Secret certificate,
    @Nullable Secret key,
    @Nullable String serverName,
    boolean unchecked,
    Versions versions) {
  /// The system's authorities, certificates checked.
  public static final TlsSettings DEFAULT =
      new TlsSettings(null, null, null, null, false, Versions.DEFAULT);

  public TlsSettings {
    if (certificate != null && key == null) {
      throw new IllegalArgumentException(
          "exactly one of key or key_file must be configured when a client certificate is configured");
    }
    if (key != null && certificate == null) {
      throw new IllegalArgumentException(
          "exactly one of cert or cert_file must be configured when a client key is configured");
    }
  }

  /// A version of the protocol, by its configured name.
  public enum Version {
    TLS10,
    TLS11,
    TLS12,
    TLS13;

    /// The version that a configuration names.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public static Version named(String name) {
      for (Version version : values()) {
        if (version.name().equals(name.toUpperCase(Locale.ROOT))) {
          return version;
        }
      }
      throw new IllegalArgumentException(
          "unknown TLS version: \"%s\", expected TLS10, TLS11, TLS12 or TLS13".formatted(name));
    }
  }

  /// The oldest and the newest version that is spoken.
  public record Versions(Version least, Version most) {
    /// What is not known to be broken.
    public static final Versions DEFAULT = new Versions(Version.TLS12, Version.TLS13);

    public Versions {
      if (least.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            "min_version %s is newer than max_version %s".formatted(least, most));
      }
    }
  }
}
