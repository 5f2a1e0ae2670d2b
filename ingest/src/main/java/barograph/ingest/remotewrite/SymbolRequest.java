package barograph.ingest.remotewrite;

import barograph.ingest.exposition.Utf8;
import barograph.ingest.pushed.PushedSeries;
import barograph.ingest.pushed.RefusedBodyException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads `io.prometheus.write.v2.Request`, the message of remote write 2.0, in which every text is
/// a number that stands for one of a list of symbols; field numbers are those of its specification.
/// One thread at a time.
final class SymbolRequest {
  /// Fields up to this one belong to the first version's message and never to this one.
  private static final int LAST_OF_FIRST_VERSION = 3;

  private static final int SYMBOL = 4 << 3 | WireReader.BYTES;
  private static final int SERIES = 5 << 3 | WireReader.BYTES;
  private static final int LABEL_REFS = 1 << 3 | WireReader.BYTES;
  private static final int LABEL_REF = 1 << 3 | WireReader.VARINT;
  private static final int SAMPLES = 2 << 3 | WireReader.BYTES;
  private static final int HISTOGRAMS = 3 << 3 | WireReader.BYTES;
  private static final int EXEMPLARS = 4 << 3 | WireReader.BYTES;
  private static final int METADATA = 5 << 3 | WireReader.BYTES;
  private static final int STARTED = 6 << 3 | WireReader.VARINT;
  private static final int METADATA_TYPE = 1 << 3 | WireReader.VARINT;
  private static final int METADATA_HELP = 3 << 3 | WireReader.VARINT;
  private static final int METADATA_UNIT = 4 << 3 | WireReader.VARINT;
  private static final byte[] METRIC_NAME = Labels.METRIC_NAME.getBytes(StandardCharsets.UTF_8);

  private final byte[] bytes;
  private final WireReader wire;
  private final PushedSeries into;
  private final HistogramMessage histogram = new HistogramMessage();
  private final SampleMessage sample = new SampleMessage();

  /// For each symbol where it begins and ends.
  private int[] symbols = new int[512];

  private int symbolCount;

  /// Numbers of the present series' or exemplar's labels, names and values by turns.
  private int[] refs = new int[64];

  private int refCount;

  SymbolRequest(byte[] bytes, PushedSeries into) {
    this.bytes = bytes;
    this.wire = new WireReader(bytes);
    this.into = into;
  }

