package barograph.alerting.rule;

import java.util.HashSet;
import java.util.List;

/// One rule file, whose groups have different names.
///
/// @param path as it is shown in `/api/v1/rules`; with the group's name it identifies a group
public record RuleFile(String path, List<RuleGroup> groups) {
  public RuleFile {
    groups = List.copyOf(groups);
    var seen = new HashSet<String>();
    for (var group : groups) {
      if (!seen.add(group.name())) {
        throw new IllegalArgumentException(
            "%s: groupname: \"%s\" is repeated in the same file".formatted(path, group.name()));
      }
    }
  }
}
