package barograph.storage.head;

import barograph.storage.index.Tombstones;
import barograph.storage.model.TimeRange;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/// A deletion worked out for the head: which series lose what.
///
/// Of what came in order each loses it no later than its newest sample, so that what comes
/// afterwards is there. What came late is apart, as it may be newer than all that came in order: it
/// is gone from memory already, and only a replay has to know of it.
///
/// Series of one target have the same newest time and so share a span. Those with times of their
/// own would each need one; if that were too many, ends that are less than a second apart become
/// one, or ten seconds, and so on.
public final class Burial {
  private static final int MOST_SPANS = 1000;
  private static final long FIRST_STEP = 1000;

  private final TreeMap<Long, RoaringBitmap> byEnd = new TreeMap<>();
  private final RoaringBitmap late = new RoaringBitmap();
  private final TimeRange range;

  Burial(TimeRange range) {
    this.range = range;
  }

  /// Takes a series in whose newest sample is of `newest`.
  void add(int ref, long newest) {
    if (newest >= range.startMillis()) {
      long end = Math.min(newest, range.endMillis());
      byEnd.computeIfAbsent(end, absent -> new RoaringBitmap()).add(ref);
    }
  }

  /// Whether each series has the end that it was given.
  boolean isExact() {
    return byEnd.size() <= MOST_SPANS;
  }

  /// Takes a series in that has lost late samples.
  void addLate(int ref) {
    late.add(ref);
  }

  /// The series that have lost all late samples that they had in the deletion's range.
  public RoaringBitmap late() {
    return late;
  }

  /// What the series have lost of what came in order.
  public Tombstones inOrder() {
    Map<Long, RoaringBitmap> spans = byEnd;
    for (long step = FIRST_STEP; spans.size() > MOST_SPANS; step *= 10) {
      spans = rounded(spans, step);
    }
    Tombstones found = Tombstones.NONE;
    for (var span : spans.entrySet()) {
      found = found.with(new TimeRange(range.startMillis(), span.getKey()), span.getValue());
    }
    return found;
  }

  private Map<Long, RoaringBitmap> rounded(Map<Long, RoaringBitmap> spans, long step) {
    var coarse = new TreeMap<Long, RoaringBitmap>();
    spans.forEach((end, refs) -> {
      long up = Math.min(range.endMillis(), Math.floorDiv(end, step) * step + step - 1);
      coarse.computeIfAbsent(up, absent -> new RoaringBitmap()).or(refs);
    });
    return coarse;
  }
}
