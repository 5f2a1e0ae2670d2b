package barograph.alerting.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A mail server of one thread on this machine: remembers what it is told, offers what the test
/// wants it to offer, and says what the test wants it to say.
public final class FakeMailServer implements AutoCloseable {
  private final ServerSocket listener;
  private final @Nullable SSLContext tls;
  private final boolean secretFromTheStart;
  private final List<String> extensions;
  private final Map<String, String> refusals = new ConcurrentHashMap<>();
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private final List<String> mails = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread;

  /// @param tls with what it becomes secret; null if it never does
  /// @param secretFromTheStart whether it is so before the first word
  public FakeMailServer(@Nullable SSLContext tls, boolean secretFromTheStart, String... extensions)
      throws IOException {
    this.tls = tls;
    this.secretFromTheStart = secretFromTheStart;
    this.extensions = List.of(extensions);
    listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    thread = Thread.ofVirtual().start(this::serve);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Answers commands that begin with `command` like this.
  public void refuse(String command, String answer) {
    refusals.put(command, answer);
  }

  /// The commands, those behind STARTTLS with a `*` before them.
  public List<String> heard() {
    return List.copyOf(heard);
  }

  /// The mails as they came.
  public List<String> mails() {
    return List.copyOf(mails);
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (var socket = listener.accept()) {
        if (secretFromTheStart) {
          converse(secret(socket), true);
        } else {
          converse(socket, false);
        }
      } catch (IOException e) {
        heard.add("(closed)");
      }
    }
  }

  private SSLSocket secret(Socket socket) throws IOException {
    if (tls == null) {
      throw new IOException("no certificate");
    }
    var secret =
        (SSLSocket)
            tls.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), false);
    secret.setUseClientMode(false);
    secret.startHandshake();
    return secret;
  }

  private void converse(Socket socket, boolean secret) throws IOException {
    var in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    say(socket, "220 fake");
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      heard.add((secret ? "*" : "") + line);
      var refusal = refusal(line);
      if (refusal != null) {
        say(socket, refusal);
      } else if (line.startsWith("EHLO")) {
        extensions.forEach(extension -> say(socket, "250-" + extension));
        say(socket, "250 HELP");
      } else if (line.equals("STARTTLS")) {
        say(socket, "220 go");
        var upgraded = secret(socket);
        converseAgain(upgraded);
        return;
      } else if (line.startsWith("AUTH CRAM-MD5")) {
        say(socket, "334 " + base64("<1896.697170952@postoffice.reston.mci.net>"));
        heard.add("*" + text(in.readLine()));
        say(socket, "235 in");
      } else if (line.startsWith("AUTH LOGIN")) {
        say(socket, "334 " + base64("Username:"));
        heard.add("*" + text(in.readLine()));
        say(socket, "334 " + base64("Password:"));
        heard.add("*" + text(in.readLine()));
        say(socket, "235 in");
      } else if (line.startsWith("AUTH PLAIN ")) {
        heard.add("*" + text(line.substring(11)).replace('\0', '|'));
        say(socket, "235 in");
      } else if (line.equals("DATA")) {
        say(socket, "354 go on");
        mails.add(mail(in));
        say(socket, "250 taken");
      } else if (line.equals("QUIT")) {
        say(socket, "221 bye");
        return;
      } else {
        say(socket, "250 ok");
      }
    }
  }

  /// A client that has made the connection secret expects no greeting.
  private void converseAgain(Socket socket) throws IOException {
    var in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      heard.add("*" + line);
      if (line.startsWith("EHLO")) {
        extensions.stream()
            .filter(extension -> !extension.equals("STARTTLS"))
            .forEach(extension -> say(socket, "250-" + extension));
        say(socket, "250 HELP");
      } else if (line.startsWith("AUTH PLAIN ")) {
        heard.add("*" + text(line.substring(11)).replace('\0', '|'));
        say(socket, "235 in");
      } else if (line.equals("DATA")) {
        say(socket, "354 go on");
        mails.add(mail(in));
        say(socket, "250 taken");
      } else if (line.equals("QUIT")) {
        say(socket, "221 bye");
        return;
      } else {
        say(socket, "250 ok");
      }
    }
  }

  private @Nullable String refusal(String line) {
    return refusals.entrySet().stream()
        .filter(entry -> line.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findAny()
        .orElse(null);
  }

  private static String mail(BufferedReader in) throws IOException {
    var mail = new StringBuilder();
    for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      mail.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
    }
    return mail.toString();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static void say(Socket socket, String line) {
    try {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    thread.interrupt();
  }
}
