package barograph.server.cli;

import java.lang.reflect.Proxy;

/// What the process does on SIGHUP, the signal by which operators ask a server to read its files
/// anew.
///
/// Only `sun.misc.Signal` hears it, of which javac warns wherever it is named; so it is looked up
/// at run time, and where it is missing the signal keeps its usual meaning.
public final class Hangup {
  private static final System.Logger LOG = System.getLogger(Hangup.class.getName());

  private Hangup() {}

  /// Runs `action` on a thread of the JVM whenever the signal comes.
  public static void runs(Runnable action) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var heard =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                action.run();
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), heard);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LOG.log(System.Logger.Level.WARNING, "SIGHUP does not reload the configuration here", e);
    }
  }
}
