package barograph.ingest.remoteread;

import barograph.ingest.chunk.FloatChunk;
import barograph.ingest.chunk.HistogramChunkReader;
import barograph.ingest.unpack.Encoding;
import barograph.ingest.unpack.PlainBody;
import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.HistogramReader;
import barograph.ingest.wire.LabelReader;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import java.util.ArrayList;
import java.util.List;

/// Reads what [ReadAnswer] writes, as another server has sent it: the series of a request's one
/// query, in the order of the message.
///
/// Trusts nothing: lengths and checksums are held against what is there, times have to rise, and
/// the asker's memory is asked for whatever is made. Used once.
public final class AnswerReader {
  private static final int SERIES = 1 << 3 | WireReader.BYTES;
  private static final int LABEL = 1 << 3 | WireReader.BYTES;
  private static final int SAMPLE = 2 << 3 | WireReader.BYTES;
  private static final int HISTOGRAM = 4 << 3 | WireReader.BYTES;
  private static final int VALUE = 1 << 3 | WireReader.FIXED64;
  private static final int TIMESTAMP = 2 << 3 | WireReader.VARINT;
  private static final int CHUNK = 2 << 3 | WireReader.BYTES;
  private static final int CHUNK_TYPE = 3 << 3 | WireReader.VARINT;
  private static final int CHUNK_DATA = 4 << 3 | WireReader.BYTES;

  /// What a histogram takes in memory for each byte of its message, at most: a bucket of eight for
  /// the two bits or more that tell it, and as much while it is read.
  private static final int HISTOGRAM_FACTOR = 16;

  private final byte[] bytes;
  private final WireReader wire;
  private final LabelReader labelReader;
  private final HistogramReader histogramReader = new HistogramReader();
  private final Allowance memory;
  private final SampleColumns samples = new SampleColumns();
  private final List<ReadSeries> found = new ArrayList<>();
  private Labels labels = Labels.EMPTY;

  private AnswerReader(byte[] bytes, int length, Allowance memory) {
    this.bytes = bytes;
    this.wire = new WireReader(bytes).within(0, length);
    this.labelReader = new LabelReader(bytes);
    this.memory = memory;
  }

  /// The series of a `prometheus.ReadResponse` in a Snappy block.
  ///
  /// @param mostBytes it may have unpacked
  public static List<ReadSeries> samples(byte[] packed, int mostBytes, Allowance memory)
      throws MalformedMessageException, UnpackException {
    var plain = new PlainBody();
    plain.unpack(Encoding.SNAPPY, packed, 0, packed.length, mostBytes);
    memory.take(plain.length());
    return new AnswerReader(plain.bytes(), plain.length(), memory).allResults();
  }

  /// The series of frames of `prometheus.ChunkedReadResponse`.
  ///
  /// @param mostFrameBytes a frame may have
  public static List<ReadSeries> chunks(byte[] frames, long mostFrameBytes, Allowance memory)
      throws MalformedMessageException {
    return new AnswerReader(frames, frames.length, memory).allFrames(mostFrameBytes);
  }

