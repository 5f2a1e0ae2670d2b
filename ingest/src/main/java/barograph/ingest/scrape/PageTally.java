package barograph.ingest.scrape;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.ExposedSeries;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has come of the page that is being read: how many samples, and which series the target did
/// not have before.
///
/// A new series gets a provisional number, and its labels wait here until the store has named it.
final class PageTally {
  /// Series beyond the limit of samples have no number.
  static final int TOO_MANY = -1;

  /// Nor have those that relabelling drops.
  static final int DROPPED = -2;

  private final SeriesNaming naming;
  private final int sampleLimit;
  private final ArrayList<Labels> newSeries = new ArrayList<>();
  private int nextNumber;

  /// Samples on the page.
  int scraped;

  /// Those of them that relabelling has left.
  int kept;

  /// Lines that were worth remembering.
  int lines;

  /// @param sampleLimit how many samples a page may have; 0 for any number
  PageTally(SeriesNaming naming, int sampleLimit) {
    this.naming = naming;
    this.sampleLimit = sampleLimit;
  }

  /// Begins a page whose first new series gets the number `firstNewSeries`.
  void begin(int firstNewSeries) {
    newSeries.clear();
    nextNumber = firstNewSeries;
    scraped = 0;
    kept = 0;
    lines = 0;
  }

  /// The provisional number of a series that has none yet, [#TOO_MANY] or [#DROPPED].
  int name(ExposedSeries exposed, String normalisedLabel) throws BadPageException {
    @Nullable Labels labels = naming.name(exposed, normalisedLabel);
    if (labels == null) {
      return DROPPED;
    }
    if (sampleLimit > 0 && kept >= sampleLimit) {
      kept++;
      return TOO_MANY;
    }
    newSeries.add(labels);
    return nextNumber++;
  }

  /// Refuses a page with more samples than there may be.
  void checkLimit() throws BadPageException {
    if (sampleLimit > 0 && kept > sampleLimit) {
      throw new BadPageException("sample limit exceeded");
    }
  }

  /// Labels of the series that the page brought, in the order of their numbers.
  List<Labels> newSeries() {
    return newSeries;
  }

  void forgetNewSeries() {
    newSeries.clear();
    newSeries.trimToSize();
  }
}
