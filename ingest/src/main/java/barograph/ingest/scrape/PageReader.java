package barograph.ingest.scrape;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.FamilyPage;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.exposition.LinePage;
import barograph.ingest.exposition.LinePage.Line;
import barograph.ingest.exposition.OpenMetricsPage;
import barograph.ingest.exposition.PageExemplar;
import barograph.ingest.exposition.PageFormat;
import barograph.ingest.exposition.TextPage;
import barograph.ingest.hash.KeyedHash;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the pages of one target, one after the other, into samples.
///
/// Series are numbered by the target: a new one gets its labels at the end of the page, so that a
/// page that turns out bad leaves nothing behind in the store. One thread at a time.
final class PageReader {
  private static final int SPARE_LINES = 256;

  /// Before the first visit.
  private static final int NEVER = 0;

  private LinePage page = new TextPage();
  private final FamilyReader families;
  private PageFormat format = PageFormat.TEXT;
  private final LineCache lines;
  private final MetricMetadata metadata;
  private final boolean honorTimestamps;
  private final boolean alwaysClassic;
  private final boolean startTimes;

  /// Null where it does not matter when series began.
  private final @Nullable CreatedLines created;

  /// Null where classic histograms stay what they are.
  private final @Nullable ConvertedHistograms converted;

  private final PageTally tally;
  private byte currentType;

  /// The number of the metric that the last type was told of.
  private int currentFamily;

  /// Whether lines that are known may mean something else by now.
  private boolean typesChanged;

  private int linesBefore;

  PageReader(
      SeriesNaming naming,
      ScrapeConfig.Labelling labelling,
      int sampleLimit,
      HistogramWishes histograms,
      MetricMetadata metadata,
      KeyedHash hash) {
    this.honorTimestamps = labelling.honorTimestamps();
    this.startTimes = labelling.startTimes();
    this.created = startTimes ? new CreatedLines(hash) : null;
    this.tally = new PageTally(naming, sampleLimit);
    this.alwaysClassic = histograms.alwaysClassic();
    this.converted =
        histograms.converted() ? new ConvertedHistograms(histograms.mostBuckets()) : null;
    this.metadata = metadata;
    this.lines = new LineCache(hash);
    this.families = new FamilyReader(new FamilyPage(histograms), lines, tally, metadata, labelling);
  }

  /// Reads the page of `length` bytes, which ends in a line feed if it is text, into `samples`.
  ///
  /// Samples of series that are new carry numbers from `firstNewSeries` on; [#newSeries()] then
  /// tells their labels until they are adopted. After a bad page there are neither, but the counts
  /// are right.
  void read(
      PageFormat pageFormat,
      byte[] bytes,
      int length,
      int visit,
      int firstNewSeries,
      PageSamples samples)
      throws BadPageException {
    readAs(pageFormat);
    tally.begin(firstNewSeries);
    currentType = LineCache.TYPE_OTHER;
    samples.clear();
    beginFamily(samples);
    linesBefore = lines.size();
    if (converted != null) {
      converted.beginPage(firstNewSeries);
    }
    boolean good = false;
    try {
      if (format == PageFormat.PROTOBUF) {
        families.read(bytes, length, visit, samples);
      } else {
        readLines(bytes, length, visit, samples);
      }
      tally.checkLimit();
      good = true;
    } finally {
      if (!good) {
        forgetNewLines();
        tally.forgetNewSeries();
        samples.clear();
      }
    }
  }

  /// Lines of one format mean nothing in another: whoever changes it is read as if for the first
  /// time.
  private void readAs(PageFormat pageFormat) {
    if (pageFormat == format) {
      return;
    }
    format = pageFormat;
    lines.cutTo(0);
    page = pageFormat == PageFormat.OPEN_METRICS ? new OpenMetricsPage() : new TextPage();
  }

  private void readLines(byte[] bytes, int length, int visit, PageSamples samples)
      throws BadPageException {
    page.reset(bytes, length);
    int previous = LineCache.NONE;
    while (true) {
      int at = page.position();
      int entry = lines.after(previous);
      if (entry != LineCache.NONE && lines.matches(entry, bytes, at, length)) {
        int behind = at + lines.length(entry);
        page.resume(at, lines.kind(entry) > LineCache.DROPPED ? behind + 1 : behind);
      } else {
        Line line = page.next();
        if (line == Line.END) {
          finishConverted(samples);
          return;
        }
        entry = lookUp(line, bytes);
        if (entry == LineCache.NONE) {
          continue;
        }
        lines.link(previous, entry);
      }
      take(entry, visit, samples);
      previous = entry;
    }
  }

  /// Labels of the series that the last page brought, in the order of their numbers.
  List<Labels> newSeries() {
    return tally.newSeries();
  }

  /// Samples on the last page.
  int samplesScraped() {
    return tally.scraped;
  }

