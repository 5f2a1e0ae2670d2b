package barograph.ingest.gateway;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.DecimalText;
import barograph.ingest.exposition.LinePage.Line;
import barograph.ingest.exposition.TextPage;
import barograph.ingest.gateway.Family.Metric;
import barograph.ingest.gateway.Family.MetricKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A page in the text format, gathered into families: the lines of a summary or histogram become
/// one metric again.
final class TextFamilies {
  private final TextPage page = new TextPage();
  private final Map<String, Gathered> families = new LinkedHashMap<>();

  /// A family whose lines are still being read.
  private static final class Gathered {
    final String name;
    @Nullable MetricKind type;
    @Nullable String help;

    /// Metrics without parts, each a line.
    final List<Metric> single = new ArrayList<>();

    /// Summaries and histograms, by their labels.
    final Map<Map<String, String>, Parts> whole = new LinkedHashMap<>();

    Gathered(String name) {
      this.name = name;
    }

    boolean isEmpty() {
      return single.isEmpty() && whole.isEmpty();
    }
  }

  /// The parts of a summary or histogram.
  private static final class Parts {
    double count;
    double sum;
    boolean timestamped;
    final Map<Double, Double> buckets = new TreeMap<>();
  }

  /// The families of the page of `length` bytes.
  ///
  /// @throws BadPushException if a line of it breaks the rules of the format
  static List<Family> read(byte[] bytes, int length) throws BadPushException {
    var reader = new TextFamilies();
    String last = "";
    if (length > 0 && bytes[length - 1] != '\n') {
      last = "unexpected end of input stream";
    }
    int whole = length;
    while (!last.isEmpty() && whole > 0 && bytes[whole - 1] != '\n') {
      whole--;
    }
    try {
      reader.page.reset(bytes, whole);
      reader.readAll();
      if (!last.isEmpty()) {
        throw new BadPageException(last);
      }
    } catch (BadPageException e) {
      int end = last.equals(e.getMessage()) ? whole : Math.max(0, reader.page.lineStart());
      throw new BadPushException(
          "text format parsing error in line %d: %s"
              .formatted(1 + lineFeeds(bytes, end), e.getMessage()));
    }
    return reader.families();
  }

  private static long lineFeeds(byte[] bytes, int to) {
    return new String(bytes, 0, to, StandardCharsets.ISO_8859_1)
        .chars()
        .filter(c -> c == '\n')
        .count();
  }

  private void readAll() throws BadPageException {
    for (Line line = page.next(); line != Line.END; line = page.next()) {
      switch (line) {
        case HELP -> readHelp();
        case TYPE -> readType();
        case SERIES -> readSeries();
        case UNIT, COMMENT, END -> {}
      }
    }
  }

  private void readHelp() throws BadPageException {
    var family = family(page.subject());
    if (family.help != null) {
      throw new BadPageException("second HELP line for metric name \"%s\"".formatted(family.name));
    }
    family.help = page.remark();
  }

  private void readType() throws BadPageException {
    var family = family(page.subject());
    String word = page.remark();
    if (family.type != null || !family.isEmpty()) {
      throw new BadPageException(
          "second TYPE line for metric name \"%s\", or TYPE reported after samples"
              .formatted(family.name));
    }
    @Nullable MetricKind type = MetricKind.named(word);
    if (type == null) {
      throw new BadPageException("unknown metric type \"%s\"".formatted(word));
    }
    family.type = type;
  }

  private void readSeries() throws BadPageException {
    String name = page.subject().strip();
    var labels = labels(name);
    page.readValue();
    var family = familyOf(name);
    MetricKind type = family.type == null ? MetricKind.UNTYPED : family.type;
    switch (type) {
      case COUNTER -> addSingle(family, labels, 3);
      case GAUGE -> addSingle(family, labels, 2);
      case UNTYPED -> addSingle(family, labels, 5);
      case SUMMARY -> addPart(family, name, labels, "quantile");
      case HISTOGRAM, GAUGE_HISTOGRAM -> addPart(family, name, labels, "le");
    }
  }

  private Map<String, String> labels(String metric) throws BadPageException {
    var labels = new TreeMap<String, String>();
    for (int i = 0; i < page.labels(); i++) {
      String name = page.labelName(i);
      if (name.equals("__name__")) {
        throw new BadPageException("label name \"__name__\" is reserved");
      }
      if (labels.put(name, page.labelValue(i)) != null) {
        throw new BadPageException("duplicate label names for metric \"%s\"".formatted(metric));
      }
    }
    return labels;
  }

  private Gathered family(String name) {
    return families.computeIfAbsent(name, Gathered::new);
  }

  /// The family that a line belongs to, which may be that of a summary or histogram whose part it
  /// is.
  private Gathered familyOf(String name) {
    if (!families.containsKey(name)) {
      for (String suffix : List.of("_sum", "_count", "_bucket")) {
        @Nullable Gathered whole =
            name.endsWith(suffix)
                ? families.get(name.substring(0, name.length() - suffix.length()))
                : null;
        boolean summary =
            whole != null && whole.type == MetricKind.SUMMARY && !suffix.equals("_bucket");
        if (whole != null && (summary || (whole.type != null && whole.type.isHistogram()))) {
          return whole;
        }
      }
    }
    return family(name);
  }

  private void addSingle(Gathered family, Map<String, String> labels, int field) {
    var value = new MessageBytes().put(field, new MessageBytes().put(1, page.value()));
    family.single.add(new Metric(labels, value.toBytes(), page.timestamped()));
  }

  private void addPart(Gathered family, String name, Map<String, String> labels, String bound)
      throws BadPageException {
    @Nullable String at = labels.remove(bound);
    double limit = at == null ? Double.NaN : number(bound, at);
    var parts = family.whole.computeIfAbsent(labels, absent -> new Parts());
    parts.timestamped |= page.timestamped();
    if (name.equals(family.name + "_count")) {
      parts.count = page.value();
    } else if (name.equals(family.name + "_sum")) {
      parts.sum = page.value();
    } else if (!Double.isNaN(limit)) {
      parts.buckets.put(limit, page.value());
    }
  }

  private static double number(String label, String text) throws BadPageException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      return DecimalText.parse(bytes, 0, bytes.length);
    } catch (BadPageException e) {
      throw new BadPageException(
          "expected float as value for '%s' label, got \"%s\"".formatted(label, text));
    }
  }

  private List<Family> families() {
    var found = new ArrayList<Family>();
    for (Gathered family : families.values()) {
      if (!family.isEmpty()) {
        MetricKind type = family.type == null ? MetricKind.UNTYPED : family.type;
        var metrics = new ArrayList<>(family.single);
        family.whole.forEach((labels, parts) ->
            metrics.add(new Metric(labels, value(type, parts), parts.timestamped)));
        found.add(
            new Family(family.name, type, family.help == null ? "" : family.help, "", metrics));
      }
    }
    return found;
  }

  private static byte[] value(MetricKind type, Parts parts) {
    var inner = new MessageBytes().put(1, (long) parts.count).put(2, parts.sum);
    boolean summary = type == MetricKind.SUMMARY;
    parts.buckets.forEach((bound, value) ->
        inner.put(
            3,
            summary
                ? new MessageBytes().put(1, bound).put(2, value)
                : new MessageBytes().put(1, value.longValue()).put(2, bound)));
    return new MessageBytes().put(summary ? 4 : 7, inner).toBytes();
  }
}
