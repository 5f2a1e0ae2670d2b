package barograph.ingest.scrape;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.ClassicBuckets;
import barograph.ingest.exposition.DecimalText;
import barograph.ingest.exposition.ExposedSeries;
import barograph.ingest.exposition.LinePage;
import barograph.ingest.exposition.PageExemplar;
import barograph.storage.model.Histogram;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The classic histograms of a target's text pages that are taken as native ones with custom
/// bounds.
///
/// A line that is a count, a sum or a bucket is a *part* of a *whole*: the series of the native
/// histogram. Which it is part of is found out once and then known by its number, as long as the
/// line is. Parts of one whole stand together: a part of another one ends it, and so does a remark.
/// One thread at a time.
final class ConvertedHistograms {
  static final int NONE = -1;

  private static final byte BUCKET = 0;
  private static final byte COUNT = 1;
  private static final byte SUM = 2;
  private static final String[] SUFFIXES = {"_bucket", "_count", "_sum"};
  private static final String BOUND = "le";

  private final int mostBuckets;

  // Of parts, by their number.
  private byte[] roles = new byte[16];
  private double[] bounds = new double[16];
  private int[] wholes = new int[16];

  /// The series of the part itself, if that is stored too.
  private int[] partSeries = new int[16];

  private int parts;

  // Of wholes, by their number.
  private final Map<Whole, Integer> wholeNumbers = new HashMap<>();
  private final List<Whole> wholeNames = new ArrayList<>();
  private int[] wholeSeries = new int[4];

  private int partsBefore;
  private int wholesBefore;
  private int firstNewSeries;

  /// The whole whose parts come by, or [#NONE].
  private int present = NONE;

  private final ClassicBuckets collected = new ClassicBuckets();
  private final List<PageExemplar> exemplars = new ArrayList<>();
  private boolean timestamped;
  private long timestampMillis;
  private long startMillis;

  /// A native histogram as the page would name it: without suffix and bound.
  private record Whole(String subject, List<String> names, List<String> values)
      implements ExposedSeries {
    @Override
    public int labels() {
      return names.size();
    }

    @Override
    public String labelName(int label) {
      return names.get(label);
    }

    @Override
    public String labelValue(int label) {
      return values.get(label);
    }
  }

  /// @param mostBuckets of a histogram; 0 for any number
  ConvertedHistograms(int mostBuckets) {
    this.mostBuckets = mostBuckets;
  }

  /// Begins a page whose new series have numbers from `firstNew` on.
  void beginPage(int firstNew) {
    partsBefore = parts;
    wholesBefore = wholeNames.size();
    firstNewSeries = firstNew;
    present = NONE;
  }

  /// Forgets what the page had that was new.
  void forgetPage() {
    parts = partsBefore;
    List<Whole> added = wholeNames.subList(wholesBefore, wholeNames.size());
    added.forEach(wholeNumbers::remove);
    added.clear();
    for (int whole = 0; whole < wholeNames.size(); whole++) {
      if (wholeSeries[whole] >= firstNewSeries) {
        wholeSeries[whole] = NONE;
      }
    }
  }

  /// The number of the part that `line` is, which is new; [#NONE] if it is no part of a histogram
  /// called `family`.
  int add(LinePage line, String family) throws BadPageException {
    String subject = line.subject();
    byte role = BUCKET;
    while (!subject.endsWith(SUFFIXES[role])
        || subject.length() != family.length() + SUFFIXES[role].length()) {
      if (++role > SUM) {
        return NONE;
      }
    }
    if (!subject.startsWith(family)) {
      return NONE;
    }
    var labels = new TreeMap<String, String>();
    for (int i = 0; i < line.labels(); i++) {
      String name = line.labelName(i);
      if (labels.put(name, line.labelValue(i)) != null) {
        throw new BadPageException(
            "label name \"%s\" is not unique: invalid sample".formatted(name));
      }
    }
    @Nullable String bound = labels.remove(BOUND);
    double number = role == BUCKET ? number(bound) : Double.NaN;
    if (role == BUCKET && Double.isNaN(number)) {
      return NONE;
    }
    if (parts == roles.length) {
      roles = Arrays.copyOf(roles, 2 * parts);
      bounds = Arrays.copyOf(bounds, 2 * parts);
      wholes = Arrays.copyOf(wholes, 2 * parts);
      partSeries = Arrays.copyOf(partSeries, 2 * parts);
    }
    roles[parts] = role;
    bounds[parts] = number;
    wholes[parts] =
        wholeNumber(new Whole(family, List.copyOf(labels.keySet()), List.copyOf(labels.values())));
    partSeries[parts] = NONE;
    return parts++;
  }

  /// The number that `bound` spells; NaN if it spells none.
  private static double number(@Nullable String bound) {
    if (bound == null) {
      return Double.NaN;
    }
    byte[] text = bound.getBytes(StandardCharsets.UTF_8);
    try {
      return DecimalText.parse(text, 0, text.length);
    } catch (BadPageException e) {
      return Double.NaN;
    }
  }

  private int wholeNumber(Whole whole) {
    @Nullable Integer known = wholeNumbers.get(whole);
    if (known != null) {
      return known;
    }
    int number = wholeNames.size();
    if (number == wholeSeries.length) {
      wholeSeries = Arrays.copyOf(wholeSeries, 2 * number);
    }
    wholeNames.add(whole);
    wholeNumbers.put(whole, number);
    wholeSeries[number] = NONE;
    return number;
  }

