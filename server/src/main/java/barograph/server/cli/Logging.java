package barograph.server.cli;

import barograph.server.cli.Flags.UsageException;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends messages to the standard error stream, one line each, as logfmt or JSON.
public final class Logging {
  /// A quote within the message would end it, so it becomes an apostrophe.
  private static final String LOGFMT =
      "time=%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} level=%level source=%logger{0}"
          + " msg=\"%replace(%replace(%msg){'\"', \"'\"}){'\\n', ' '}\"%n%ex{full}";

  private Logging() {}

  /// Logs from now on so.
  ///
  /// @throws UsageException if level or format is none that there is
  public static void configure(String level, String format) {
    Level least =
        switch (level.toLowerCase(Locale.ROOT)) {
          case "debug" -> Level.DEBUG;
          case "info" -> Level.INFO;
          case "warn" -> Level.WARN;
          case "error" -> Level.ERROR;
          default ->
              throw new UsageException(
                  "--log.level is \"%s\", expected debug, info, warn or error".formatted(level));
        };
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Encoder<ILoggingEvent> encoder =
        switch (format) {
          case "logfmt" -> {
            var pattern = new PatternLayoutEncoder();
            pattern.setPattern(LOGFMT);
            yield pattern;
          }
          case "json" -> new JsonEncoder();
          default ->
              throw new UsageException(
                  "--log.format is \"%s\", expected logfmt or json".formatted(format));
        };
    encoder.setContext(context);
    encoder.start();
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(least);
    root.addAppender(console);
    context.getLogger("io.netty").setLevel(Level.WARN);
    context.getLogger("net.openhft").setLevel(Level.WARN);
    context.getLogger("oshi").setLevel(Level.WARN);
  }
}
