package barograph.storage.model;

import java.util.function.Predicate;

/// A matcher that is tried on many values, and asks now and then whether to go on: there may be a
/// million of them, or one of a megabyte.
final class WatchedMatcher implements Predicate<String> {
  private final Matcher matcher;
  private final Allowance allowance;
  private long characters;

  WatchedMatcher(Matcher matcher, Allowance allowance) {
    this.matcher = matcher;
    this.allowance = allowance;
  }

  @Override
  public boolean test(String candidate) {
    characters += candidate.length() + 1L;
    if (WatchedText.isLong(characters, matcher.programSize())) {
      characters = 0;
      allowance.take(0);
    }
    return matcher.matches(candidate, allowance);
  }
}
