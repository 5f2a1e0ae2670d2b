package barograph.server.practice;

import barograph.server.http.Dispatcher;
import barograph.server.http.HttpLimits;
import barograph.server.http.HttpServer;
import barograph.server.http.Lanes;
import barograph.server.http.Router;
import barograph.server.http.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/// A connection of the process with itself: a listener on the loopback address that takes one
/// client, and that client. What it is asked goes all the way that a user's request goes, but on
/// request threads of its own, and is counted nowhere.
final class PrivateLine implements AutoCloseable {
  private static final Pattern NO_ORIGIN = Pattern.compile("(?!)");
  private static final byte[] NO_BODY = {};

  private final Lanes lanes;
  private final HttpServer listener;
  private final LoopbackClient client;

  private PrivateLine(Lanes lanes, HttpServer listener, LoopbackClient client) {
    this.lanes = lanes;
    this.listener = listener;
    this.client = client;
  }

  /// @param router answers what is asked
  /// @throws IOException if there is no loopback address, or somebody else was quicker
  static PrivateLine open(Transport transport, Router router) throws IOException {
    var usual = HttpLimits.DEFAULT;
    var onlyOne =
        new HttpLimits(
            1,
            usual.bodyBudgetBytes(),
            usual.headTimeout(),
            usual.requestTimeout(),
            usual.idleTimeout());
    var lanes = new Lanes(1, 1, 1);
    try {
      var dispatcher = new Dispatcher("/", router, NO_ORIGIN, (_, _, _, _) -> {});
      var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var listener = HttpServer.start(transport, here, lanes, dispatcher, onlyOne);
      try {
        return new PrivateLine(lanes, listener, new LoopbackClient(listener.port()));
      } catch (IOException e) {
        listener.close();
        throw e;
      }
    } catch (IOException e) {
      lanes.close();
      throw e;
    }
  }

  /// Asks, and returns the status of the answer once it has come whole.
  int ask(String path) throws IOException {
    return client.send("GET", path, "", NO_BODY);
  }

  /// Sends a request of remote write, and returns the status of its answer.
  int write(byte[] request) throws IOException {
    return client.send("POST", "/api/v1/write", "Content-Encoding: snappy\r\n", request);
  }

  int port() {
    return listener.port();
  }

  @Override
  public void close() throws IOException {
    try {
      client.close();
    } finally {
      listener.close();
      lanes.close();
    }
  }
}
