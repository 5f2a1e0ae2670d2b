package barograph.storage.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/// Labels of a numbered set of series, turned round: which series have which label.
///
/// Bitmaps that it hands out remain its own: read them, never change them.
public interface LabelIndex {

  /// Every series.
  RoaringBitmap all();

  /// The series whose label `name` is `value`, which is not empty; empty if there are none.
  RoaringBitmap postings(String name, String value);

  /// Every label name, in [Labels#UTF8_ORDER].
  List<String> names();

  /// Every value of label `name`, in [Labels#UTF8_ORDER]; empty if no series has the label.
  List<String> values(String name);

  /// Hears of the values of a label.
  @FunctionalInterface
  interface ValueVisitor {
    /// Hears of one value.
    ///
    /// @param series how many series have it
    void visit(String value, long series);
  }

  /// Goes through the values of label `name`, in no order, holding none.
  default void forEachValue(String name, ValueVisitor visitor) {
    for (String value : values(name)) {
      visitor.visit(value, postings(name, value).getLongCardinality());
    }
  }

  /// Those values of label `name` that begin with `prefix`, in order.
  default List<String> values(String name, String prefix) {
    return SortedStrings.withPrefix(values(name), prefix);
  }

  /// The series whose label `name` has a value that begins with `prefix` and that `accepts` takes;
  /// the bitmap is the caller's own.
  default RoaringBitmap union(String name, String prefix, Predicate<String> accepts) {
    var sets = new ArrayList<RoaringBitmap>();
    for (String value : values(name, prefix)) {
      if (accepts.test(value)) {
        sets.add(postings(name, value));
      }
    }
    return FastAggregation.or(sets.iterator());
  }
}
