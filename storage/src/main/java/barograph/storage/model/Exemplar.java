package barograph.storage.model;

import java.util.Comparator;

/// One observation that stands for many: what a series' sample was made of, with labels that lead
/// elsewhere, mostly to a trace.
///
/// The order is the one in which a series' exemplars must come: by time, then value, then labels.
public record Exemplar(Labels labels, double value, long timestampMillis)
    implements Comparable<Exemplar> {
  /// Most characters of all names and values together, as OpenMetrics has it.
  public static final int MAX_LABEL_CHARACTERS = 128;

  private static final Comparator<Exemplar> ORDER =
      Comparator.comparingLong(Exemplar::timestampMillis)
          .thenComparingDouble(Exemplar::value)
          .thenComparing(Exemplar::labels);

  /// Characters of its labels' names and values.
  public int labelCharacters() {
    int characters = 0;
    for (int i = 0; i < labels.size(); i++) {
      characters +=
          labels.name(i).codePointCount(0, labels.name(i).length())
              + labels.value(i).codePointCount(0, labels.value(i).length());
    }
    return characters;
  }

  @Override
  public int compareTo(Exemplar other) {
    return ORDER.compare(this, other);
  }
}
