package barograph.alerting.receiver;

import barograph.alerting.receiver.SmtpSettings.Login;
import barograph.storage.outbound.Secret;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A conversation with a mail server, after RFC 5321: secret where that is asked for, and logged
/// in.
///
/// No password is said on a connection that is not secret, unless the server is this machine.
final class SmtpSession implements Closeable {
  private static final int LONGEST_LINE = 4096;
  private static final int MOST_LINES = 256;
  private static final int OK = 250;
  private static final int READY = 220;
  private static final int GO_ON = 354;
  private static final int CHALLENGE = 334;
  private static final int LOGGED_IN = 235;

  private final SmtpSettings settings;
  private final long deadlineNanos;
  private Socket socket;
  private InputStream in;
  private OutputStream out;
  private boolean secret;
  private final Map<String, String> extensions = new HashMap<>();

  private SmtpSession(SmtpSettings settings, Socket socket, Duration timeout) throws IOException {
    this.settings = settings;
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = new BufferedOutputStream(socket.getOutputStream());
  }

  /// Connects, makes the connection secret, and logs in.
  ///
  /// @param timeout for all that is said until the session is closed
  /// @throws IOException if the server cannot be reached or does not want to
  static SmtpSession open(SmtpSettings settings, Duration timeout) throws IOException {
    var socket = new Socket();
    try {
      long millis = Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
      socket.connect(new InetSocketAddress(settings.host(), settings.port()), (int) millis);
      var session = new SmtpSession(settings, socket, timeout);
      session.begin();
      return session;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void begin() throws IOException {
    if (settings.implicitTls()) {
      becomeSecret();
    }
    expect(READY, answer());
    hello();
    if (settings.requireTls() && !secret) {
      if (!extensions.containsKey("STARTTLS")) {
        throw new IOException(
            "'require_tls' is true (default) but \"%s:%d\" does not advertise the STARTTLS"
                    .formatted(settings.host(), settings.port())
                + " extension");
      }
      expect(READY, ask("STARTTLS"));
      becomeSecret();
      hello();
    }
    @Nullable Login login = settings.login();
    @Nullable String mechanisms = extensions.get("AUTH");
    if (login != null && mechanisms != null) {
      logIn(login, mechanisms);
    }
  }

  private void becomeSecret() throws IOException {
    var name = Objects.requireNonNullElse(settings.tls().serverName(), settings.host());
    var tls =
        (SSLSocket)
            settings.tls().socketFactory().createSocket(socket, name, settings.port(), true);
    if (!settings.tls().unchecked()) {
      var parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
    }
    socket = tls;
    tls.setSoTimeout(millisLeft());
    tls.startHandshake();
    in = new BufferedInputStream(tls.getInputStream());
    out = new BufferedOutputStream(tls.getOutputStream());
    secret = true;
  }

  private void hello() throws IOException {
    extensions.clear();
    var answer = ask("EHLO " + settings.hello());
    if (answer.code != OK) {
      expect(OK, ask("HELO " + settings.hello()));
      return;
    }
    for (var line : answer.lines) {
      var words = line.split(" ", 2);
      extensions.put(words[0].toUpperCase(Locale.ROOT), words.length > 1 ? words[1] : "");
    }
  }

  /// Logs in by the first way that the server offers and that there is a secret for.
  private void logIn(Login login, String mechanisms) throws IOException {
    boolean local = List.of("localhost", "127.0.0.1", "::1").contains(settings.host());
    for (var mechanism : mechanisms.split(" ", -1)) {
      @Nullable Secret password = login.password();
      @Nullable Secret challenge = login.secret();
      if (mechanism.equals("CRAM-MD5") && challenge != null) {
        var asked = ask("AUTH CRAM-MD5");
        expect(CHALLENGE, asked);
        var text = login.username() + " " + code(challenge.reveal(), decoded(asked.text()));
        expect(LOGGED_IN, ask(encoded(text)));
        return;
      }
      if (password == null || !List.of("PLAIN", "LOGIN").contains(mechanism)) {
        continue;
      }
      if (!secret && !local) {
        throw new IOException("unencrypted connection: the password is not sent");
      }
      if (mechanism.equals("PLAIN")) {
        var text = login.identity() + "\0" + login.username() + "\0" + password.reveal();
        expect(LOGGED_IN, ask("AUTH PLAIN " + encoded(text)));
      } else {
        expect(CHALLENGE, ask("AUTH LOGIN"));
        expect(CHALLENGE, ask(encoded(login.username())));
        expect(LOGGED_IN, ask(encoded(password.reveal())));
      }
      return;
    }
    throw new IOException(
        "the server offers to log in by %s, for none of which there is a secret"
            .formatted(mechanisms));
  }

  /// Sends one mail.
  ///
  /// @param message with `\r\n` at the end of its lines
  void send(String from, List<String> to, byte[] message) throws IOException {
    expect(OK, ask("MAIL FROM:<%s>".formatted(from)));
    for (var address : to) {
      var answer = ask("RCPT TO:<%s>".formatted(address));
      if (answer.code / 10 != OK / 10) {
        expect(OK, answer);
      }
    }
    expect(GO_ON, ask("DATA"));
    out.write(dotted(message));
    expect(OK, ask("."));
  }

  /// A line that begins with a dot gets a second one: a dot alone ends the message.
  private static byte[] dotted(byte[] message) {
    var dotted = new ByteArrayOutputStream(message.length + 64);
    for (int i = 0; i < message.length; i++) {
      if (message[i] == '.' && (i == 0 || message[i - 1] == '\n')) {
        dotted.write('.');
      }
      dotted.write(message[i]);
    }
    return dotted.toByteArray();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] decoded(String text) throws IOException {
    try {
      return Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException e) {
      throw new IOException("the server's challenge is not Base64", e);
    }
  }

  private static String code(String secret, byte[] challenge) {
    try {
      var mac = Mac.getInstance("HmacMD5");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacMD5"));
      return HexFormat.of().formatHex(mac.doFinal(challenge));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC-MD5", e);
    }
  }

  /// What the server says: a number, and the text of its lines.
  private record Answer(int code, List<String> lines) {
    String text() {
      return String.join(" ", lines);
    }
  }

  private static void expect(int code, Answer answer) throws IOException {
    if (answer.code != code) {
      throw new IOException(
          "the mail server said \"%d %s\", expected %d"
              .formatted(answer.code, answer.text(), code));
    }
  }

  private Answer ask(String command) throws IOException {
    if (command.indexOf('\r') >= 0 || command.indexOf('\n') >= 0) {
      throw new IOException("a line end stands in what is to be said to the mail server");
    }
    out.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    return answer();
  }

  private Answer answer() throws IOException {
    var lines = new ArrayList<String>();
    while (true) {
      var line = line();
      if (line.length() < 3 || !line.substring(0, 3).chars().allMatch(Character::isDigit)) {
        throw new IOException(
            "the mail server said \"%s\", which begins with no code".formatted(line));
      }
      lines.add(line.length() > 4 ? line.substring(4) : "");
      if (lines.size() > MOST_LINES) {
        throw new IOException("the mail server does not stop talking");
      }
      if (line.length() == 3 || line.charAt(3) != '-') {
        return new Answer(Integer.parseInt(line.substring(0, 3)), lines);
      }
    }
  }

  private String line() throws IOException {
    socket.setSoTimeout(millisLeft());
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the mail server closed the connection");
      }
      if (line.size() == LONGEST_LINE) {
        throw new IOException(
            "the mail server sent a line of more than %d bytes".formatted(LONGEST_LINE));
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private int millisLeft() throws IOException {
    long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new IOException("the mail server took too long");
    }
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  /// Takes leave; what the server says to that does not matter any more.
  @Override
  public void close() {
    try {
      try {
        ask("QUIT");
      } finally {
        socket.close();
      }
    } catch (IOException e) {
      System.getLogger(SmtpSession.class.getName())
          .log(System.Logger.Level.DEBUG, "a mail server was left without a word", e);
    }
  }
}
