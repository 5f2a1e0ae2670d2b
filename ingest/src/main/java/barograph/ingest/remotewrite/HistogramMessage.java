package barograph.ingest.remotewrite;

import barograph.ingest.pushed.PushedSeries;
import barograph.ingest.wire.HistogramReader;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;

/// A native histogram as both versions of remote write send it.
final class HistogramMessage {
  private final HistogramReader reader = new HistogramReader();

  /// Reads the histogram whose length stands here into the series that was begun, or refuses it
  /// there if it contradicts itself.
  void read(WireReader wire, PushedSeries into) throws MalformedMessageException {
    try {
      long timestamp = reader.read(wire);
      into.add(timestamp, reader.build());
    } catch (IllegalArgumentException e) {
      into.refuse(1, String.valueOf(e.getMessage()));
    }
  }
}
