package barograph.ingest.exposition;

import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;

/// `io.prometheus.client.Exemplar` messages, and the timestamps that stand in them and in others.
final class ExemplarMessage {
  private static final int FIRST_BYTES = 1 << 3 | WireReader.BYTES;
  private static final int SECOND_BYTES = 2 << 3 | WireReader.BYTES;
  private static final int THIRD_BYTES = 3 << 3 | WireReader.BYTES;
  private static final int SECOND_DOUBLE = 2 << 3 | WireReader.FIXED64;
  private static final int FIRST_VARINT = 1 << 3 | WireReader.VARINT;
  private static final int SECOND_VARINT = 2 << 3 | WireReader.VARINT;

  private ExemplarMessage() {}

  /// Reads the exemplar that `wire`, a reader of `page`, stands at.
  static PageExemplar read(WireReader wire, byte[] page)
      throws MalformedMessageException, BadPageException {
    int outer = wire.enter();
    var labels = new Labels.Builder();
    double value = 0;
    boolean hasTime = false;
    long millis = 0;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST_BYTES -> readLabel(wire, page, labels);
        case SECOND_DOUBLE -> value = wire.fixedDouble();
        case THIRD_BYTES -> {
          hasTime = true;
          millis = readTime(wire);
        }
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    return new PageExemplar(labels.build(), value, hasTime, millis);
  }

  private static void readLabel(WireReader wire, byte[] page, Labels.Builder labels)
      throws MalformedMessageException, BadPageException {
    int outer = wire.enter();
    String name = "";
    String value = "";
    while (wire.more()) {
      int tag = wire.tag();
      if (tag != FIRST_BYTES && tag != SECOND_BYTES) {
        wire.skip(tag);
        continue;
      }
      int length = wire.length();
      int from = wire.position();
      wire.skipBytes(length);
      if (!Utf8.isValid(page, from, from + length)) {
        throw new BadPageException("invalid UTF-8: " + Quoted.bytes(page, from, from + length));
      }
      var text = new String(page, from, length, StandardCharsets.UTF_8);
      name = tag == FIRST_BYTES ? text : name;
      value = tag == SECOND_BYTES ? text : value;
    }
    if (!name.isEmpty()) {
      labels.set(name, value);
    }
    wire.leave(outer);
  }

  /// Milliseconds of the `google.protobuf.Timestamp` that `wire` stands at.
  static long readTime(WireReader wire) throws MalformedMessageException {
    int outer = wire.enter();
    long seconds = 0;
    long nanos = 0;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case FIRST_VARINT -> seconds = wire.varint();
        case SECOND_VARINT -> nanos = wire.varint();
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    return seconds * 1000 + nanos / 1_000_000;
  }
}
