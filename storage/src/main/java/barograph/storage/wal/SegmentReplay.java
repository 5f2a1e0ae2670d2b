package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.FIRST_FRAME;

import barograph.storage.disk.Disk;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the frames of one segment, and finds out what those cost that cannot be read.
final class SegmentReplay {
  private static final Logger LOG = System.getLogger("barograph.log");

  /// A piece that cannot be read, until all is known of its cost.
  private static final class Gap {
    final long offset;
    final long bytes;
    final String reason;
    @Nullable Contents lost = Contents.NONE;

    Gap(long offset, long bytes, String reason) {
      this.offset = offset;
      this.bytes = bytes;
      this.reason = reason;
    }

    void add(@Nullable Contents more) {
      lost = lost == null || more == null ? null : lost.plus(more);
    }
  }

  private final Disk disk;
  private final SegmentFile segment;
  private final SegmentFile.Known known;
  private final RecordReader records;
  private final SegmentReader frames;
  private final long stop;
  private final List<Gap> gaps = new ArrayList<>();
  private long synced;

  /// Up to here nothing was passed over.
  private long whole = Long.MAX_VALUE;

  /// Samples in the segment up to here, those that were lost included.
  private long counted;

  private long bytes;
  private long at = FIRST_FRAME;

  SegmentReplay(
      Disk disk,
      SegmentFile segment,
      LogFormat.SegmentHeader header,
      SegmentFile.Known known,
      RecordReader records) {
    this.disk = disk;
    this.segment = segment;
    this.known = known;
    this.records = records;
    this.synced = known.synced();
    this.stop = Math.min(known.end(), segment.size());
    this.frames = new SegmentReader(disk, segment.file(), stop, header.baseMillis());
    records.startSegment(header.baseMillis());
  }

  /// Reads all frames there are and tells what is damaged.
  void run(DamageReports damages) throws IOException {
    while (at < stop) {
      int length = frames.frameAt(at);
      if (length >= 0) {
        frame(length);
        continue;
      }
      long next = frames.nextFrame(at + 1);
      if (next < 0) {
        break;
      }
      open(new Gap(at, next - at, "no frame with a good checksum, expected one"));
      at = next;
    }
    end();
    for (Gap gap : gaps) {
      if (gap.offset < synced) {
        damages.damaged(segment, gap.offset, gap.bytes, gap.reason, gap.lost);
      } else {
        whole = Math.min(whole, gap.offset);
        passOver(gap.offset, gap.bytes);
      }
    }
  }

  private void frame(int length) throws IOException {
    int lostFrames = frames.framesBefore(at);
    if (lostFrames > 0) {
      records.lost(lostFrames);
    }
    if (frames.followsSync(at)) {
      synced = Math.max(synced, at);
    }
    long taken = records.samples() + records.lostSamples();
    try {
      int unpacked = frames.unpack(at, length);
      FrameNote note = frames.note();
      if (lostFrames > 0) {
        if (gaps.isEmpty()) {
          open(new Gap(at, 0, "%d frames are missing before it".formatted(lostFrames)));
        }
        gaps.getLast().add(note.lost(lostFrames, counted, bounds()));
      }
      counted = note.samplesBefore() + note.samples();
      records.read(frames.records(), unpacked);
    } catch (CorruptLogException e) {
      var gap = new Gap(at, length, String.valueOf(e.getMessage()));
      long found = records.samples() + records.lostSamples() - taken;
      gap.add(some(frames.note().samples() - found));
      open(gap);
      records.lost(Integer.MAX_VALUE);
    }
    bytes += length;
    at += length;
  }

  /// What was left out since the gap before is that one's cost.
  private void open(Gap gap) {
    close();
    gaps.add(gap);
  }

  private void close() {
    Contents leftOut = records.takeLeftOut();
    if (!gaps.isEmpty()) {
      gaps.getLast().add(leftOut);
    }
  }

  /// Looks at what follows the last intact frame.
  private void end() throws IOException {
    long expected = known.end() == Long.MAX_VALUE ? synced : known.end();
    if (at < expected) {
      var gap =
          new Gap(
              at,
              expected - at,
              "no frame with a good checksum, expected them up to %d".formatted(expected));
      Contents holds = known.holds();
      gap.add(holds == null ? null : some(holds.samples() - counted));
      open(gap);
    } else if (at < stop && !segment.isZero(disk, at, stop)) {
      passOver(at, stop - at);
    }
    close();
  }

  private void passOver(long offset, long length) {
    LOG.log(
        Level.WARNING,
        "{0}: {1} bytes from {2} on are no intact frame and are left out; nothing says that they"
            + " were synced, so they were being written when the machine stopped",
        segment.file(),
        Long.toString(length),
        Long.toString(offset));
  }

  /// So many samples of somewhere in the segment.
  private Contents some(long samples) {
    Contents all = bounds();
    return samples <= 0
        ? Contents.NONE
        : new Contents(samples, samples, all.minMillis(), all.maxMillis());
  }

  private Contents bounds() {
    Contents holds = known.holds();
    return holds == null ? Contents.NONE : holds;
  }

  /// Where the last intact frame ends.
  long lastEnd() {
    return at;
  }

  /// How much of that is synced when the next segment begins, which syncs what a kill has left: all
  /// up to where something was being written.
  long lastSynced() {
    return Math.min(at, whole);
  }

  /// What is in the segment, so far as is known: the mark may be older than its last frames.
  Contents holds() {
    Contents holds = known.holds();
    if (holds != null && holds.samples() >= counted) {
      return holds;
    }
    TimeRange taken = records.takenRange();
    Contents all =
        taken == null
            ? Contents.NONE
            : Contents.of(counted, taken.startMillis(), taken.endMillis());
    for (Gap gap : gaps) {
      if (gap.lost == null) {
        return Contents.of(counted, Long.MAX_VALUE, Long.MIN_VALUE);
      }
      all = all.plus(gap.lost);
    }
    return Contents.of(counted, all.minMillis(), all.maxMillis());
  }

  /// Bytes of intact frames.
  long bytes() {
    return bytes;
  }

  boolean hasFramesOrDamage() {
    return at > FIRST_FRAME || !gaps.isEmpty();
  }
}
