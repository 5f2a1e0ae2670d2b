package barograph.storage.index;

import static barograph.storage.model.Matcher.Type.EQUAL;
import static barograph.storage.model.Matcher.Type.REGEX;

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
      if (matcher.matchesEmpty()) {
        narrow(found, index, matcher, allowance);
      }
    }
    return found;
  }

  /// Leaves in `found` those series that pass one more matcher.
  ///
  /// @param allowance as in [#resolve]
  public static void narrow(
      RoaringBitmap found, LabelIndex index, Matcher matcher, Allowance allowance) {
    if (!matcher.matchesEmpty()) {
      found.and(union(index, matcher, true, allowance));
    } else if (!passesEverything(matcher)) {
      found.andNot(union(index, matcher, false, allowance));
    }
  }

  /// Whether the series that pass a matcher are known only once it has been tried on all values of
  /// its label, or all with one prefix.
  public static boolean triesValues(Matcher matcher) {
    return !passesEverything(matcher)
        && (matcher.literals() == null || matcher.matchesEmpty() == isPositive(matcher));
  }

  /// How all values begin that such a matcher is tried on.
  public static String triedPrefix(Matcher matcher) {
    // What is looked for are the values that the expression itself matches, or all but these.
    return matcher.matchesEmpty() == isPositive(matcher) ? "" : matcher.prefix();
  }

  private static boolean isPositive(Matcher matcher) {
    return matcher.type() == EQUAL || matcher.type() == REGEX;
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
    boolean matched = passing == isPositive(matcher);
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
    return matcher.type() == REGEX && matcher.value().equals(".*");
  }
}
