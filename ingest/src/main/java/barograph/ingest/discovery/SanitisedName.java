package barograph.ingest.discovery;

/// Names of others' labels, tags and keys as parts of the names of labels.
final class SanitisedName {
  private SanitisedName() {}

  /// `name` with `_` in place of whatever a label's name may not have.
  static String of(String name) {
    return name.replaceAll("[^a-zA-Z0-9_]", "_");
  }
}
