package barograph.ingest.remotewrite;

import barograph.ingest.exposition.Utf8;
import barograph.ingest.pushed.PushedSeries;
import barograph.ingest.pushed.RefusedBodyException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Reads `prometheus.WriteRequest`, the message of remote write 1.0; field numbers are those of its
/// specification. One thread at a time.
final class WriteRequest {
  private static final int SERIES = 1 << 3 | WireReader.BYTES;
  private static final int METADATA = 3 << 3 | WireReader.BYTES;
  private static final int SYMBOL_OF_SECOND_VERSION = 4 << 3 | WireReader.BYTES;
  private static final int SERIES_OF_SECOND_VERSION = 5 << 3 | WireReader.BYTES;
  private static final int LABELS = 1 << 3 | WireReader.BYTES;
  private static final int SAMPLES = 2 << 3 | WireReader.BYTES;
  private static final int EXEMPLARS = 3 << 3 | WireReader.BYTES;
  private static final int HISTOGRAMS = 4 << 3 | WireReader.BYTES;
  private static final int FIRST_TEXT = 1 << 3 | WireReader.BYTES;
  private static final int SECOND_TEXT = 2 << 3 | WireReader.BYTES;
  private static final int METADATA_TYPE = 1 << 3 | WireReader.VARINT;
  private static final int METADATA_HELP = 4 << 3 | WireReader.BYTES;
  private static final int METADATA_UNIT = 5 << 3 | WireReader.BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /// A time of six bytes (from 1971 to 2109) with its tag, as the last eight bytes have it.
  private static final long TIME_FIELD = 0x0080_8080_8080_1000L;

  private static final long TIME_FIELD_MASK = 0x8080_8080_8080_ff00L;

  /// Bytes of a sample, and of one whose value is zero and not written.
  private static final int WITH_VALUE = 18;

  private static final int WITHOUT_VALUE = 9;

  /// The three bytes before the value, above a byte of nothing.
  private static final int SAMPLE_WITH_VALUE =
      SAMPLES << 8 | (WITH_VALUE - 2) << 16 | (1 << 3 | WireReader.FIXED64) << 24;

  private final byte[] bytes;
  private final WireReader wire;
  private final PushedSeries into;
  private final HistogramMessage histogram = new HistogramMessage();
  private final SampleMessage sample = new SampleMessage();

  WriteRequest(byte[] bytes, PushedSeries into) {
    this.bytes = bytes;
    this.wire = new WireReader(bytes);
    this.into = into;
  }

  /// Reads the message in `[0, length)`.
  void read(int length) throws MalformedMessageException, RefusedBodyException {
    into.labelsIn(bytes);
    wire.within(0, length);
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case SERIES -> readSeries();
        case METADATA -> readMetadata();
        case SYMBOL_OF_SECOND_VERSION, SERIES_OF_SECOND_VERSION ->
            throw new RefusedBodyException(
                400, "a message of remote write 2.0, expected one of 1.0 as the content type says");
        default -> wire.skip(tag);
      }
    }
  }

  private void readSeries() throws MalformedMessageException {
    into.beginSeriesInPlace();
    int outer = wire.enter();
    if (!into.mayLeaveUnread() || !readFromItsEnd(wire.position(), wire.end())) {
      readFields();
    }
    wire.leave(outer);
  }

  /// Takes the samples of a series as nearly all senders write it, labels and then samples with
  /// times of this century: all but the labels has its fixed place before the end.
  ///
  /// @return whether the end looks so
  private boolean readFromItsEnd(int from, int end) {
    int labelsEnd = end;
    for (int start = end; start >= 0; start = sampleBefore(from, labelsEnd)) {
      labelsEnd = start;
    }
    if (labelsEnd == end) {
      return false;
    }
    for (int at = labelsEnd; at < end; ) {
      boolean hasValue = bytes[at + 1] == WITH_VALUE - 2;
      int next = at + (hasValue ? WITH_VALUE : WITHOUT_VALUE);
      into.add(
          WireReader.sevenBits((long) LONGS.get(bytes, next - Long.BYTES) >>> 16),
          hasValue ? Double.longBitsToDouble((long) LONGS.get(bytes, at + 3)) : 0);
      at = next;
    }
    into.endSeriesUnread(from, labelsEnd);
    return true;
  }

  /// Where the sample that ends at `end` begins; -1 if what ends there does not look like one.
  private int sampleBefore(int from, int end) {
    if (end - from < WITH_VALUE
        || ((long) LONGS.get(bytes, end - Long.BYTES) & TIME_FIELD_MASK) != TIME_FIELD) {
      return -1;
    }
    if ((int) INTS.get(bytes, end - WITH_VALUE) << 8 == SAMPLE_WITH_VALUE) {
      return end - WITH_VALUE;
    }
    boolean withoutValue =
        bytes[end - WITHOUT_VALUE] == SAMPLES
            && bytes[end - WITHOUT_VALUE + 1] == WITHOUT_VALUE - 2;
    return withoutValue ? end - WITHOUT_VALUE : -1;
  }

  private void readFields() throws MalformedMessageException {
    int labelsStart = -1;
    int labelsEnd = -1;
    while (wire.more()) {
      int fieldStart = wire.position();
      int tag = wire.tag();
      switch (tag) {
        case LABELS -> {
          wire.skipBytes(wire.length());
          labelsStart = labelsStart < 0 ? fieldStart : labelsStart;
          labelsEnd = wire.position();
        }
        case SAMPLES -> sample.read(wire, into);
        case HISTOGRAMS -> histogram.read(wire, into);
        case EXEMPLARS -> readExemplar();
        default -> wire.skip(tag);
      }
    }
    into.endSeries(Math.max(0, labelsStart), Math.max(0, labelsEnd));
  }

  private void readExemplar() throws MalformedMessageException {
    var labels = new Labels.Builder();
    double value = 0;
    long timestamp = 0;
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case LABELS -> readExemplarLabel(labels);
        case SampleMessage.EXEMPLAR_VALUE -> value = wire.fixedDouble();
        case SampleMessage.EXEMPLAR_TIMESTAMP -> timestamp = wire.varint();
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    into.add(new Exemplar(labels.build(), value, timestamp));
  }

  private void readExemplarLabel(Labels.Builder labels) throws MalformedMessageException {
    String name = "";
    String value = "";
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST_TEXT -> name = text();
        case SECOND_TEXT -> value = text();
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    if (!name.isEmpty()) {
      labels.set(name, value);
    }
  }

  private void readMetadata() throws MalformedMessageException {
    var type = MetricMetadata.Type.UNKNOWN;
    String metric = "";
    String help = "";
    String unit = "";
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case METADATA_TYPE -> type = MetricMetadata.Type.of((int) wire.varint());
        case SECOND_TEXT -> metric = text();
        case METADATA_HELP -> help = text();
        case METADATA_UNIT -> unit = text();
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    into.tellOf(metric, new MetricMetadata(type, help, unit));
  }

  private String text() throws MalformedMessageException {
    int length = wire.length();
    int from = wire.position();
    wire.skipBytes(length);
    if (!Utf8.isValid(bytes, from, from + length)) {
      throw new MalformedMessageException("text that is not UTF-8 at byte %d".formatted(from));
    }
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }
}
