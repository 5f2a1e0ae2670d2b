package barograph.storage.wal;

import barograph.storage.disk.Disk;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The write-ahead log: records go in on one thread, and a second thread writes and syncs whatever
/// has gathered as soon as the disk is idle.
///
/// All methods that add records, and [#flush], [#rotate] and [#close], are called by one thread,
/// the sequencer; nothing reaches the disk before the next flush (or before much has gathered). The
/// other methods may be called by any thread. Nobody ever interrupts the log's thread.
///
/// When the disk is full, what has been recorded so far stays in memory and is written once there
/// is space: callbacks of that time fail, and the caller must check [#unavailable] before it
/// applies and records anything more, so that memory, log and answers never contradict each other.
public final class Log implements AutoCloseable {

  /// What happens once records are safe, on the log's thread, in the order of the flushes.
  @FunctionalInterface
  public interface Flushed {
    /// Says that everything recorded before the flush is safe, or is not known to be.
    ///
    /// @param failure null if all is safe; otherwise why it is not known to be
    void done(@Nullable LogUnavailableException failure);
  }

  private final Disk disk;
  private final Path folder;
  private final InstantSource clock;
  private final RecordWriter records = new RecordWriter();
  private final Waiting waiting;
  private final SegmentWriter segments;
  private final Set<LogHold> holds = ConcurrentHashMap.newKeySet();
  private final ReplaySummary before;
  private final LogWorker worker;
  private final Thread thread;
  private long segment;
  private boolean segmentHasRecords;
  private long position;
  private boolean closed;

  private Log(
      Disk disk,
      Path folder,
      ReplaySummary after,
      LogOptions options,
      InstantSource clock,
      LogWatcher watcher) {
    this.disk = disk;
    this.folder = folder;
    this.clock = clock;
    this.before = after;
    waiting = new Waiting(options.waitingBytes());
    segments = new SegmentWriter(disk, folder, options.segmentBytes(), after);
    worker = new LogWorker(waiting, segments, options, watcher);
    thread = Thread.ofPlatform().name("log").daemon(true).unstarted(worker);
    startSegment(after.nextSegment());
  }

  /// Goes on with a log, in a new segment, after it was replayed.
  ///
  /// @param after what the replay of `folder` answered
  public static Log start(
      Disk disk,
      Path folder,
      ReplaySummary after,
      LogOptions options,
      InstantSource clock,
      LogWatcher watcher)
      throws IOException {
    disk.createFolder(folder);
    var log = new Log(disk, folder, after, options, clock, watcher);
    log.thread.start();
    return log;
  }

  /// Why nothing can be logged now, or null if it can. Once a caller has seen null, what it records
  /// is taken until its next flush.
  public @Nullable LogUnavailableException unavailable() {
    return waiting.unavailable();
  }

  /// Records that the target numbered `target` (numbers are small: they index arrays) has this
  /// name.
  public void target(int target, String name) {
    handOverIfLarge();
    int start = records.size();
    records.target(target, name);
    records.checkRecord(start, "the name of target " + target);
  }

  /// Records a series; `ref`s are small numbers too.
  ///
  /// @throws IllegalArgumentException if its labels are larger than a record may be
  public void series(int ref, int target, Labels labels) {
    handOverIfLarge();
    int start = records.size();
    records.series(ref, target, labels);
    records.checkRecord(start, "series " + ref);
  }

  /// Records a row: samples of `count` different series of one target, all of the same time, the
  /// series numbered `refs[from]…` and their values `values[from]…`.
  public void row(
      int target, long timestampMillis, int[] refs, double[] values, int from, int count) {
    for (int done = 0; done < count; done += LogFormat.MAX_ROW) {
      handOverIfLarge();
      int piece = Math.min(LogFormat.MAX_ROW, count - done);
      records.row(target, timestampMillis, refs, values, from + done, piece);
    }
  }

  /// Records one sample alone.
  public void sample(int ref, long timestampMillis, double value) {
    handOverIfLarge();
    records.sample(ref, timestampMillis, value);
  }

