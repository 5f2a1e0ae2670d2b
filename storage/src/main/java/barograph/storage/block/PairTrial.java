package barograph.storage.block;

import barograph.storage.index.PostingsResolver;
import barograph.storage.model.Allowance;
import barograph.storage.model.Matcher;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.roaringbitmap.RoaringBitmap;

/// A matcher that is tried on the label pairs of series which others have found, on each pair once,
/// instead of on all values of its label: `pod=~".*-a"` beside the name of a metric need not be
/// held against the pods that do not have it, nor their series be listed.
///
/// One selection's own.
final class PairTrial {
  /// To read the pairs of so many series is about as dear as one value with the series that have
  /// it.
  private static final int SERIES_PER_VALUE = 16;

  private static final byte PASSES = 1;
  private static final byte FAILS = 2;

  private final BlockIndex index;
  private final Predicate<String> accepts;
  private final boolean acceptsAbsence;

  /// The pairs of the label.
  private final int from;

  private final int to;

  /// What is known of each of them; 0 where nothing is.
  private final byte[] known;

  private PairTrial(BlockIndex index, Matcher matcher, Allowance allowance) {
    this.index = index;
    this.accepts = matcher.watchedBy(allowance);
    this.acceptsAbsence = matcher.matchesEmpty();
    this.from = index.firstPair(matcher.name());
    this.to = from + index.valueCount(matcher.name());
    allowance.take(to - from);
    this.known = new byte[to - from];
  }

  /// Finds the series that pass `matchers` and those of `trials`.
  ///
  /// @param trials is given those matchers that had better be tried on what was found
  /// @return the series that pass all others; the bitmap is the caller's own
  static RoaringBitmap resolve(
      BlockIndex index, List<Matcher> matchers, Allowance allowance, List<PairTrial> trials) {
    var listed = new ArrayList<Matcher>(matchers.size());
    var tried = new ArrayList<Matcher>(matchers.size());
    for (Matcher matcher : matchers) {
      (PostingsResolver.triesValues(matcher) ? tried : listed).add(matcher);
    }
    if (tried.isEmpty() || listed.isEmpty()) {
      return PostingsResolver.resolve(index, matchers, allowance);
    }
    RoaringBitmap found = PostingsResolver.resolve(index, listed, allowance);
    long left = found.getLongCardinality();
    for (Iterator<Matcher> each = tried.iterator(); each.hasNext() && left > 0; ) {
      Matcher matcher = each.next();
      long values = index.valueCount(matcher.name(), PostingsResolver.triedPrefix(matcher));
      if (left > SERIES_PER_VALUE * values) {
        PostingsResolver.narrow(found, index, matcher, allowance);
        left = found.getLongCardinality();
        each.remove();
      }
    }
    if (left > 0) {
      for (Matcher matcher : tried) {
        trials.add(new PairTrial(index, matcher, allowance));
      }
    }
    return found;
  }

  /// Whether a series with the first `count` of these pairs, which ascend, passes.
  boolean passes(int[] pairs, int count) {
    for (int i = 0; i < count; i++) {
      int pair = pairs[i];
      if (pair >= to) {
        break;
      }
      if (pair >= from) {
        return passes(pair);
      }
    }
    return acceptsAbsence;
  }

  private boolean passes(int pair) {
    byte is = known[pair - from];
    if (is == 0) {
      is = accepts.test(index.text(pair)) ? PASSES : FAILS;
      known[pair - from] = is;
    }
    return is == PASSES;
  }

  /// Whether a series with these pairs passes all of `trials`.
  static boolean allPass(List<PairTrial> trials, int[] pairs, int count) {
    for (int i = 0; i < trials.size(); i++) {
      if (!trials.get(i).passes(pairs, count)) {
        return false;
      }
    }
    return true;
  }
}
