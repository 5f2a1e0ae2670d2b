package barograph.alerting.receiver;

import barograph.storage.outbound.Secret;
import org.jspecify.annotations.Nullable;

/// How mail leaves: the server that takes it, and what it wants to know.
///
/// @param hello the name that this machine gives
/// @param login who sends; null for a server that asks nobody
/// @param requireTls whether the connection must become secret before anything is said
/// @param implicitTls whether it is so from the first byte
/// @param tls whose certificates are trusted
public record SmtpSettings(
    String host,
    int port,
    String hello,
    @Nullable Login login,
    boolean requireTls,
    boolean implicitTls,
    TlsSettings tls) {
  public static final int IMPLICIT_TLS_PORT = 465;

  public SmtpSettings {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("no global SMTP smarthost set");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "port of smarthost is %d, expected one from 1 to 65535".formatted(port));
    }
  }

  /// Who sends.
  ///
  /// @param identity for whom; usually empty
  /// @param password for PLAIN and LOGIN; null if there is none
  /// @param secret for CRAM-MD5; null if there is none
  public record Login(
      String username, String identity, @Nullable Secret password, @Nullable Secret secret) {}
}
