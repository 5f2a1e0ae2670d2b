package barograph.ingest.scrape;

import barograph.storage.model.Labels;

/// The names that were allowed before all of UTF-8 was.
final class LegacyNames {
  private LegacyNames() {}

  /// Whether the metric and all labels are called by letters, digits and underscores of ASCII, and
  /// do not begin with a digit; a metric may have colons.
  static boolean allow(Labels labels) {
    for (int i = 0; i < labels.size(); i++) {
      String name = labels.name(i);
      if (!isName(name, false)
          || (name.equals(Labels.METRIC_NAME) && !isName(labels.value(i), true))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(String name, boolean colons) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      boolean digit = c >= '0' && c <= '9';
      if (!letter && !(digit && i > 0) && !(c == ':' && colons)) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
