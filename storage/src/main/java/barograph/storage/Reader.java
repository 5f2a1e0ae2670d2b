package barograph.storage;

import barograph.storage.model.Allowance;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import java.util.List;
import java.util.Map;

/// Answers what is stored, from any number of threads.
///
/// Every list of matchers is a conjunction; an empty one accepts every series. A time range narrows
/// the answer as far as that is cheap: a series may be named although its samples lie just outside,
/// but [Selection#read] gives exactly those inside.
public interface Reader {

  /// The series that pass all `matchers` and may have samples in `range`.
  ///
  /// It holds on to the blocks it stands on: close it.
  ///
  /// @param allowance asked for the memory that the selection takes
  Selection select(List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance);

  /// A selection in label order.
  default Selection select(List<Matcher> matchers, TimeRange range, Allowance allowance) {
    return select(matchers, range, SeriesOrder.LABELS, allowance);
  }

  /// A selection in label order that may take what memory it likes.
  default Selection select(List<Matcher> matchers, TimeRange range) {
    return select(matchers, range, Allowance.UNLIMITED);
  }

  /// In which order [#select] gives series at present if [SeriesOrder#FIRST_COME] is asked for.
  default SeriesOrder order(TimeRange range) {
    return SeriesOrder.LABELS;
  }

  /// Names of the labels that those series have, sorted.
  ///
  /// @param allowance asked for the memory that the names and the look-up take
  LabelTexts labelNames(List<Matcher> matchers, TimeRange range, Allowance allowance);

  /// Values that the label `name` has in those series, sorted.
  ///
  /// @param allowance asked for the memory that the values and the look-up take
  LabelTexts labelValues(String name, List<Matcher> matchers, TimeRange range, Allowance allowance);

  /// Names for an asker that is trusted with memory, and takes what there is.
  default List<String> labelNames(List<Matcher> matchers, TimeRange range) {
    return labelNames(matchers, range, Allowance.UNLIMITED).texts();
  }

  /// Values for an asker that is trusted with memory, and takes what there is.
  default List<String> labelValues(String name, List<Matcher> matchers, TimeRange range) {
    return labelValues(name, matchers, range, Allowance.UNLIMITED).texts();
  }

  /// The exemplars in `range` of the series that pass all matchers of one of `selectors`, by series
  /// in label order. Only so many of the newest are kept.
  List<ExemplarsOfSeries> exemplars(List<List<Matcher>> selectors, TimeRange range);

  /// What is known of metrics, by their names.
  Map<String, MetricMetadata> metadata();

  /// Whether to select may be to ask other servers, and so to wait for them.
  default boolean asksOthers() {
    return false;
  }

  /// A number that rises with every change, for [#firstChange]: whatever had been acknowledged when
  /// this is asked for is seen by everyone who selects afterwards.
  default long moment() {
    return 0;
  }

  /// The earliest time in `range` of which samples may have come, or been deleted, after `moment`;
  /// [Long#MAX_VALUE] if all are as they were. A reader that does not keep track says that anything
  /// may have changed.
  default long firstChange(TimeRange range, long moment) {
    return range.startMillis();
  }
}