  /// Records several samples of one series in time order.
  public void samples(int ref, long[] timestampsMillis, double[] values, int from, int count) {
    for (int done = 0; done < count; done += LogFormat.MAX_ROW) {
      handOverIfLarge();
      int piece = Math.min(LogFormat.MAX_ROW, count - done);
      records.run(ref, timestampsMillis, values, from + done, piece);
    }
  }

  /// Records that series have lost what came in order and lies in `range`.
  public void tombstone(TimeRange range, int[] refs) {
    for (int done = 0; done < refs.length; done += LogFormat.MAX_ROW) {
      handOverIfLarge();
      records.tombstone(range, refs, done, Math.min(LogFormat.MAX_ROW, refs.length - done));
    }
  }

  /// Records that series have lost what had come late by now and lies in `range`.
  public void lateTombstone(TimeRange range, int[] refs) {
    for (int done = 0; done < refs.length; done += LogFormat.MAX_ROW) {
      handOverIfLarge();
      records.lateTombstone(range, refs, done, Math.min(LogFormat.MAX_ROW, refs.length - done));
    }
  }

  /// Records several samples of one series that came late, in any order.
  public void late(int ref, long[] timestampsMillis, double[] values, int from, int count) {
    for (int done = 0; done < count; done += LogFormat.MAX_ROW) {
      handOverIfLarge();
      int piece = Math.min(LogFormat.MAX_ROW, count - done);
      records.late(ref, timestampsMillis, values, from + done, piece);
    }
  }

  /// Records one native histogram.
  public void histogram(int ref, long timestampMillis, Histogram histogram) {
    handOverIfLarge();
    records.histogram(ref, timestampMillis, histogram);
  }

  /// Records one native histogram that came late.
  public void lateHistogram(int ref, long timestampMillis, Histogram histogram) {
    handOverIfLarge();
    records.lateHistogram(ref, timestampMillis, histogram);
  }

  /// Records one exemplar of a series.
  public void exemplar(int ref, Exemplar exemplar) {
    handOverIfLarge();
    records.exemplar(ref, exemplar);
  }

  /// Records what is told of a metric.
  public void metadata(String metric, MetricMetadata metadata) {
    handOverIfLarge();
    records.metadata(metric, metadata);
  }

  /// Records something of the head's own.
  ///
  /// @throws IllegalArgumentException if it is larger than a record may be
  public void checkpoint(byte[] payload) {
    handOverIfLarge();
    int start = records.size();
    records.checkpoint(payload);
    records.checkRecord(start, "a checkpoint");
  }

  /// The number of bytes recorded so far, encoded and not yet compressed: it only grows.
  public long position() {
    return position + records.size();
  }

  /// Has all that is recorded so far written and synced, and then calls `done`.
  ///
  /// Blocks while too much waits for the disk.
  public void flush(Flushed done) {
    if (handOver(done)) {
      startSegment(segment + 1);
    }
  }

  /// Ends the present segment: everything recorded from now on is in segments from the answered
  /// number on, and the file of that number is safe when the next [#flush] is done. Replay from it
  /// needs nothing of what is before but the targets and series, which the caller keeps.
  public long rotate() {
    handOver(null);
    if (segmentHasRecords) {
      startSegment(segment + 1);
    }
    return segment;
  }

  /// Where the segments are.
  public Path folder() {
    return folder;
  }

  /// Up to where all is safe. Any thread.
  public LogPosition synced() {
    return segments.synced();
  }

  /// Reads what was accepted from a place on. Any thread.
  public TailReader readFrom(LogPosition place) {
    return new TailReader(disk, this, place);
  }

  /// How much of a segment was synced, if no later one says: of the present one, and of the last
  /// one of before the start, which a power cut may have torn. Of others it is taken to be all.
  long syncedOf(long number) {
    return number == before.lastSegment() ? before.lastSynced() : Long.MAX_VALUE;
  }

  /// Has the segments kept that `hold` needs, until [#release]. Any thread.
  public void hold(LogHold hold) {
    holds.add(hold);
  }

