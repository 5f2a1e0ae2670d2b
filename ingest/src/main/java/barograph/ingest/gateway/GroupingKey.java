package barograph.ingest.gateway;

import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What tells a group from others: `job` and the other labels that its address names.
///
/// @param labels by name; a value may be empty, which tells it from no label at all
record GroupingKey(Map<String, String> labels) implements Comparable<GroupingKey> {
  private static final String BASE64 = "@base64";
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  GroupingKey {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /// Reads the part of an address that follows `/metrics/`, as `job/a/instance/b`; a name that ends
  /// in `@base64` says that its value is Base64 for URLs.
  static GroupingKey parse(String path) throws BadPushException {
    int slash = path.indexOf('/');
    String first = slash < 0 ? path : path.substring(0, slash);
    String rest = slash < 0 ? "" : path.substring(slash + 1);
    int end = rest.indexOf('/');
    String job = end < 0 ? rest : rest.substring(0, end);
    if (first.endsWith(BASE64)) {
      try {
        job = decoded(job);
      } catch (IllegalArgumentException e) {
        throw new BadPushException(
            "invalid base64 encoding in job name \"%s\": illegal base64 data".formatted(job));
      }
    }
    var labels = others(end < 0 ? "" : rest.substring(end));
    if (job.isEmpty()) {
      throw new BadPushException("job name is required");
    }
    labels.put("job", job);
    return new GroupingKey(labels);
  }

  /// @param text `/name/value/name/value…`, or nothing
  private static Map<String, String> others(String text) throws BadPushException {
    var labels = new TreeMap<String, String>();
    if (text.length() <= 1) {
      return labels;
    }
    String[] parts = text.substring(1).split("/", -1);
    if (parts.length % 2 != 0) {
      throw new BadPushException("odd number of components in label string \"%s\"".formatted(text));
    }
    for (int i = 0; i < parts.length; i += 2) {
      boolean encoded = parts[i].endsWith(BASE64);
      String name = encoded ? parts[i].substring(0, parts[i].length() - BASE64.length()) : parts[i];
      if (!NAME.matcher(name).matches() || name.startsWith("__")) {
        throw new BadPushException("improper label name \"%s\"".formatted(name));
      }
      try {
        labels.put(name, encoded ? decoded(parts[i + 1]) : parts[i + 1]);
      } catch (IllegalArgumentException e) {
        throw new BadPushException(
            "invalid base64 encoding for label %s=\"%s\": illegal base64 data"
                .formatted(name, parts[i + 1]));
      }
    }
    return labels;
  }

  private static String decoded(String base64) {
    byte[] bytes = Base64.getUrlDecoder().decode(base64.replaceAll("=+$", ""));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// The labels that a series of this group has; those without a value are none.
  Labels asLabels() {
    return Labels.of(labels);
  }

  @Override
  public int compareTo(GroupingKey other) {
    return labels.toString().compareTo(other.labels.toString());
  }
}
