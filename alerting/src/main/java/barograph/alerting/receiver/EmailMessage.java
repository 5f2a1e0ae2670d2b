package barograph.alerting.receiver;

import barograph.alerting.receiver.EmailConfig.Threading;
import barograph.alerting.template.NotificationTexts;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// A mail as it goes over the wire: headers, and the message as text, HTML or both.
///
/// @param from address of the sender alone, without a name
/// @param to addresses alone
record EmailMessage(String from, List<String> to, byte[] bytes) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss Z", Locale.ENGLISH);
  private static final int LINE = 76;
  private static final int ENCODED_WORD = 75;

  /// The mail that tells of `notification`.
  ///
  /// @throws IllegalArgumentException if a template fails or an address is none
  static EmailMessage of(
      EmailConfig config, Notification notification, NotificationTexts.Expansion texts) {
    var from = addresses("from", texts.text(config.from()));
    if (from.size() != 1) {
      throw new IllegalArgumentException(
          "must be exactly one 'from' address (got: %d)".formatted(from.size()));
    }
    var to = addresses("to", texts.text(config.to()));
    var now = notification.time().atZone(ZoneId.systemDefault());
    var boundary = UUID.randomUUID().toString().replace("-", "");
    var message = new StringBuilder();
    config
        .headers()
        .forEach((name, template) -> header(message, name, encoded(texts.text(template))));
    if (!config.headers().containsKey("Message-Id")) {
      header(
          message, "Message-Id", "<%s@%s>".formatted(UUID.randomUUID(), domain(from.getFirst())));
    }
    thread(message, config.threading(), notification, now);
    header(message, "Date", DATE.format(now));
    header(message, "Content-Type", "multipart/alternative;  boundary=" + boundary);
    header(message, "MIME-Version", "1.0");
    message.append("\r\n");
    if (!config.text().isEmpty()) {
      part(message, boundary, "text/plain", texts.text(config.text()));
    }
    // What comes last is what is shown where it can be.
    if (!config.html().isEmpty()) {
      part(message, boundary, "text/html", texts.html(config.html()));
    }
    message.append("--").append(boundary).append("--\r\n");
    return new EmailMessage(
        from.getFirst(), to, message.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String domain(String address) {
    return address.substring(address.indexOf('@') + 1);
  }

  private static void header(StringBuilder message, String name, String value) {
    message.append(name).append(": ").append(value).append("\r\n");
  }

  /// Hangs the mail below one that was never sent, which mail programs put the others under.
  private static void thread(
      StringBuilder message, Threading threading, Notification notification, ZonedDateTime now) {
    var day =
        switch (threading) {
          case NONE -> null;
          case BY_GROUP -> "";
          case DAILY -> DateTimeFormatter.ISO_LOCAL_DATE.format(now);
        };
    if (day != null) {
      var root =
          "<alert-%s-%s@alertmanager>".formatted(notification.groupHash().substring(0, 16), day);
      header(message, "References", root);
      header(message, "In-Reply-To", root);
    }
  }

  private static void part(StringBuilder message, String boundary, String type, String body) {
    message.append("--").append(boundary).append("\r\n");
    header(message, "Content-Transfer-Encoding", "quoted-printable");
    header(message, "Content-Type", type + "; charset=UTF-8");
    message.append("\r\n").append(quotedPrintable(body)).append("\r\n");
  }

  /// The addresses of a list such as `Ops <ops@x.org>, b@x.org`.
  private static List<String> addresses(String field, String list) {
    var addresses = new ArrayList<String>();
    for (var entry : entries(list)) {
      int open = entry.lastIndexOf('<');
      int close = entry.lastIndexOf('>');
      var address = open >= 0 && close > open ? entry.substring(open + 1, close) : entry;
      if (!address.matches("[^\\s@<>,;\"]+@[^\\s@<>,;\"]+")) {
        throw new IllegalArgumentException(
            "parse '%s' addresses: \"%s\" is no address".formatted(field, entry));
      }
      addresses.add(address);
    }
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("parse '%s' addresses: no address".formatted(field));
    }
    return addresses;
  }

  /// What the commas divide that stand in no quotes.
  private static List<String> entries(String list) {
    return Arrays.stream(list.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .toList();
  }

  /// A header's value, as encoded words where it is not plain. A line end would begin another
  /// header.
  static String encoded(String value) {
    var line = value.replaceAll("[\\r\\n]+", " ");
    if (line.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7f))) {
      return line;
    }
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    for (int c : line.codePoints().toArray()) {
      var letter = encodedLetter(c);
      if (word.length() + letter.length() + "=?utf-8?q??=".length() > ENCODED_WORD) {
        words.add(word.toString());
        word.setLength(0);
      }
      word.append(letter);
    }
    words.add(word.toString());
    return String.join("\r\n ", words.stream().map("=?utf-8?q?%s?="::formatted).toList());
  }

  private static String encodedLetter(int c) {
    if (c == ' ') {
      return "_";
    }
    if (c > 0x20 && c < 0x7f && c != '=' && c != '?' && c != '_') {
      return Character.toString(c);
    }
    var encoded = new StringBuilder();
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      encoded.append("=%02X".formatted(b));
    }
    return encoded.toString();
  }

  /// The text in lines of at most 76 characters that any mail server passes on unharmed.
  static String quotedPrintable(String text) {
    var encoded = new StringBuilder();
    int column = 0;
    var bytes = text.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      int b = bytes[i] & 0xff;
      if (b == '\n') {
        encoded.append("\r\n");
        column = 0;
        continue;
      }
      boolean lineEnds = i + 1 == bytes.length || bytes[i + 1] == '\n';
      boolean blank = b == ' ' || b == '\t';
      boolean plain = (b > 0x20 && b < 0x7f && b != '=') || (blank && !lineEnds);
      var letter = plain ? Character.toString(b) : "=%02X".formatted(b);
      if (column + letter.length() > LINE - 1 && !(lineEnds && column + letter.length() == LINE)) {
        encoded.append("=\r\n");
        column = 0;
      }
      encoded.append(letter);
      column += letter.length();
    }
    return encoded.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EmailMessage that
        && from.equals(that.from)
        && to.equals(that.to)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "mail from %s to %s, %d bytes".formatted(from, to, bytes.length);
  }
}
