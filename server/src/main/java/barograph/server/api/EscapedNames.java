package barograph.server.api;

import barograph.ingest.scrape.NameEscaping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Names of metrics and labels as a reader of the text format wants them: the classic ones as they
/// are, others escaped in one of several ways.
///
/// Those that know only classic names are many, and so the way is underscores unless the reader
/// asks for another.
record EscapedNames(NameEscaping escaping) {
  private static final String QUALITY = "q";

  /// One kind of answer that a reader takes.
  private record Accepted(String mediaType, double quality, Map<String, String> parameters) {
    static Accepted parse(String item) {
      String[] parts = item.split(";", -1);
      double quality = 1;
      var parameters = new HashMap<String, String>();
      for (int i = 1; i < parts.length; i++) {
        int equals = parts[i].indexOf('=');
        if (equals >= 0) {
          parameters.put(
              parts[i].substring(0, equals).strip(), parts[i].substring(equals + 1).strip());
        }
      }
      if (parameters.containsKey(QUALITY)) {
        try {
          quality = Double.parseDouble(parameters.get(QUALITY));
        } catch (NumberFormatException e) {
          quality = 0;
        }
      }
      return new Accepted(parts[0].strip(), quality, parameters);
    }

    boolean isProtobuf() {
      return mediaType.equals("application/vnd.google.protobuf")
          && parameters.getOrDefault("proto", "").equals("io.prometheus.client.MetricFamily")
          && parameters.getOrDefault("encoding", "").equals("delimited");
    }

    boolean isText() {
      String version = parameters.getOrDefault("version", "");
      return mediaType.equals("text/plain") && List.of("", "0.0.4", "1.0.0").contains(version);
    }
  }

  /// The kinds that an `Accept` header names, the best first.
  private static List<Accepted> kinds(String header) {
    var items = new ArrayList<Accepted>();
    for (String item : header.split(",", -1)) {
      items.add(Accepted.parse(item));
    }
    items.sort(Comparator.comparingDouble(Accepted::quality).reversed());
    return items;
  }

  /// Whether an `Accept` header prefers messages of metric families to text.
  static boolean prefersProtobuf(String header) {
    for (var item : kinds(header)) {
      if (item.isText() || item.isProtobuf()) {
        return item.isProtobuf();
      }
    }
    return false;
  }

  /// What an `Accept` header asks for: the escaping of the best kind that names one, down to what
  /// will be answered: the text format, or messages where they are preferred.
  static EscapedNames accepted(String header) {
    var wanted = NameEscaping.UNDERSCORES;
    for (var item : kinds(header)) {
      String named = item.parameters.getOrDefault("escaping", "");
      for (NameEscaping known : NameEscaping.values()) {
        wanted = known.configName().equals(named) ? known : wanted;
      }
      if (item.isText() || item.isProtobuf()) {
        break;
      }
    }
    return new EscapedNames(wanted);
  }

  /// Whether a metric's name needs neither escapes nor quotes.
  static boolean isClassicMetric(String name) {
    return isClassic(name, true);
  }

  /// Whether a label's name needs neither. Prometheus writes colons in them too, and then cannot
  /// read its own page.
  static boolean isClassicLabel(String name) {
    return isClassic(name, false);
  }

  private static boolean isClassic(String name, boolean colons) {
    for (int i = 0; i < name.length(); i++) {
      if (!isClassic(name.charAt(i), i, colons)) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isClassic(int point, int at, boolean colons) {
    return (point >= 'a' && point <= 'z')
        || (point >= 'A' && point <= 'Z')
        || point == '_'
        || (point == ':' && colons)
        || (point >= '0' && point <= '9' && at > 0);
  }

  /// A metric's name as it is to be written; one that is not classic only comes out where names may
  /// be quoted.
  String metric(String name) {
    return escaped(name, true);
  }

  /// A label's name as it is to be written, likewise.
  String label(String name) {
    return escaped(name, false);
  }

  private String escaped(String name, boolean colons) {
    if (escaping == NameEscaping.ALLOW_UTF_8 || isClassic(name, colons)) {
      return name;
    }
    var escaped = new StringBuilder(name.length() + 16);
    if (escaping == NameEscaping.VALUES) {
      escaped.append("U__");
    }
    for (int i = 0; i < name.length(); ) {
      int point = name.codePointAt(i);
      if (isClassic(point, i, colons) && (point != '_' || escaping == NameEscaping.UNDERSCORES)) {
        escaped.append((char) point);
      } else {
        escaped.append(standIn(point));
      }
      i += Character.charCount(point);
    }
    return escaped.toString();
  }

  /// What is written for a character that is not allowed, or is the mark of an escape.
  private String standIn(int point) {
    return switch (escaping) {
      case ALLOW_UTF_8 -> Character.toString(point);
      case UNDERSCORES -> "_";
      case DOTS -> point == '.' ? "_dot_" : "__";
      case VALUES -> point == '_' ? "__" : "_" + Integer.toHexString(point) + "_";
    };
  }
}
