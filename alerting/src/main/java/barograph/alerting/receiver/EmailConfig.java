package barograph.alerting.receiver;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// People who get mail.
///
/// @param to addresses, a template
/// @param from one address, a template
/// @param headers templates by name; those that are missing of `Subject`, `To` and `From` are added
/// @param html template of the message; empty for none
/// @param text template of the message for programs without HTML; empty for none
/// @param threading whether messages of a group hang together
public record EmailConfig(
    boolean sendResolved,
    String to,
    String from,
    Map<String, String> headers,
    String html,
    String text,
    Threading threading,
    SmtpSettings smtp)
    implements IntegrationConfig {
  public static final String DEFAULT_HTML = "{{ template \"email.default.html\" . }}";

  private static final String DEFAULT_SUBJECT = "{{ template \"email.default.subject\" . }}";

  public EmailConfig {
    if (to.isEmpty()) {
      throw new IllegalArgumentException("missing to address in email config");
    }
    if (from.isEmpty()) {
      throw new IllegalArgumentException("no global SMTP from set");
    }
    var all = new TreeMap<String, String>();
    headers.forEach((name, value) -> {
      var canonical = canonical(name);
      if (all.put(canonical, value) != null) {
        throw new IllegalArgumentException(
            "duplicate header \"%s\" in email config".formatted(canonical));
      }
    });
    all.putIfAbsent("Subject", DEFAULT_SUBJECT);
    all.putIfAbsent("To", to);
    all.putIfAbsent("From", from);
    if (threading != Threading.NONE) {
      for (var name : new String[] {"References", "In-Reply-To"}) {
        if (all.containsKey(name)) {
          throw new IllegalArgumentException(
              "conflicting configuration: threading.enabled conflicts with custom %s header"
                  .formatted(name));
        }
      }
    }
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  /// Which messages hang together.
  public enum Threading {
    /// None.
    NONE,
    /// All of a group.
    BY_GROUP,
    /// All of a group and day.
    DAILY
  }

  /// `reply-to` as `Reply-To`: names of headers are the same in any case.
  private static String canonical(String name) {
    var canonical = new StringBuilder();
    boolean begins = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      canonical.append(begins ? Character.toUpperCase(c) : Character.toLowerCase(c));
      begins = c == '-';
    }
    return canonical.toString();
  }

  @Override
  public String kind() {
    return "email";
  }

  @Override
  public Integration connect(Means means) {
    return new Email(this, means.texts());
  }
}