  private List<ReadSeries> allResults() throws MalformedMessageException {
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == SERIES) {
        int outer = wire.enter();
        result();
        wire.leave(outer);
      } else {
        wire.skip(tag);
      }
    }
    return found;
  }

  private void result() throws MalformedMessageException {
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == SERIES) {
        int outer = wire.enter();
        plainSeries();
        wire.leave(outer);
        endSeries();
      } else {
        wire.skip(tag);
      }
    }
  }

  private void plainSeries() throws MalformedMessageException {
    labelReader.clear();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case LABEL -> labelReader.read(wire);
        case SAMPLE -> sample();
        case HISTOGRAM -> histogram();
        default -> wire.skip(tag);
      }
    }
    labels = labelReader.labels();
    // No time has both.
    samples.mergeFrom(samples.size(), 0);
  }

  private void sample() throws MalformedMessageException {
    double value = 0;
    long time = 0;
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case VALUE -> value = wire.fixedDouble();
        case TIMESTAMP -> time = wire.varint();
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    int size = samples.size();
    requireRising(size == 0 ? Long.MIN_VALUE : samples.timestamps()[size - 1], time, size);
    samples.add(time, value);
  }

  private void histogram() throws MalformedMessageException {
    int from = wire.position();
    try {
      long time = histogramReader.read(wire);
      memory.take((long) HISTOGRAM_FACTOR * (wire.position() - from));
      var column = samples.histograms();
      int size = column.size();
      requireRising(size == 0 ? Long.MIN_VALUE : column.timestamps()[size - 1], time, size);
      column.add(time, histogramReader.build());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException(String.valueOf(e.getMessage()));
    }
  }

  private static void requireRising(long before, long time, int size)
      throws MalformedMessageException {
    if (size > 0 && time <= before) {
      throw new MalformedMessageException(
          "a sample at %d behind one at %d, expected times that rise".formatted(time, before));
    }
  }

  private List<ReadSeries> allFrames(long mostFrameBytes) throws MalformedMessageException {
    while (wire.more()) {
      long length = wire.varint();
      int left = wire.end() - wire.position() - Frame.CHECKSUM_BYTES;
      if (length < 0 || length > mostFrameBytes || length > left) {
        throw new MalformedMessageException(
            "a frame of %s bytes, expected at most %d, of which %d are left"
                .formatted(Long.toUnsignedString(length), mostFrameBytes, Math.max(0, left)));
      }
      frame((int) length);
    }
    endSeries();
    return found;
  }

  private void frame(int length) throws MalformedMessageException {
    int told = 0;
    for (int i = 0; i < Frame.CHECKSUM_BYTES; i++) {
      told = told << 8 | (bytes[wire.position() + i] & 0xff);
    }
    wire.skipBytes(Frame.CHECKSUM_BYTES);
    int from = wire.position();
    int counted = Frame.checksum(bytes, from, length);
    if (counted != told) {
      throw new MalformedMessageException(
          "a frame's checksum is %08x, expected %08x".formatted(counted, told));
    }
    var outer = wire.end();
    wire.within(from, from + length);
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == SERIES) {
        int message = wire.enter();
        chunkedSeries();
        wire.leave(message);
      } else {
        wire.skip(tag);
      }
    }
    wire.within(from + length, outer);
  }

  /// A part of a series goes on with the one before it, if that is of the same.
  private void chunkedSeries() throws MalformedMessageException {
    labelReader.clear();
    int from = wire.position();
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == LABEL) {
        labelReader.read(wire);
      } else {
        wire.skip(tag);
      }
    }
    var next = labelReader.labels();
    if (!next.equals(labels)) {
      endSeries();
      labels = next;
    }
    wire.within(from, wire.end());
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == CHUNK) {
        int outer = wire.enter();
        chunk();
        wire.leave(outer);
      } else {
        wire.skip(tag);
      }
    }
  }

  private void chunk() throws MalformedMessageException {
    long type = 0;
    int from = 0;
    int to = 0;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case CHUNK_TYPE -> type = wire.varint();
        case CHUNK_DATA -> {
          int length = wire.length();
          from = wire.position();
          to = from + length;
          wire.skipBytes(length);
        }
        default -> wire.skip(tag);
      }
    }
    int floats = samples.size();
    int histograms = samples.histogramCount();
    if (type == ChunkType.XOR.number()) {
      FloatChunk.read(bytes, from, to, samples);
    } else if (type == ChunkType.HISTOGRAM.number() || type == ChunkType.FLOAT_HISTOGRAM.number()) {
      boolean integers = type == ChunkType.HISTOGRAM.number();
      HistogramChunkReader.read(bytes, from, to, integers, samples.histograms(), memory);
    } else {
      throw new MalformedMessageException(
          "a chunk of encoding %d, expected %d to %d"
              .formatted(type, ChunkType.XOR.number(), ChunkType.FLOAT_HISTOGRAM.number()));
    }
    samples.mergeFrom(floats, histograms);
  }

  private void endSeries() {
    if (!samples.isEmpty()) {
      var series = ReadSeries.of(labels, samples);
      memory.take(series.bytes());
      found.add(series);
    }
    samples.clear();
  }
}
