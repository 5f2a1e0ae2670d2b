package barograph.ingest.exposition;

/// A series as its page names it, before anything is made of its labels.
public interface ExposedSeries {
  /// The metric's name.
  ///
  /// @throws BadPageException if it is not UTF-8
  String subject() throws BadPageException;

  /// How many labels it has, the metric's name aside.
  int labels();

  /// The name of the `label`th label.
  ///
  /// @throws BadPageException if it is not UTF-8
  String labelName(int label) throws BadPageException;

  String labelValue(int label) throws BadPageException;
}
