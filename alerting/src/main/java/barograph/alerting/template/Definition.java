package barograph.alerting.template;

import java.util.List;

/// A template by its name, with where it was read: messages name that place.
///
/// @param file name of the text in which it stands
/// @param source that whole text
record Definition(String name, String file, String source, List<Node> body) {
  Definition {
    body = List.copyOf(body);
  }

  /// Whether there is nothing in it but white space.
  boolean isBlank() {
    return body.stream().allMatch(node -> node instanceof Node.Text(var text) && text.isBlank());
  }
}
