package barograph.storage.head;

import barograph.storage.chunk.ByteSink;
import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import barograph.storage.disk.DiskFullException;
import barograph.storage.head.SealedChunks.FileState;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.SampleColumns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Writes a checkpoint while the head goes on.
///
/// It is taken series by series and so shows no single moment: what came in meanwhile may be in it
/// or not. That does no harm, as the log from the checkpoint's segment on has all of it, and a
/// series takes from a replay only what is later than its newest sample. What series stand on
/// (pairs, targets' rows, head files) is written after them and so has at least what they need.
final class CheckpointWriter {
  private static final int SLICE = 1024;

  private final Head head;
  private final Disk disk;
  private final Path folder;
  private final long segment;
  private final ByteSink frame = new ByteSink(Checkpoint.FRAME_BYTES * 2);
  private final StreamCopy copy = new StreamCopy();
  private int series;
  private long words;
  private long lateSamples;

  CheckpointWriter(Head head, Disk disk, Path folder, long segment) {
    this.head = head;
    this.disk = disk;
    this.folder = folder;
    this.segment = segment;
  }

  /// Writes, syncs and names the checkpoint, and tells `size` of it.
  void write(CheckpointSize size) throws IOException {
    Path unfinished = Checkpoint.unfinished(folder, segment);
    disk.delete(unfinished);
    try {
      writeAside(unfinished);
    } catch (DiskFullException e) {
      disk.delete(unfinished);
      throw e;
    }
    size.wrote(disk.size(unfinished), series, words, lateSamples);
    disk.rename(unfinished, Checkpoint.path(folder, segment));
    disk.syncFolder(folder);
  }

  private void writeAside(Path unfinished) throws IOException {
    try (AppendFile file = disk.create(unfinished, 0)) {
      writeHeader(file);
      writeSeries(file);
      writeLate(file);
      writeLateHistograms(file);
      writeHistograms(file);
      writeExemplars(file);
      writeMetadata(file);
      writePairs(file);
      writeTargets(file);
      List<FileState> files = head.sealed.sync();
      writeFiles(file, head.sealed.nextFile(), files);
      writeTombstones(file);
      writeEnd(file);
      file.force();
    }
  }

