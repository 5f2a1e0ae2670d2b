package barograph.server.config;

import barograph.ingest.discovery.TargetGroup;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads files that list groups of targets. They may be YAML or JSON, which YAML comprises.
public final class TargetFileReader {
  private TargetFileReader() {}

  /// The groups that `file` lists.
  ///
  /// @throws IOException if it cannot be read, or lists something else
  public static List<TargetGroup> read(Path file) throws IOException {
    try {
      @Nullable YamlNode root = YamlNode.parse(file.toString(), ConfigLoader.text(file));
      var groups = new ArrayList<TargetGroup>();
      if (root != null) {
        for (YamlNode node : root.asList()) {
          groups.add(group(node));
        }
      }
      return groups;
    } catch (ConfigException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static TargetGroup group(YamlNode node) {
    var map = node.asMap();
    var targets = map.list("targets").stream().map(YamlNode::asString).toList();
    var labels = map.stringMap("labels");
    map.end();
    return map.checked(() -> TargetGroup.of(targets, Labels.of(labels)));
  }
}
