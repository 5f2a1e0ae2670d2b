package barograph.ingest.scrape;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a request says who asks: not at all, by name and password, or by a token.
public sealed interface Credentials {
  /// Asks anonymously.
  Credentials NONE = new None();

  /// The value of the `Authorization` header, or null without one.
  ///
  /// @throws IOException if a file that holds a secret cannot be read
  @Nullable String header() throws IOException;

  /// Nothing is sent.
  record None() implements Credentials {
    @Override
    public @Nullable String header() {
      return null;
    }
  }

  /// HTTP basic authentication.
  record Basic(String username, Secret password) implements Credentials {
    @Override
    public String header() throws IOException {
      byte[] pair = (username + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
  }

  /// A scheme, usually `Bearer`, followed by a token.
  record Token(String type, Secret credentials) implements Credentials {
    public Token {
      if (type.strip().toLowerCase(Locale.ROOT).equals("basic")) {
        throw new IllegalArgumentException(
            "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
      }
    }

    @Override
    public String header() throws IOException {
      return type.strip() + " " + credentials.reveal();
    }
  }
}
