package barograph.server.config;

import barograph.query.ast.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// A value of a YAML file that remembers where it stands, read as whatever type its key calls for.
///
/// @param file as messages name it
/// @param path keys from the root, as `scrape_configs[0].job_name`
record YamlNode(String file, String path, Node node) {
  private static final int MAX_ALIASES = 1_000;

  /// The first document of `text`, or null if there is none.
  ///
  /// @throws ConfigException if it is not YAML
  static @Nullable YamlNode parse(String file, String text) {
    var settings =
        LoadSettings.builder().setLabel(file).setMaxAliasesForCollections(MAX_ALIASES).build();
    try {
      var documents =
          new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)));
      if (!documents.hasNext()) {
        return null;
      }
      var node = new YamlNode(file, "", documents.next());
      return node.isNull() ? null : node;
    } catch (MarkedYamlEngineException e) {
      String place =
          e.getProblemMark()
              .map(mark -> ":%d:%d".formatted(mark.getLine() + 1, mark.getColumn() + 1))
              .orElse("");
      throw new ConfigException("%s%s: %s".formatted(file, place, e.getProblem()), e);
    } catch (YamlEngineException e) {
      throw new ConfigException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// Whether the value is absent though its key is there.
  boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  YamlNode child(String key, Node value) {
    return new YamlNode(file, path.isEmpty() ? key : path + "." + key, value);
  }

  /// The error that something about this value is wrong.
  ConfigException error(String problem) {
    return errorAt(node, problem);
  }

  /// The error that something at `place`, or without it at this value, is wrong.
  ConfigException errorAt(@Nullable Node place, String problem) {
    String at =
        (place == null ? node : place)
            .getStartMark()
            .map(YamlNode::lineAndColumn)
            .map(text -> ":" + text)
            .orElse("");
    String what = path.isEmpty() ? "" : path + ": ";
    return new ConfigException("%s%s: %s%s".formatted(file, at, what, problem));
  }

  private static String lineAndColumn(Mark mark) {
    return "%d:%d".formatted(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private String kind() {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      case ScalarNode scalar -> isNull() ? "nothing" : "\"" + scalar.getValue() + "\"";
      default -> "something else";
    };
  }

  YamlMap asMap() {
    if (node instanceof MappingNode mapping) {
      return new YamlMap(this, mapping);
    }
    throw error("expected a mapping, found " + kind());
  }

  List<YamlNode> asList() {
    if (!(node instanceof SequenceNode sequence)) {
      throw error("expected a list, found " + kind());
    }
    if (sequence.isRecursive()) {
      throw error("a list refers to itself");
    }
    var items = new ArrayList<YamlNode>();
    for (Node item : sequence.getValue()) {
      var child = new YamlNode(file, "%s[%d]".formatted(path, items.size()), item);
      if (child.isNull()) {
        throw child.error("empty or null entry in a list");
      }
      items.add(child);
    }
    return items;
  }

  String asString() {
    if (node instanceof ScalarNode scalar) {
      return isNull() ? "" : scalar.getValue();
    }
    throw error("expected a string, found " + kind());
  }

  boolean isMap() {
    return node instanceof MappingNode;
  }

  /// The value as it stands: maps and lists of text, whole numbers, truth values and null.
  @Nullable Object asTree() {
    return switch (node) {
      case MappingNode _ -> {
        var map = asMap();
        var tree = new LinkedHashMap<String, @Nullable Object>();
        for (String name : map.names()) {
          @Nullable YamlNode value = map.get(name);
          tree.put(name, value == null ? null : value.asTree());
        }
        yield tree;
      }
      case SequenceNode _ -> asList().stream().map(YamlNode::asTree).toList();
      default -> {
        if (isNull()) {
          yield null;
        }
        if (node.getTag().equals(Tag.BOOL)) {
          yield asBoolean();
        }
        if (node.getTag().equals(Tag.INT)) {
          yield asLong();
        }
        yield node.getTag().equals(Tag.FLOAT) ? (Object) Double.valueOf(asString()) : asString();
      }
    };
  }

  List<String> asStrings() {
    return asList().stream().map(YamlNode::asString).toList();
  }

  Map<String, String> asStringMap() {
    return asMap().strings();
  }

  boolean asBoolean() {
    String text = asString();
    if (node instanceof ScalarNode scalar && scalar.getScalarStyle() != ScalarStyle.PLAIN) {
      throw error("expected true or false, found the text " + kind());
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw error("expected true or false, found " + kind());
    };
  }

  long asLong() {
    try {
      return Long.parseLong(asString());
    } catch (NumberFormatException e) {
      throw error("expected a whole number, found " + kind());
    }
  }

  double asNumber() {
    try {
      return Double.parseDouble(asString());
    } catch (NumberFormatException e) {
      throw error("expected a number, found " + kind());
    }
  }

  int asCount() {
    long value = asLong();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw error("expected a number from 0 to %d, found %s".formatted(Integer.MAX_VALUE, kind()));
    }
    return (int) value;
  }

  Duration asDuration() {
    try {
      return Duration.ofMillis(Durations.parseMillis(asString()));
    } catch (IllegalArgumentException e) {
      throw error("%s, expected one such as 15s or 1h30m".formatted(e.getMessage()));
    }
  }

  /// The value as Go's own durations are written, or as a number of nanoseconds.
  Duration asGoDuration() {
    if (node.getTag().equals(Tag.INT)) {
      return Duration.ofNanos(asLong());
    }
    try {
      return GoDuration.parse(asString());
    } catch (IllegalArgumentException e) {
      throw error("%s, expected one such as 15s or 1h30m".formatted(e.getMessage()));
    }
  }

  /// A size in bytes: a number with its unit, a kilobyte being 1,024 bytes.
  long asBytes() {
    try {
      return ByteSize.parse(asString());
    } catch (IllegalArgumentException e) {
      throw error(String.valueOf(e.getMessage()));
    }
  }
}
