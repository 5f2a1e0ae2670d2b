package barograph.storage;

import java.util.List;

/// Names or values of labels, as a [Reader] found them.
///
/// @param texts sorted, each once
/// @param warnings why some may be missing, in words: damaged blocks
public record LabelTexts(List<String> texts, List<String> warnings) {
  public LabelTexts {
    texts = List.copyOf(texts);
    warnings = List.copyOf(warnings);
  }
}