  private void writeHeader(AppendFile file) throws IOException {
    var header = ByteBuffer.allocate(Checkpoint.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(Checkpoint.MAGIC).putInt(Checkpoint.MAJOR).putLong(segment).flip();
    file.write(header);
  }

  private void begin(int kind) {
    frame.clear().putByte(kind);
  }

  private void endIfLong(AppendFile file, int kind) throws IOException {
    if (frame.size() >= Checkpoint.FRAME_BYTES) {
      end(file);
      begin(kind);
    }
  }

  private void endUnlessEmpty(AppendFile file) throws IOException {
    if (frame.size() > 1) {
      end(file);
    }
  }

  private void end(AppendFile file) throws IOException {
    var header = ByteBuffer.allocate(Checkpoint.FRAME_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(frame.size()).putInt(Checksum.of(frame.array(), 0, frame.size())).flip();
    file.write(header);
    file.write(frame.buffer());
  }

  private void writeSeries(AppendFile file) throws IOException {
    int[] refs = references();
    begin(Checkpoint.SERIES);
    for (int from = 0; from < refs.length; from += SLICE) {
      int to = Math.min(from + SLICE, refs.length);
      int[][] pairs = head.registry.pairsOf(refs, from, to);
      for (int i = from; i < to; i++) {
        copy.take(head, refs[i]);
        if (copy.alive) {
          putSeries(refs[i], pairs[i - from]);
          endIfLong(file, Checkpoint.SERIES);
        }
      }
    }
    end(file);
  }

  /// The living series now.
  private int[] references() {
    return head.registry.look(index -> index.all().toArray());
  }

  private void putSeries(int ref, int[] pairs) {
    series++;
    frame.putVarint(ref);
    frame.putVarint(copy.target);
    frame.putVarint(pairs.length);
    for (int pair : pairs) {
      frame.putVarint(pair);
    }
    frame.putByte(copy.flags | (copy.hasOwnTimes ? Series.OWN_TIMES_SAVED : 0));
    frame.putInt(copy.newestChunk);
    frame.putVarint(copy.firstRow);
    frame.putVarint((long) copy.holes << Series.ROW_BITS | copy.rows);
    frame.putVarint(copy.lead);
    frame.putLong(copy.lastBits);
    if (copy.rows > 0 && copy.lead == 0) {
      frame.putZigzag(copy.mantissa);
      frame.putByte(copy.width);
      frame.putByte(copy.exponent);
      frame.putByte(copy.xorLead);
      frame.putByte(copy.xorLength);
      putWords(copy.words, copy.wordCount, copy.accumulated);
    }
    if (copy.hasOwnTimes) {
      frame.putLong(copy.firstTime);
      frame.putLong(copy.lastTime);
      frame.putZigzag(copy.lastStep);
      frame.putByte(copy.timeWidth);
      putWords(copy.timeWords, copy.timeWordCount, copy.timeAccumulated);
    }
  }

  private void putWords(long[] stream, int count, int accumulated) {
    words += count;
    frame.putByte(accumulated);
    frame.putVarint(count);
    for (int i = 0; i < count; i++) {
      frame.putLong(stream[i]);
    }
  }

  private void writeLate(AppendFile file) throws IOException {
    var samples = new SampleColumns();
    begin(Checkpoint.LATE);
    for (int ref : references()) {
      if (!head.late().has(ref)) {
        continue;
      }
      copy.take(head, ref);
      copy.late.mergeInto(Long.MIN_VALUE, Long.MAX_VALUE, samples.clear());
      if (samples.size() > 0) {
        putLate(ref, samples);
        endIfLong(file, Checkpoint.LATE);
      }
    }
    end(file);
  }

  private void writeLateHistograms(AppendFile file) throws IOException {
    if (!head.late().mayHaveHistograms()) {
      return;
    }
    var samples = new SampleColumns();
    begin(Checkpoint.LATE_HISTOGRAMS);
    for (int ref : references()) {
      if (!head.late().has(ref)) {
        continue;
      }
      copy.take(head, ref);
      copy.late.mergeInto(Long.MIN_VALUE, Long.MAX_VALUE, samples.clear());
      for (int i = 0; i < samples.histogramCount(); i++) {
        HistogramColumns histograms = samples.histograms();
        SideFrames.putLate(ref, histograms.timestamps()[i], histograms.histogram(i), frame);
        endIfLong(file, Checkpoint.LATE_HISTOGRAMS);
      }
    }
    endUnlessEmpty(file);
  }

  private void writeHistograms(AppendFile file) throws IOException {
    begin(Checkpoint.HISTOGRAMS);
    for (Map.Entry<Integer, OpenHistograms> series : head.histograms.all()) {
      SideFrames.put(series.getKey(), series.getValue(), frame);
      endIfLong(file, Checkpoint.HISTOGRAMS);
    }
    endUnlessEmpty(file);
  }

  private void writeExemplars(AppendFile file) throws IOException {
    begin(Checkpoint.EXEMPLARS);
    for (Exemplars.Entry entry : head.exemplars().all()) {
      SideFrames.put(entry, frame);
      endIfLong(file, Checkpoint.EXEMPLARS);
    }
    endUnlessEmpty(file);
  }

  private void writeMetadata(AppendFile file) throws IOException {
    begin(Checkpoint.METADATA);
    for (Map.Entry<String, MetricMetadata> metric : head.metadata().all().entrySet()) {
      SideFrames.put(metric.getKey(), metric.getValue(), frame);
      endIfLong(file, Checkpoint.METADATA);
    }
    endUnlessEmpty(file);
  }

  private void putLate(int ref, SampleColumns samples) {
    lateSamples += samples.size();
    frame.putVarint(ref);
    frame.putVarint(samples.size());
    long last = 0;
    for (int i = 0; i < samples.size(); i++) {
      frame.putZigzag(samples.timestamps()[i] - last);
      last = samples.timestamps()[i];
    }
    for (int i = 0; i < samples.size(); i++) {
      frame.putLong(Double.doubleToRawLongBits(samples.values()[i]));
    }
  }

  private void writePairs(AppendFile file) throws IOException {
    begin(Checkpoint.PAIRS);
    int end = head.registry.look(PairDictionary::end);
    for (int from = 0; from < end; from += SLICE) {
      int first = from;
      int behind = Math.min(from + SLICE, end);
      head.registry.look(pairs -> {
        for (int pair = first; pair < behind; pair++) {
          if (pairs.isKnown(pair)) {
            frame.putVarint(pair);
            putString(pairs.name(pair));
            putString(pairs.value(pair));
          }
        }
        return true;
      });
      endIfLong(file, Checkpoint.PAIRS);
    }
    end(file);
  }

  private void putString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    frame.putVarint(bytes.length);
    frame.putBytes(bytes);
  }

  private void writeTargets(AppendFile file) throws IOException {
    begin(Checkpoint.TARGETS);
    for (int number = head.targets.next(0); number >= 0; number = head.targets.next(number + 1)) {
      TargetTimes times = head.target(number);
      // The end first: rows that come after are not needed, and the column has at least these.
      int end = times.end();
      TargetTimes.Column column = times.column();
      frame.putVarint(number);
      putString(times.name());
      frame.putVarint(column.base());
      frame.putVarint(end - column.base());
      long last = 0;
      long step = 0;
      for (int row = column.base(); row < end; row++) {
        long next = column.time(row) - last;
        frame.putZigzag(next - step);
        last = column.time(row);
        step = next;
      }
      endIfLong(file, Checkpoint.TARGETS);
    }
    end(file);
  }

  private void writeFiles(AppendFile file, long next, List<FileState> files) throws IOException {
    begin(Checkpoint.FILES);
    frame.putVarint(next);
    for (FileState state : files) {
      frame.putVarint(state.number());
      frame.putVarint(state.end());
      frame.putZigzag(state.maxTime());
    }
    end(file);
  }

  private void writeTombstones(AppendFile file) throws IOException {
    if (!head.tombstones().isEmpty()) {
      begin(Checkpoint.TOMBSTONES);
      frame.putBytes(head.tombstones().toBytes());
      end(file);
    }
  }

  private void writeEnd(AppendFile file) throws IOException {
    begin(Checkpoint.END);
    frame.putVarint(series);
    frame.putVarint(head.referenceEnd());
    frame.putLong(head.settled());
    frame.putLong(head.minTime());
    frame.putLong(head.maxTime());
    end(file);
  }
}