  /// Those of them that relabelling has left.
  int samplesKept() {
    return tally.kept;
  }

  /// Whether so many lines are remembered in vain that [#tidy] is worth its while.
  boolean untidy() {
    return lines.size() - tally.lines > SPARE_LINES + tally.lines / 2;
  }

  /// Whether the last page has told another type of a metric than the ones before, so that what is
  /// known of its lines may be wrong.
  boolean typesChanged() {
    return typesChanged;
  }

  /// Whether every line of the next page will be new.
  boolean knowsNothing() {
    return lines.size() == 0;
  }

  /// Puts the final numbers of the last page's new series in place of the provisional ones. Lines
  /// whose series has a negative number are forgotten, so that the next page asks for it again.
  ///
  /// Labels of new series are let go: a fleet's first pages would else keep all of them in memory
  /// until the second ones.
  void adopt(int firstNewSeries, int[] finalNumbers) {
    tally.forgetNewSeries();
    boolean forget = false;
    for (int number : finalNumbers) {
      forget |= number < 0;
    }
    if (converted != null) {
      if (forget) {
        // Parts of one histogram go together.
        forgetNewLines();
        return;
      }
      converted.adopt(finalNumbers);
    }
    for (int entry = linesBefore; entry < lines.size(); entry++) {
      int subject = lines.subject(entry);
      if (lines.kind(entry) == LineCache.SERIES && subject >= firstNewSeries) {
        int number = finalNumbers[subject - firstNewSeries];
        lines.resubject(entry, number);
        if (number < 0) {
          lines.use(entry, NEVER);
        }
      }
    }
    if (forget) {
      lines.forgetBefore(NEVER + 1);
    }
  }

  private void forgetNewLines() {
    lines.cutTo(linesBefore);
    if (converted != null) {
      converted.forgetPage();
    }
  }

  /// Forgets lines that were not used since `visit`, and the series that only they stood for.
  void tidy(int visit, SeriesTable series) {
    lines.forgetBefore(visit);
    if (converted != null) {
      lines.resubject(LineCache.PART, converted.keepOnly(lines.subjects(LineCache.PART)));
    }
    int[] renumbered = series.keepOnly(numbersInUse());
    lines.resubject(LineCache.SERIES, renumbered);
    if (converted != null) {
      converted.renumber(renumbered);
    }
  }

  private BitSet numbersInUse() {
    BitSet used = lines.subjects(LineCache.SERIES);
    if (converted != null) {
      converted.addSeries(used);
    }
    return used;
  }

  /// Takes in what the line of `entry`, at whose end the page stands, says.
  private void take(int entry, int visit, PageSamples samples) throws BadPageException {
    byte kind = lines.kind(entry);
    lines.use(entry, visit);
    tally.lines++;
    if (kind == LineCache.PART) {
      takePart(Objects.requireNonNull(converted), entry, samples);
      return;
    }
    if (kind == LineCache.CREATED) {
      takeCreated(Objects.requireNonNull(created), lines.point(entry), samples);
      return;
    }
    if (kind > LineCache.DROPPED) {
      finishConverted(samples);
      beginFamily(samples);
      if (kind >= LineCache.TYPE_HISTOGRAM) {
        currentType = kind;
        currentFamily = lines.subject(entry);
      }
      if (kind != LineCache.COMMENT) {
        metadata.seen(lines.subject(entry), visit);
      }
      return;
    }
    page.readValue();
    tally.scraped++;
    if (kind == LineCache.SERIES) {
      tally.kept++;
      samples.add(
          lines.subject(entry),
          page.value(),
          honorTimestamps && page.timestamped(),
          page.timestampMillis());
      notePoint(lines.point(entry), samples);
      if (page.hasExemplar()) {
        samples.add(lines.subject(entry), page.exemplar());
      }
    }
  }

  private void beginFamily(PageSamples samples) {
    if (created != null) {
      created.beginFamily(samples);
    }
  }

  private void takePart(ConvertedHistograms histograms, int entry, PageSamples samples)
      throws BadPageException {
    int part = lines.subject(entry);
    page.readValue();
    if (histograms.begins(part)) {
      finishConverted(samples);
    }
    histograms.collect(part, page);
    if (!alwaysClassic) {
      return;
    }
    tally.scraped++;
    int series = histograms.partSeries(part);
    if (series >= 0) {
      tally.kept++;
      samples.add(
          series, page.value(), honorTimestamps && page.timestamped(), page.timestampMillis());
      notePoint(lines.point(entry), samples);
    }
  }

  /// Notes what the last sample has in common with its `_created` line.
  private void notePoint(long point, PageSamples samples) {
    if (created != null) {
      created.note(point, samples);
    }
  }

  private void takeCreated(CreatedLines starts, long point, PageSamples samples)
      throws BadPageException {
    page.readValue();
    long millis = (long) (page.value() * 1000);
    starts.tell(point, millis, samples);
    if (converted != null
        && converted.isCollecting()
        && starts.point(converted.name(converted.present())) == point) {
      converted.startsAt(millis);
    }
  }

