package barograph.ingest.remotewrite;

import barograph.ingest.pushed.PushedSeries;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;

/// A sample as both versions of remote write send it.
final class SampleMessage {
  static final int EXEMPLAR_VALUE = 2 << 3 | WireReader.FIXED64;
  static final int EXEMPLAR_TIMESTAMP = 3 << 3 | WireReader.VARINT;

  private static final int VALUE = 1 << 3 | WireReader.FIXED64;
  private static final int TIMESTAMP = 2 << 3 | WireReader.VARINT;

  /// Reads the sample whose length stands here into the series that was begun.
  void read(WireReader wire, PushedSeries into) throws MalformedMessageException {
    double value = 0;
    long timestamp = 0;
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case VALUE -> value = wire.fixedDouble();
        case TIMESTAMP -> timestamp = wire.varint();
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    into.add(timestamp, value);
  }
}
