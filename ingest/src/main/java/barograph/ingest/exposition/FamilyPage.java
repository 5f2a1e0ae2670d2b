package barograph.ingest.exposition;

import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.model.Histogram;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a page of `io.prometheus.client.MetricFamily` messages, each behind its length, in place.
///
/// [#next()] goes from family to family and from series to series within each: a summary or a
/// histogram is several. A series is known again by [#key()], without its labels being made. Reused
/// from page to page; one thread at a time.
public final class FamilyPage implements ExposedSeries {
  /// What [#next()] has found.
  public enum Item {
    /// The page is over.
    END,
    /// A family: its name, type, help and unit.
    FAMILY,
    /// A series: name, labels, value or histogram, timestamp, exemplars.
    SERIES
  }

  private static final int NAME = 1 << 3 | WireReader.BYTES;
  private static final int HELP = 2 << 3 | WireReader.BYTES;
  private static final int TYPE = 3 << 3 | WireReader.VARINT;
  private static final int METRIC = 4 << 3 | WireReader.BYTES;
  private static final int UNIT = 5 << 3 | WireReader.BYTES;
  private static final String[] TYPES = {
    "counter", "gauge", "summary", "unknown", "histogram", "gaugehistogram"
  };

  private final MetricMessage metric;
  private byte[] page = new byte[0];
  private WireReader wire = new WireReader(page);
  private int end;

  private String name = "";
  private String help = "";
  private String unit = "";
  private String type = "unknown";
  private int nameFrom;
  private int nameTo;

  /// Behind the part of the family that is read, and behind the family.
  private int at;

  private int familyEnd;

  /// The series of the present metric that comes next.
  private int part;

  private int parts;

  public FamilyPage(HistogramWishes wishes) {
    this.metric = new MetricMessage(wishes);
  }

  /// Begins at the start of a page of `length` bytes.
  public void reset(byte[] newPage, int length) {
    page = newPage;
    wire = new WireReader(newPage);
    end = length;
    at = 0;
    familyEnd = 0;
    part = 0;
    parts = 0;
  }

  /// Goes on to the next family or series.
  public Item next() throws BadPageException {
    try {
      if (part < parts) {
        metric.show(part++);
        return Item.SERIES;
      }
      while (at < familyEnd) {
        wire.within(at, familyEnd);
        int tag = wire.tag();
        if (tag != METRIC) {
          wire.skip(tag);
          at = wire.position();
          continue;
        }
        int length = wire.length();
        at = wire.position() + length;
        parts = metric.read(page, wire, at, type.equals("gaugehistogram"), nameFrom, nameTo);
        part = 0;
        if (parts > 0) {
          metric.show(part++);
          return Item.SERIES;
        }
      }
      if (at >= end) {
        return Item.END;
      }
      beginFamily();
      return Item.FAMILY;
    } catch (MalformedMessageException e) {
      throw new BadPageException("proto: MetricFamily: " + e.getMessage());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new BadPageException("invalid histogram in " + name + ": " + e.getMessage());
    }
  }

  private void beginFamily() throws MalformedMessageException, BadPageException {
    wire.within(at, end);
    int length = wire.length();
    at = wire.position();
    familyEnd = at + length;
    name = "";
    help = "";
    unit = "";
    type = TYPES[0];
    nameFrom = at;
    nameTo = at;
    wire.within(at, familyEnd);
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case NAME -> {
          int nameLength = wire.length();
          nameFrom = wire.position();
          nameTo = nameFrom + nameLength;
          wire.skipBytes(nameLength);
          name = text(nameFrom, nameTo);
        }
        case HELP -> help = text();
        case UNIT -> unit = text();
        case TYPE -> {
          long number = wire.varint();
          if (number < 0 || number >= TYPES.length) {
            throw new BadPageException(
                "metric family %s has the unknown type %d".formatted(name, number));
          }
          type = TYPES[(int) number];
        }
        default -> wire.skip(tag);
      }
    }
    if (name.isEmpty()) {
      throw new BadPageException("a metric family has no name");
    }
  }

  private String text() throws MalformedMessageException, BadPageException {
    int length = wire.length();
    int from = wire.position();
    wire.skipBytes(length);
    return text(from, from + length);
  }

  private String text(int from, int to) throws BadPageException {
    if (!Utf8.isValid(page, from, to)) {
      throw new BadPageException("invalid UTF-8: " + Quoted.bytes(page, from, to));
    }
    return new String(page, from, to - from, StandardCharsets.UTF_8);
  }

  /// The family's name.
  public String family() {
    return name;
  }

  /// The family's type, in the words of OpenMetrics.
  public String type() {
    return type;
  }

  public String help() {
    return help;
  }

  public String unit() {
    return unit;
  }

  /// Bytes, up to [#keyLength()], that no other series of any page has.
  public byte[] key() {
    return metric.key();
  }

  public int keyLength() {
    return metric.keyLength();
  }

  @Override
  public String subject() {
    return name + metric.suffix();
  }

  @Override
  public int labels() {
    return metric.labels();
  }

  @Override
  public String labelName(int label) throws BadPageException {
    return metric.isBound(label)
        ? metric.boundName()
        : text(metric.labelStart(label, 0), metric.labelEnd(label, 0));
  }

  @Override
  public String labelValue(int label) throws BadPageException {
    return metric.isBound(label)
        ? NumberLabel.text(metric.bound())
        : text(metric.labelStart(label, 1), metric.labelEnd(label, 1));
  }

  public double value() {
    return metric.value();
  }

  /// The native histogram that the series has in place of a value, or null.
  public @Nullable Histogram histogram() {
    return metric.histogram();
  }

  /// Whether the sample has a timestamp of its own, which is then [#timestampMillis()].
  public boolean timestamped() {
    return metric.timestamped();
  }

  public long timestampMillis() {
    return metric.timestampMillis();
  }

  /// Since when the series counts; 0 if that is not told.
  public long startMillis() {
    return metric.startMillis();
  }

  /// The exemplars of the sample.
  public List<PageExemplar> exemplars() {
    return metric.exemplars();
  }
}
