package barograph.ingest.wire;

import barograph.storage.model.Labels;

/// Writes labels as the messages of remote write 1.0 and remote read have them. Reused; one thread
/// at a time.
public final class LabelWriter {
  private static final int LABEL = 1;
  private static final int NAME = 1;
  private static final int VALUE = 2;

  private final WireWriter label = new WireWriter();

  /// Writes one field for each label.
  public void write(Labels labels, WireWriter into) {
    for (int i = 0; i < labels.size(); i++) {
      into.field(LABEL, label.clear().text(NAME, labels.name(i)).text(VALUE, labels.value(i)));
    }
  }
}