  /// Reads the message in `[0, length)`.
  void read(int length) throws MalformedMessageException, RefusedBodyException {
    readSymbols(length);
    wire.within(0, length);
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == SERIES) {
        readSeries();
      } else {
        wire.skip(tag);
      }
    }
  }

  private void readSymbols(int length) throws MalformedMessageException, RefusedBodyException {
    wire.within(0, length);
    while (wire.more()) {
      int tag = wire.tag();
      if (tag >>> 3 <= LAST_OF_FIRST_VERSION) {
        throw new RefusedBodyException(
            400, "a message of remote write 1.0, expected one of 2.0 as the content type says");
      }
      if (tag != SYMBOL) {
        wire.skip(tag);
        continue;
      }
      int size = wire.length();
      if (2 * symbolCount == symbols.length) {
        symbols = Arrays.copyOf(symbols, 2 * symbols.length);
      }
      symbols[2 * symbolCount] = wire.position();
      symbols[2 * symbolCount++ + 1] = wire.position() + size;
      wire.skipBytes(size);
    }
    if (symbolCount > 0 && symbols[0] != symbols[1]) {
      throw new RefusedBodyException(400, "the first symbol must be empty");
    }
  }

  private void readSeries() throws MalformedMessageException, RefusedBodyException {
    int outer = wire.enter();
    int start = wire.position();
    refCount = 0;
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == LABEL_REFS || tag == LABEL_REF) {
        readRefs(tag);
      } else {
        wire.skip(tag);
      }
    }
    requirePairs("labels");
    into.beginSeries();
    for (int i = 0; i < refCount; i += 2) {
      int name = refs[i];
      int value = refs[i + 1];
      into.label(bytes, start(name), size(name), bytes, start(value), size(value));
    }
    int name = metricName();
    wire.within(start, wire.end());
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case SAMPLES -> sample.read(wire, into);
        case HISTOGRAMS -> histogram.read(wire, into);
        case EXEMPLARS -> readExemplar();
        case METADATA -> readMetadata(name);
        case STARTED -> into.startsAt(wire.varint());
        default -> wire.skip(tag);
      }
    }
    into.endSeries();
    wire.leave(outer);
  }

  /// The symbol that the present labels call the metric by, or -1.
  private int metricName() {
    for (int i = 0; i < refCount; i += 2) {
      if (Arrays.equals(bytes, start(refs[i]), end(refs[i]), METRIC_NAME, 0, METRIC_NAME.length)) {
        return refs[i + 1];
      }
    }
    return -1;
  }

  private void readRefs(int tag) throws MalformedMessageException, RefusedBodyException {
    if (tag == LABEL_REF) {
      addRef(wire.varint());
      return;
    }
    int outer = wire.enter();
    while (wire.more()) {
      addRef(wire.varint());
    }
    wire.leave(outer);
  }

  private void addRef(long ref) throws RefusedBodyException {
    if (refCount == refs.length) {
      refs = Arrays.copyOf(refs, 2 * refCount);
    }
    refs[refCount++] = symbol(ref);
  }

  private int symbol(long ref) throws RefusedBodyException {
    if (ref < 0 || ref >= symbolCount) {
      throw new RefusedBodyException(
          400,
          "symbol %s is referred to, there are %d"
              .formatted(Long.toUnsignedString(ref), symbolCount));
    }
    return (int) ref;
  }

  private void requirePairs(String what) throws RefusedBodyException {
    if (refCount % 2 != 0) {
      throw new RefusedBodyException(
          400, "%s have %d symbols, expected pairs".formatted(what, refCount));
    }
  }

  private int start(int symbol) {
    return symbols[2 * symbol];
  }

  private int end(int symbol) {
    return symbols[2 * symbol + 1];
  }

  private int size(int symbol) {
    return end(symbol) - start(symbol);
  }

  private void readExemplar() throws MalformedMessageException, RefusedBodyException {
    double value = 0;
    long timestamp = 0;
    refCount = 0;
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case LABEL_REFS, LABEL_REF -> readRefs(tag);
        case SampleMessage.EXEMPLAR_VALUE -> value = wire.fixedDouble();
        case SampleMessage.EXEMPLAR_TIMESTAMP -> timestamp = wire.varint();
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    requirePairs("labels of an exemplar");
    var labels = new Labels.Builder();
    for (int i = 0; i < refCount; i += 2) {
      if (size(refs[i]) > 0) {
        labels.set(text(refs[i]), text(refs[i + 1]));
      }
    }
    into.add(new Exemplar(labels.build(), value, timestamp));
  }

  private void readMetadata(int metricName) throws MalformedMessageException, RefusedBodyException {
    var type = MetricMetadata.Type.UNKNOWN;
    String help = "";
    String unit = "";
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case METADATA_TYPE -> type = MetricMetadata.Type.of((int) wire.varint());
        case METADATA_HELP -> help = text(symbol(wire.varint()));
        case METADATA_UNIT -> unit = text(symbol(wire.varint()));
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    boolean says = type != MetricMetadata.Type.UNKNOWN || !help.isEmpty() || !unit.isEmpty();
    if (says && metricName >= 0) {
      into.tellOf(text(metricName), new MetricMetadata(type, help, unit));
    }
  }

  private String text(int symbol) throws MalformedMessageException {
    if (!Utf8.isValid(bytes, start(symbol), end(symbol))) {
      throw new MalformedMessageException("symbol %d is not UTF-8".formatted(symbol));
    }
    return new String(bytes, start(symbol), size(symbol), StandardCharsets.UTF_8);
  }
}
