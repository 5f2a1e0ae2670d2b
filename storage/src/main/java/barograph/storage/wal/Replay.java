package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.FIRST_FRAME;

import barograph.storage.disk.Disk;
import barograph.storage.wal.LogFormat.SegmentHeader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads a log back after a stop of any kind.
///
/// It changes nothing in the log's folder, so that it may itself be stopped and started over at any
/// point. The newest segment ends at its last intact frame; the segment that is started next names
/// that end in its header, and so what lies behind it never counts again.
public final class Replay {
  private static final Logger LOG = System.getLogger("barograph.log");

  private final Disk disk;
  private final Path folder;
  private final RecordReader records;
  private final DamageReports damages;
  private final SyncedMark.@Nullable Synced mark;
  private final NavigableMap<Long, SegmentFile> segments = new TreeMap<>();
  private long bytes;
  private long lastSegment;
  private long lastEnd;
  private long lastSynced;
  private Contents lastHolds = Contents.NONE;

  private Replay(
      Disk disk, Path folder, Path quarantine, ReplayHandler handler, Consumer<Runnable> errands) {
    this.disk = disk;
    this.folder = folder;
    this.records = new RecordReader(handler);
    this.damages = new DamageReports(disk, quarantine, handler, errands);
    this.mark = SyncedMark.read(disk, folder);
  }

  /// Hands everything logged in segment `fromSegment` and later to `handler`.
  ///
  /// Damage costs the frame it is in, is reported to the handler and copied to `quarantine`; a torn
  /// end of the newest segment, which nobody was told is stored, is passed over.
  ///
  /// @param fromSegment what [Log#rotate] answered for the checkpoint that the caller starts from;
  ///   0 for the whole log
  /// @throws IOException if the folder cannot be listed; never because of what the files hold
  public static ReplaySummary run(
      Disk disk, Path folder, Path quarantine, long fromSegment, ReplayHandler handler)
      throws IOException {
    return run(disk, folder, quarantine, fromSegment, handler, Runnable::run);
  }

  /// The same with whoever runs, in its turn among the calls of `handler`, what writes to the disk.
  static ReplaySummary run(
      Disk disk,
      Path folder,
      Path quarantine,
      long fromSegment,
      ReplayHandler handler,
      Consumer<Runnable> errands)
      throws IOException {
    return new Replay(disk, folder, quarantine, handler, errands).run(fromSegment);
  }

  private ReplaySummary run(long fromSegment) throws IOException {
    long newest = Math.max(0, fromSegment - 1);
    for (Path file : disk.list(folder)) {
      var number = LogFormat.segmentNumber(file);
      if (number.isPresent()) {
        newest = Math.max(newest, number.getAsLong());
        if (number.getAsLong() >= fromSegment) {
          segments.put(number.getAsLong(), SegmentFile.open(disk, number.getAsLong(), file));
        }
      }
    }
    if (fromSegment > 0 && !segments.containsKey(fromSegment)) {
      missing(fromSegment);
    }
    for (var segment : segments.values()) {
      try {
        read(segment, fromSegment);
      } catch (IOException e) {
        // A bad sector must not keep the process from starting; what was read before it counts.
        damages.damaged(
            segment, 0, 0, "cannot be read: " + e.getMessage(), known(segment.number()).holds());
      }
    }
    if (mark != null && mark.segment() > newest) {
      if (mark.segment() > fromSegment) {
        missing(mark.segment());
      }
      newest = mark.segment();
    }
    return new ReplaySummary(
        segments.size(),
        bytes,
        records.samples(),
        damages.lostSamples(),
        damages.count(),
        lastSegment,
        lastEnd,
        lastSynced,
        lastHolds,
        newest + 1);
  }

  private void read(SegmentFile segment, long fromSegment) throws IOException {
    SegmentHeader header = segment.header();
    if (header == null) {
      readWithoutHeader(segment);
      return;
    }
    long before = header.predecessor();
    if (before > fromSegment && !segments.containsKey(before)) {
      missing(before);
    }
    var replay = new SegmentReplay(disk, segment, header, known(segment.number()), records);
    try {
      replay.run(damages);
    } finally {
      bytes += replay.bytes();
    }
    lastSegment = segment.number();
    lastEnd = replay.lastEnd();
    lastSynced = replay.lastSynced();
    lastHolds = replay.holds();
    if (!segment.flaw().isEmpty() && replay.hasFramesOrDamage()) {
      damages.damaged(
          segment, 0, FIRST_FRAME, segment.flaw() + "; its other copy serves", Contents.NONE);
    }
  }

  /// Without its header a segment's times mean nothing. The newest one may just have been begun
  /// when the machine stopped: then there is nothing but zeros where its frames would be, and the
  /// mark does not name it. A later segment that does not name it has found it so.
  private void readWithoutHeader(SegmentFile segment) throws IOException {
    SegmentHeader next = nextHeader(segment.number());
    if (next != null && next.predecessor() < segment.number()) {
      return;
    }
    if (next != null && next.predecessorSynced() <= FIRST_FRAME) {
      LOG.log(
          Level.WARNING,
          "{0} was begun before a power cut, and nothing in it was synced",
          segment.file());
      return;
    }
    boolean marked = mark != null && mark.segment() == segment.number();
    if (next == null && !marked && segment.isZero(disk, FIRST_FRAME, segment.size())) {
      LOG.log(Level.INFO, "{0} was begun and holds nothing", segment.file());
      return;
    }
    damages.damaged(segment, 0, segment.size(), segment.flaw(), known(segment.number()).holds());
  }

  private @Nullable SegmentHeader nextHeader(long number) {
    for (var segment : segments.tailMap(number, false).values()) {
      if (segment.header() != null) {
        return segment.header();
      }
    }
    return null;
  }

  /// What the next segment's header and the mark say of a segment.
  private SegmentFile.Known known(long number) {
    SegmentHeader next = nextHeader(number);
    if (next != null) {
      return next.predecessor() == number
          ? new SegmentFile.Known(
              next.predecessorEnd(), next.predecessorSynced(), next.predecessorHolds())
          : SegmentFile.Known.NOTHING;
    }
    return mark != null && mark.segment() == number
        ? new SegmentFile.Known(Long.MAX_VALUE, mark.end(), mark.holds())
        : SegmentFile.Known.NOTHING;
  }

  private void missing(long number) {
    damages.missing(folder.resolve(LogFormat.segmentName(number)), known(number).holds());
  }
}
