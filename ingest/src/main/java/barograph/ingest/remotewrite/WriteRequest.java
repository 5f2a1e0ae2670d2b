package barograph.ingest.remotewrite;

import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import java.util.Arrays;

/// One decoded request: the samples of all its series as columns, and where in the plain bytes each
/// series says its labels. Reused; one thread at a time.
///
/// Field numbers are those of `prometheus.WriteRequest` in the remote-write 1.0 specification.
final class WriteRequest {
  private static final int SERIES = 1 << 3 | WireReader.BYTES;
  private static final int LABELS = 1 << 3 | WireReader.BYTES;
  private static final int SAMPLES = 2 << 3 | WireReader.BYTES;
  private static final int HISTOGRAMS = 4 << 3 | WireReader.BYTES;
  private static final int VALUE = 1 << 3 | WireReader.FIXED64;
  private static final int TIMESTAMP = 2 << 3 | WireReader.VARINT;

  final SnappyBlock plain = new SnappyBlock();

  /// For each series, the bytes from its first label to the end of its last.
  int[] labelsFrom = new int[256];

  int[] labelsTo = new int[256];
  int[] firstSample = new int[257];
  int series;

  /// For each sample, the number of its series.
  int[] sampleSeries = new int[1024];

  long[] timestamps = new long[1024];
  double[] values = new double[1024];
  int samples;

  /// Native histograms, which are counted and not read.
  int histograms;

  /// Decodes a compressed request.
  void decode(byte[] packed, int from, int to, int limit)
      throws BadRequestException, MalformedMessageException {
    plain.unpack(packed, from, to, limit);
    series = 0;
    samples = 0;
    histograms = 0;
    var wire = new WireReader(plain.bytes()).within(0, plain.length());
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == SERIES) {
        int length = wire.length();
        int end = wire.position() + length;
        readSeries(wire, wire.position(), end);
        wire.within(end, plain.length());
      } else {
        // Metadata, and what later versions may add.
        wire.skip(tag);
      }
    }
    firstSample[series] = samples;
  }

  private void readSeries(WireReader wire, int from, int to) throws MalformedMessageException {
    if (series == labelsFrom.length) {
      labelsFrom = Arrays.copyOf(labelsFrom, 2 * series);
      labelsTo = Arrays.copyOf(labelsTo, 2 * series);
      firstSample = Arrays.copyOf(firstSample, 2 * series + 1);
    }
    int labelsStart = -1;
    int labelsEnd = -1;
    firstSample[series] = samples;
    wire.within(from, to);
    while (wire.more()) {
      int fieldStart = wire.position();
      int tag = wire.tag();
      switch (tag) {
        case LABELS -> {
          wire.skipBytes(wire.length());
          labelsStart = labelsStart < 0 ? fieldStart : labelsStart;
          labelsEnd = wire.position();
        }
        case SAMPLES -> {
          int length = wire.length();
          int end = wire.position() + length;
          readSample(wire, end);
          wire.within(end, to);
        }
        case HISTOGRAMS -> {
          histograms++;
          wire.skip(tag);
        }
        default -> wire.skip(tag);
      }
    }
    labelsFrom[series] = Math.max(0, labelsStart);
    labelsTo[series++] = Math.max(0, labelsEnd);
  }

  private void readSample(WireReader wire, int to) throws MalformedMessageException {
    double value = 0;
    long timestamp = 0;
    wire.within(wire.position(), to);
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case VALUE -> value = wire.fixedDouble();
        case TIMESTAMP -> timestamp = wire.varint();
        default -> wire.skip(tag);
      }
    }
    if (samples == timestamps.length) {
      int room = 2 * samples;
      sampleSeries = Arrays.copyOf(sampleSeries, room);
      timestamps = Arrays.copyOf(timestamps, room);
      values = Arrays.copyOf(values, room);
    }
    sampleSeries[samples] = series;
    timestamps[samples] = timestamp;
    values[samples++] = value;
  }
}
