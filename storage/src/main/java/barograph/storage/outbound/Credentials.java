package barograph.storage.outbound;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a request says who asks.
public sealed interface Credentials {
  /// Not at all.
  Credentials NONE = new None();

  /// Nothing is sent.
  record None() implements Credentials {}

  /// By name and password.
  record Basic(Secret username, Secret password) implements Credentials {}

  /// By a scheme, usually `Bearer`, and a token.
  record Token(String type, Secret credentials) implements Credentials {
    public Token {
      type = type.strip();
      if (type.equalsIgnoreCase("basic")) {
        throw new IllegalArgumentException(
            "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
      }
    }
  }

  /// By a signature over the request, as Amazon's services want it.
  ///
  /// @param region where the service is
  /// @param service its short name, such as `aps` or `ec2`
  record SigV4(String region, String service, AwsKeys keys) implements Credentials {
    public SigV4 {
      if (region.isEmpty()) {
        throw new IllegalArgumentException(
            "region not configured in sigv4, and the environment has no AWS_REGION");
      }
    }
  }

  /// By a token that a server of OAuth 2.0 gives for the client's own credentials (RFC 6749, 4.4)
  /// and that is asked for anew shortly before it ends.
  ///
  /// @param parameters sent to the token's server besides those of the standard
  /// @param way how the token's server is reached; its own credentials are not used
  record OAuth2(
      String clientId,
      Secret clientSecret,
      List<String> scopes,
      URI tokenUrl,
      Map<String, String> parameters,
      ClientSettings way)
      implements Credentials {
    public OAuth2 {
      scopes = List.copyOf(scopes);
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
      if (clientId.isEmpty()) {
        throw new IllegalArgumentException("oauth2 client_id must be configured");
      }
      if (tokenUrl.getHost() == null) {
        throw new IllegalArgumentException(
            "oauth2 token_url is \"%s\", expected an http or https URL".formatted(tokenUrl));
      }
    }
  }
}
