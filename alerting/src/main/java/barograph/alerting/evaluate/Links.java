package barograph.alerting.evaluate;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Links into the console that stand in alerts.
final class Links {
  private Links() {}

  /// The path under which the console shows `expr` as a table.
  static String table(String expr) {
    return "/graph?g0.expr=" + escape(expr) + "&g0.tab=1";
  }

  /// Escapes as Go does, whose links people compare with ours: `*` but not `~`.
  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A").replace("%7E", "~");
  }
}
