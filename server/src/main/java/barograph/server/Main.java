package barograph.server;

import barograph.server.api.StatusApi.Build;
import barograph.server.cli.Flags;
import barograph.server.cli.Flags.UsageException;
import barograph.server.cli.Hangup;
import barograph.server.cli.Logging;
import barograph.server.cli.Options;
import barograph.server.cli.Tool;
import barograph.server.cli.Verify;
import barograph.server.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/// The program: reads flags, opens the server, and waits to be told to stop.
public final class Main {
  private static final System.Logger LOG = System.getLogger(Main.class.getName());
  private static final int USAGE_ERROR = 1;
  private static final int FAILED = 1;

  private Main() {}

  public static void main(String[] arguments) {
    var asked = List.of(arguments);
    if (asked.contains("--help") || asked.contains("-h")) {
      System.out.print(Flags.help());
      return;
    }
    if (asked.size() == 2 && asked.getFirst().equals("verify")) {
      Logging.configure("error", "logfmt");
      System.exit(Verify.run(Path.of(asked.getLast()), System.out, System.err));
    }
    if (Tool.serves(asked)) {
      Logging.configure("error", "logfmt");
      System.exit(tool(asked));
    }
    var build = build();
    if (asked.contains("--version")) {
      System.out.printf(
          "barograph, version %s (commit %s, built %s)%nJDK %s%n",
          build.version(), build.commit(), build.builtAt(), Runtime.version());
      return;
    }
    try {
      var flags = Flags.parse(arguments);
      Logging.configure(flags.get("log.level"), flags.get("log.format"));
      run(Options.from(flags, home()), build);
    } catch (UsageException e) {
      System.err.println("barograph: " + e.getMessage());
      System.exit(USAGE_ERROR);
    } catch (ConfigException e) {
      System.err.println("barograph: configuration cannot be used: " + e.getMessage());
      System.exit(FAILED);
    } catch (IOException e) {
      System.err.println("barograph: cannot start: " + e.getMessage());
      System.exit(FAILED);
    }
  }

  private static int tool(List<String> arguments) {
    try {
      return Tool.run(arguments, System.in, System.out, System.err);
    } catch (UsageException e) {
      System.err.println("barograph: " + e.getMessage());
      return USAGE_ERROR;
    }
  }

  private static void run(Options options, Build build) throws IOException {
    var stop = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopInOrder(stop, stopped), "stop"));
    LOG.log(System.Logger.Level.INFO, "Barograph {0}, commit {1}", build.version(), build.commit());
    var host =
        new Barograph.Host(
            build,
            stop::countDown,
            cause -> {
              LOG.log(System.Logger.Level.ERROR, "the disk failed: the process ends", cause);
              Runtime.getRuntime().halt(FAILED);
            });
    try {
      serve(Barograph.open(options, host, InstantSource.system()), stop);
    } finally {
      stopped.countDown();
    }
  }

  private static void serve(Barograph opened, CountDownLatch stop) {
    try (var server = opened) {
      Hangup.runs(() -> reload(server));
      stop.await();
      LOG.log(System.Logger.Level.INFO, "stopping");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.log(System.Logger.Level.INFO, "stopped");
  }

  /// What a SIGTERM or SIGINT starts: the server closes, and an orderly end is exit code 0.
  private static void stopInOrder(CountDownLatch stop, CountDownLatch stopped) {
    boolean endedByItself = stopped.getCount() == 0;
    if (endedByItself) {
      return;
    }
    stop.countDown();
    try {
      stopped.await();
      Runtime.getRuntime().halt(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void reload(Barograph server) {
    try {
      server.reload();
    } catch (IllegalStateException e) {
      // The log has said why; the old configuration goes on.
      LOG.log(System.Logger.Level.DEBUG, "reload refused", e);
    }
  }

  /// Where Barograph lies: the launcher says it.
  private static Path home() {
    return Path.of(System.getProperty("barograph.home", ""));
  }

  static Build build() {
    var properties = new Properties();
    try (InputStream in = Main.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the build's properties cannot be read", e);
    }
    return new Build(
        properties.getProperty("build.version", "unknown"),
        properties.getProperty("build.commit", "unknown"),
        properties.getProperty("build.branch", ""),
        properties.getProperty("build.time", "unknown"));
  }
}
