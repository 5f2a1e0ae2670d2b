package barograph.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A proxy that remembers what it was asked: it answers requests in the clear itself and opens the
/// tunnels that it is asked for to a port of this machine, whatever host they name.
final class FakeProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final int tunnelsTo;
  private final String answer;

  /// @param tunnelsTo port to which tunnels lead
  /// @param answer status line for those who ask for one
  FakeProxy(int tunnelsTo, String answer) throws IOException {
    this.tunnelsTo = tunnelsTo;
    this.answer = answer;
    Thread.ofVirtual().start(this::run);
  }

  URI url(String userInfo) {
    return URI.create("http://" + userInfo + "127.0.0.1:" + listener.getLocalPort());
  }

  /// The heads of the requests so far.
  List<String> heads() {
    return heads;
  }

  private void run() {
    try {
      while (true) {
        var socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      String head = head(socket.getInputStream());
      heads.add(head);
      if (!head.startsWith("CONNECT ")) {
        write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nby proxy");
        return;
      }
      write(socket, "HTTP/1.1 " + answer + "\r\n\r\n");
      try (var to = new Socket(InetAddress.getLoopbackAddress(), tunnelsTo)) {
        var back = Thread.ofVirtual().start(() -> pump(to, socket));
        pump(socket, to);
        back.join();
      }
    } catch (IOException e) {
      // The other side has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // The other side has gone.
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no whole head");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