  /// Whether the line tells since when the series before it count.
  private boolean isCreated() throws BadPageException {
    boolean counts =
        currentType == LineCache.TYPE_COUNTER
            || currentType == LineCache.TYPE_HISTOGRAM
            || currentType == LineCache.TYPE_SUMMARY;
    return counts && page.subject().equals(metadata.metric(currentFamily) + "_created");
  }

  /// Takes the native histogram that the lines before were parts of, if they were.
  private void finishConverted(PageSamples samples) throws BadPageException {
    if (converted == null || !converted.isCollecting()) {
      return;
    }
    int whole = converted.present();
    @Nullable Histogram histogram = converted.finish();
    if (histogram == null) {
      return;
    }
    tally.scraped++;
    int series = converted.series(whole);
    if (series == ConvertedHistograms.NONE) {
      series = tally.name(converted.name(whole), "");
      converted.series(whole, series);
    }
    if (series >= 0) {
      tally.kept++;
      samples.add(
          series,
          Double.NaN,
          honorTimestamps && converted.timestamped(),
          converted.timestampMillis());
      samples.set(histogram);
      if (startTimes) {
        notePoint(0, samples);
        samples.start(samples.size - 1, converted.startMillis());
      }
      for (PageExemplar exemplar : converted.exemplars()) {
        samples.add(series, exemplar);
      }
    }
  }

  /// Finds or makes the entry of a line that is not where it was last time; [LineCache#NONE] if the
  /// line is not worth one.
  private int lookUp(Line line, byte[] bytes) throws BadPageException {
    int from = page.lineStart();
    return switch (line) {
      case END, COMMENT -> LineCache.NONE;
      case HELP, TYPE, UNIT -> {
        int to = page.end() - 1;
        int entry = lines.find(bytes, from, to);
        yield entry != LineCache.NONE ? entry : remark(line, bytes, from, to);
      }
      case SERIES -> {
        int to = page.end();
        int entry = lines.find(bytes, from, to);
        yield entry != LineCache.NONE ? entry : series(bytes, from, to);
      }
    };
  }

  private int remark(Line line, byte[] bytes, int from, int to) throws BadPageException {
    String text = page.remark();
    if (line == Line.TYPE && !format.knowsType(text)) {
      throw new BadPageException("invalid metric type \"%s\"".formatted(text));
    }
    int number = metadata.number(page.subject());
    byte kind = LineCache.HELP;
    switch (line) {
      case TYPE -> {
        String type = text.equals("untyped") ? "unknown" : text;
        typesChanged |= linesBefore > 0 && hasParts(type) != hasParts(metadata.type(number));
        metadata.type(number, type);
        kind =
            switch (text) {
              case "histogram" -> LineCache.TYPE_HISTOGRAM;
              case "summary" -> LineCache.TYPE_SUMMARY;
              case "counter" -> LineCache.TYPE_COUNTER;
              default -> LineCache.TYPE_OTHER;
            };
      }
      case HELP -> metadata.help(number, text);
      case UNIT -> metadata.unit(number, text);
      case END, COMMENT, SERIES -> throw new AssertionError(line + " is no remark");
    }
    return lines.add(bytes, from, to, kind, number);
  }

  /// Whether series of the type have labels that other types know nothing of.
  private static boolean hasParts(String type) {
    return type.equals("histogram") || type.equals("summary");
  }

  private int series(byte[] bytes, int from, int to) throws BadPageException {
    if (created == null || format != PageFormat.OPEN_METRICS) {
      return plainSeries(bytes, from, to);
    }
    int entry =
        isCreated()
            ? lines.add(bytes, from, to, LineCache.CREATED, 0)
            : plainSeries(bytes, from, to);
    if (entry != LineCache.NONE) {
      lines.point(entry, created.point(page));
    }
    return entry;
  }

  private int plainSeries(byte[] bytes, int from, int to) throws BadPageException {
    if (converted != null && currentType == LineCache.TYPE_HISTOGRAM) {
      int part = converted.add(page, metadata.metric(currentFamily));
      if (part != ConvertedHistograms.NONE) {
        if (alwaysClassic) {
          converted.partSeries(part, tally.name(page, normalisedLabel()));
        }
        return lines.add(bytes, from, to, LineCache.PART, part);
      }
    }
    int entry = lines.addSeries(bytes, from, to, tally.name(page, normalisedLabel()));
    if (entry == LineCache.NONE) {
      page.readValue();
      tally.scraped++;
    }
    return entry;
  }

  private String normalisedLabel() {
    return switch (currentType) {
      case LineCache.TYPE_HISTOGRAM -> "le";
      case LineCache.TYPE_SUMMARY -> "quantile";
      default -> "";
    };
  }
}
