package barograph.server.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// This machine's name, as it calls itself.
public final class Hostname {
  private Hostname() {}

  public static String get() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
