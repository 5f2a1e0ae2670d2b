package barograph.query.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the series of two vectors find each other.
///
/// @param cardinality set operators are many-to-many
/// @param on whether `labels` are the ones to match on, else the ones to ignore
/// @param include labels that `group_left` or `group_right` copies from the "one" side
/// @param fillLeft value that stands in for a series missing on the left, null without `fill`
/// @param fillRight value that stands in for a series missing on the right, null without `fill`
public record VectorMatching(
    Cardinality cardinality,
    boolean on,
    List<String> labels,
    List<String> include,
    @Nullable Double fillLeft,
    @Nullable Double fillRight) {
  /// How many series of a side may share a match group.
  public enum Cardinality {
    ONE_TO_ONE("one-to-one"),
    MANY_TO_ONE("many-to-one"),
    ONE_TO_MANY("one-to-many"),
    MANY_TO_MANY("many-to-many");

    private final String documented;

    Cardinality(String documented) {
      this.documented = documented;
    }

    public String documented() {
      return documented;
    }
  }

  /// What a plain operator between two vectors does: all labels, one to one.
  public static final VectorMatching DEFAULT =
      new VectorMatching(Cardinality.ONE_TO_ONE, false, List.of(), List.of(), null, null);

  public VectorMatching {
    labels = List.copyOf(labels);
    include = List.copyOf(include);
  }

  public VectorMatching withCardinality(Cardinality other) {
    return new VectorMatching(other, on, labels, include, fillLeft, fillRight);
  }
}
