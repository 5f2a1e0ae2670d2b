package barograph.server.config;

import java.util.ArrayList;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// What an empty file or section says: a mapping without keys.
final class EmptyMapping {
  static final MappingNode NODE = new MappingNode(Tag.MAP, new ArrayList<>(), FlowStyle.BLOCK);

  private EmptyMapping() {}
}
