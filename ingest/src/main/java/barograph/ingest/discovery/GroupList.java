package barograph.ingest.discovery;

import barograph.ingest.json.JsonFault;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A list of groups of targets as JSON: `[{"targets": ["host:port"], "labels": {"name":
/// "value"}}]`.
final class GroupList {
  private static final JsonMapper JSON = JsonMapper.shared();

  private GroupList() {}

  static JsonNode tree(byte[] json) throws IOException {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IOException("the answer is no JSON: " + JsonFault.inOne(json, json.length, e), e);
    }
  }

  /// @param also labels that every group gets
  static List<TargetGroup> read(byte[] json, Map<String, String> also) throws IOException {
    JsonNode list = tree(json);
    if (!list.isArray()) {
      throw new IOException("the answer is no list of groups of targets");
    }
    var groups = new ArrayList<TargetGroup>();
    for (JsonNode group : list) {
      if (!group.isObject()) {
        throw new IOException("an entry of the list is no group of targets: " + group);
      }
      var addresses = new ArrayList<String>();
      for (JsonNode target : group.path("targets")) {
        addresses.add(text(target));
      }
      var labels = new Labels.Builder();
      for (var label : group.path("labels").properties()) {
        labels.set(label.getKey(), text(label.getValue()));
      }
      also.forEach(labels::set);
      groups.add(TargetGroup.of(addresses, labels.build()));
    }
    return groups;
  }

  private static String text(JsonNode node) throws IOException {
    if (!node.isString()) {
      throw new IOException("targets and labels must be strings, found " + node);
    }
    return node.asString();
  }
}
