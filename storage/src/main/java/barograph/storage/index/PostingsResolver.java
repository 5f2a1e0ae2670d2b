package barograph.storage.index;

import static barograph.storage.model.Matcher.Type.NOT_EQUAL;
import static barograph.storage.model.Matcher.Type.NOT_REGEX;

import barograph.storage.model.Allowance;
import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/// Finds the series that pass a conjunction of matchers, with sets alone.
///
/// A matcher that an absent label does not pass names the series that stay; one that an absent
/// label passes (`a!="b"`, `a=""`, `a=~".*"`) names those that go. So no matcher ever has to list
/// the series without a label.
public final class PostingsResolver {
  private PostingsResolver() {}

  /// The series of `index` that pass all `matchers`; the bitmap is the caller's own.
  ///
  /// @param allowance asked for no memory now and then while values are tried, so that it may
  ///   refuse
  public static RoaringBitmap resolve(
      LabelIndex index, List<Matcher> matchers, Allowance allowance) {
    var keeping = new ArrayList<RoaringBitmap>();
    for (Matcher matcher : matchers) {
      if (!matcher.matchesEmpty()) {
        RoaringBitmap kept = union(index, matcher, true, allowance);
        if (kept.isEmpty()) {
          return new RoaringBitmap();
        }
        keeping.add(kept);
      }
    }
    RoaringBitmap found = intersection(index, keeping);
    for (Matcher matcher : matchers) {
      if (found.isEmpty()) {
        break;
      }
      if (matcher.matchesEmpty() && !passesEverything(matcher)) {
        found.andNot(union(index, matcher, false, allowance));
      }
    }
    return found;
  }

  private static RoaringBitmap intersection(LabelIndex index, List<RoaringBitmap> sets) {
    if (sets.isEmpty()) {
      return index.all().clone();
    }
    sets.sort((a, b) -> Long.compare(a.getLongCardinality(), b.getLongCardinality()));
    RoaringBitmap result = sets.getFirst().clone();
    for (RoaringBitmap set : sets.subList(1, sets.size())) {
      result.and(set);
    }
    return result;
  }

  /// The series that have the matcher's label with a value that passes, or does not, as `passing`
  /// says.
  private static RoaringBitmap union(
      LabelIndex index, Matcher matcher, boolean passing, Allowance allowance) {
    String name = matcher.name();
    boolean negative = matcher.type() == NOT_EQUAL || matcher.type() == NOT_REGEX;
    // What is looked for are the values that the expression itself matches, or all but these.
    boolean matched = passing != negative;
    var literals = matcher.literals();
    if (matched && literals != null) {
      var sets = new ArrayList<RoaringBitmap>(literals.size());
      for (String literal : literals) {
        if (!literal.isEmpty()) {
          sets.add(index.postings(name, literal));
        }
      }
      return or(sets);
    }
    var watched = matcher.watchedBy(allowance);
    return index.union(name, matched ? matcher.prefix() : "", passing ? watched : watched.negate());
  }

  private static RoaringBitmap or(List<RoaringBitmap> sets) {
    return sets.size() == 1 ? sets.getFirst() : FastAggregation.or(sets.iterator());
  }

  private static boolean passesEverything(Matcher matcher) {
    return matcher.type() == Matcher.Type.REGEX && matcher.value().equals(".*");
  }
}