  /// Ends [#hold].
  public void release(LogHold hold) {
    holds.remove(hold);
  }

  /// Whether nobody holds anything before `place`. Any thread.
  public boolean isPassed(LogPosition place) {
    return holds.stream().noneMatch(hold -> place.isBehind(hold.from()));
  }

  /// About how many bytes there are between `place` and what is synced. Any thread.
  ///
  /// @throws IOException if the folder cannot be listed
  public long bytesAfter(LogPosition place) throws IOException {
    LogPosition end = synced();
    long bytes = end.segment() >= place.segment() ? end.offset() : 0;
    for (Path file : disk.list(folder)) {
      long number = LogFormat.segmentNumber(file).orElse(Long.MAX_VALUE);
      if (number >= place.segment() && number < end.segment() && disk.exists(file)) {
        bytes += disk.size(file);
      }
    }
    return Math.max(0, bytes - place.offset());
  }

  /// Deletes the segments before `before` that nobody holds: call it when a checkpoint that stands
  /// on that segment is safe.
  ///
  /// @throws IOException if one cannot be deleted, or it cannot be written down for those who hold
  ///   it that it is: then it stays
  public void dropBefore(long before) throws IOException {
    var superfluous = new ArrayList<Long>();
    for (Path file : disk.list(folder)) {
      long number = LogFormat.segmentNumber(file).orElse(Long.MAX_VALUE);
      if (number < before) {
        superfluous.add(number);
      }
    }
    long keptBytes = 0;
    var doomed = new ArrayList<Long>();
    for (long number : superfluous.reversed()) {
      keptBytes += disk.size(folder.resolve(LogFormat.segmentName(number)));
      if (!isHeld(number, keptBytes)) {
        doomed.addFirst(number);
      }
    }
    // The oldest first: a hold moves on with each that it loses.
    for (long number : doomed) {
      loseHeld(number);
      disk.delete(folder.resolve(LogFormat.segmentName(number)));
    }
    if (!doomed.isEmpty()) {
      disk.syncFolder(folder);
    }
  }

  /// Whether somebody may keep a segment, if it and those behind it have so many bytes.
  private boolean isHeld(long number, long bytes) {
    return holds.stream()
        .anyMatch(hold -> hold.from().segment() <= number && bytes <= hold.capBytes());
  }

  /// Tells those who needed a segment what was in it.
  private void loseHeld(long number) throws IOException {
    for (LogHold hold : holds) {
      if (hold.from().segment() > number) {
        continue;
      }
      Contents holds = TailReader.contents(disk, folder, number, synced().segment());
      try {
        hold.lose(number, holds);
      } catch (IOException e) {
        // One that was released meanwhile writes nothing down any more.
        if (this.holds.contains(hold)) {
          throw e;
        }
      }
    }
  }

  /// Bytes written to segments since the start, after compression.
  public long bytesWritten() {
    return segments.bytesWritten();
  }

  /// Syncs of records since the start.
  public long syncs() {
    return worker.syncs();
  }

  /// Writes and syncs what is recorded, trims the last segment and ends the log's thread. Callbacks
  /// still outstanding are called before it returns.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    handOver(null);
    waiting.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    waiting.refuse(new LogUnavailableException("the log is closed"));
  }

  private void handOverIfLarge() {
    if (records.size() >= LogFormat.FRAME_BYTES && handOver(null)) {
      startSegment(segment + 1);
    }
  }

  /// Gives what is recorded to the log's thread, and answers whether the segment is full.
  private boolean handOver(@Nullable Flushed done) {
    int size = records.size();
    boolean full = waiting.add(records.bytes(), size, records.contents(), done, segment);
    position += size;
    segmentHasRecords |= size > 0;
    records.clear();
    return full;
  }

  private void startSegment(long number) {
    long baseMillis = clock.millis();
    segment = number;
    segmentHasRecords = false;
    records.startSegment(baseMillis);
    waiting.startSegment(number, baseMillis);
  }
}