  /// The series of the part itself; [#NONE] if it is not stored.
  int partSeries(int part) {
    return partSeries[part];
  }

  void partSeries(int part, int series) {
    partSeries[part] = series;
  }

  /// Whether `part` begins another histogram than the one whose parts come by.
  boolean begins(int part) {
    return wholes[part] != present;
  }

  boolean isCollecting() {
    return present != NONE;
  }

  /// Takes in the sample that `line`, which is `part`, ends with.
  void collect(int part, LinePage line) {
    if (begins(part)) {
      present = wholes[part];
      collected.clear();
      exemplars.clear();
      startMillis = 0;
    }
    switch (roles[part]) {
      case BUCKET -> collected.bucket(bounds[part], line.value());
      case COUNT -> collected.count(line.value());
      default -> collected.sum(line.value());
    }
    timestamped = line.timestamped();
    timestampMillis = line.timestampMillis();
    if (line.hasExemplar()) {
      PageExemplar exemplar = line.exemplar();
      if (exemplar.timestamped()) {
        exemplars.add(exemplar);
      }
    }
  }

  /// Ends the histogram whose parts came by; null if they contradict each other.
  @Nullable Histogram finish() throws BadPageException {
    present = NONE;
    return collected.convert(mostBuckets);
  }

  /// The histogram whose parts come by, to be told to [#series(int, int)].
  int present() {
    return present;
  }

  /// How the page would name it.
  ExposedSeries name(int whole) {
    return wholeNames.get(whole);
  }

  /// The series that it is stored as; [#NONE] if that is not known yet.
  int series(int whole) {
    return wholeSeries[whole];
  }

  void series(int whole, int series) {
    wholeSeries[whole] = series;
  }

  /// Notes since when the histogram counts whose parts come by.
  void startsAt(long millis) {
    startMillis = millis;
  }

  /// Since when the histogram counts that was finished last; 0 if that was not told.
  long startMillis() {
    return startMillis;
  }

  boolean timestamped() {
    return timestamped;
  }

  long timestampMillis() {
    return timestampMillis;
  }

  /// Exemplars of the buckets of the histogram that was finished last, as far as they tell their
  /// time.
  List<PageExemplar> exemplars() {
    return exemplars;
  }

  /// Puts the final numbers of the last page's new series in place of the provisional ones.
  void adopt(int[] finalNumbers) {
    for (int part = partsBefore; part < parts; part++) {
      partSeries[part] = adopted(partSeries[part], finalNumbers);
    }
    for (int whole = 0; whole < wholeNames.size(); whole++) {
      wholeSeries[whole] = adopted(wholeSeries[whole], finalNumbers);
    }
  }

  private int adopted(int series, int[] finalNumbers) {
    return series >= firstNewSeries ? finalNumbers[series - firstNewSeries] : series;
  }

  /// Drops all parts but `used`; the answer tells the new number of each old one.
  int[] keepOnly(BitSet used) {
    var renumbered = new int[parts];
    int kept = 0;
    var keptWholes = new BitSet();
    for (int part = used.nextSetBit(0); part >= 0; part = used.nextSetBit(part + 1)) {
      roles[kept] = roles[part];
      bounds[kept] = bounds[part];
      wholes[kept] = wholes[part];
      partSeries[kept] = partSeries[part];
      keptWholes.set(wholes[part]);
      renumbered[part] = kept++;
    }
    parts = kept;
    keepOnlyWholes(keptWholes);
    return renumbered;
  }

  private void keepOnlyWholes(BitSet used) {
    var renumbered = new int[wholeNames.size()];
    int kept = 0;
    for (int whole = used.nextSetBit(0); whole >= 0; whole = used.nextSetBit(whole + 1)) {
      wholeNames.set(kept, wholeNames.get(whole));
      wholeSeries[kept] = wholeSeries[whole];
      renumbered[whole] = kept++;
    }
    wholeNames.subList(kept, wholeNames.size()).clear();
    wholeNumbers.clear();
    for (int whole = 0; whole < kept; whole++) {
      wholeNumbers.put(wholeNames.get(whole), whole);
    }
    for (int part = 0; part < parts; part++) {
      wholes[part] = renumbered[wholes[part]];
    }
  }

  /// Adds the series that parts and histograms are stored as to `series`.
  void addSeries(BitSet series) {
    for (int part = 0; part < parts; part++) {
      if (partSeries[part] >= 0) {
        series.set(partSeries[part]);
      }
    }
    for (int whole = 0; whole < wholeNames.size(); whole++) {
      if (wholeSeries[whole] >= 0) {
        series.set(wholeSeries[whole]);
      }
    }
  }

  /// Gives every series its new number.
  void renumber(int[] renumbered) {
    for (int part = 0; part < parts; part++) {
      partSeries[part] = partSeries[part] < 0 ? partSeries[part] : renumbered[partSeries[part]];
    }
    for (int whole = 0; whole < wholeNames.size(); whole++) {
      wholeSeries[whole] =
          wholeSeries[whole] < 0 ? wholeSeries[whole] : renumbered[wholeSeries[whole]];
    }
  }
}
