package barograph.server.http;

import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys with which requests to Amazon's services are signed, found where a configuration says;
/// those that are lent are kept until shortly before they end.
///
/// Nobody is asked before the first request is signed. Safe for any thread; whoever needs keys that
/// are being fetched waits for them.
final class AwsKeyRing {
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private final AwsTokenService tokenService;
  private final AwsHost host;
  private final InstantSource clock;
  private final Map<AwsKeys, Lent> lent = new HashMap<>();

  /// Keys for a while.
  record Lent(AwsSignature.Keys keys, Instant until) {}

  /// Asks for keys.
  @FunctionalInterface
  private interface Lender {
    Lent lend(Instant now) throws IOException;
  }

  AwsKeyRing(Identification.Way way, InstantSource clock) {
    this.tokenService = new AwsTokenService(way);
    this.host = new AwsHost(way);
    this.clock = clock;
  }

  /// The region in which a machine stands.
  ///
  /// @throws IOException if it does not say
  String regionOf(URI machine) throws IOException {
    return host.regionOf(machine);
  }

  /// @throws IOException if the keys cannot be had
  AwsSignature.Keys reveal(AwsKeys keys) throws IOException {
    return switch (keys) {
      case AwsKeys.Given(var access, var secret, var token) ->
          new AwsSignature.Keys(access, secret.reveal(), token.reveal());
      case AwsKeys.Profile(var file, var name) -> inProfile(file, name);
      case AwsKeys.Role role ->
          lent(role, now -> tokenService.takeOn(role, reveal(role.owner()), now));
      case AwsKeys.WebIdentity identity -> lent(identity, _ -> tokenService.takeOn(identity));
      case AwsKeys.Container container -> lent(container, _ -> host.ofContainer(container));
      case AwsKeys.Machine machine -> lent(machine, _ -> host.ofMachine(machine.about()));
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

  /// Keys that are lent; when no new ones can be had, the old ones serve to their end.
  private synchronized AwsSignature.Keys lent(AwsKeys from, Lender lender) throws IOException {
    Instant now = clock.instant();
    @Nullable Lent known = lent.get(from);
    if (known == null || now.isAfter(known.until.minus(MARGIN))) {
      try {
        known = lender.lend(now);
        lent.put(from, known);
      } catch (IOException e) {
        if (known == null || !now.isBefore(known.until)) {
          throw e;
        }
      }
    }
    return known.keys;
  }
}
