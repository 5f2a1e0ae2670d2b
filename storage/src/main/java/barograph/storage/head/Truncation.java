package barograph.storage.head;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/// How the head lets go of what is in blocks: the writer's work, between samples, some series at a
/// time.
final class Truncation {
  /// A series stays known for so long after its last sample, lest senders look it up again.
  private static final long KEPT_SILENT_MILLIS = 10 * 60_000;

  private final Head head;

  /// Series to forget at the end.
  private final RoaringBitmap gone = new RoaringBitmap();

  /// Those that were kept at the end of a truncation.
  private final RoaringBitmap kept = new RoaringBitmap();

  Truncation(Head head) {
    this.head = head;
  }

  /// Has the series numbered from `from` up to `to` let go of what is in blocks, and marks those
  /// that have been silent for a while, or never had a sample.
  void truncate(int from, int to) {
    long settled = head.settled();
    long silentSince = Math.max(settled, Long.MIN_VALUE + KEPT_SILENT_MILLIS) - KEPT_SILENT_MILLIS;
    for (int ref = from; ref < to; ref++) {
      if (head.table.isAlive(ref)) {
        truncate(ref, settled, silentSince);
      }
    }
  }

  private void truncate(int ref, long settled, long silentSince) {
    int cell = head.table.cell(ref);
    ByteBuffer record = head.cells.slab(cell);
    int at = Cells.offset(cell);
    int flags = Series.flags(record, at);
    boolean keep = head.late().has(ref);
    if ((flags & Series.HISTOGRAMS) != 0) {
      head.histograms.truncate(ref, settled);
      long last = head.histograms.lastTime(ref);
      keep |= last >= silentSince && !head.tombstones().covers(ref, last);
    }
    if ((flags & Series.SAMPLED) == 0) {
      if ((flags & (Series.IDLE | Series.HISTOGRAMS)) != 0 && !keep) {
        gone.add(ref);
      }
      record.put(at + Series.FLAGS, (byte) (flags | Series.IDLE));
      return;
    }
    int own = record.getInt(at + Series.OWN_TIMES);
    long last =
        head.floats.lastTime(record, at, own, head.target(record.getInt(at + Series.TARGET)));
    if (last >= settled) {
      int chunk = record.getInt(at + Series.CHUNK);
      if (chunk != 0 && head.sealed.isGoneBefore(chunk, settled)) {
        head.versions.beginWrite(ref);
        record.putInt(at + Series.CHUNK, 0);
        head.versions.endWrite(ref);
      }
      return;
    }
    head.versions.beginWrite(ref);
    BitStream.clear(head.cells, record, at);
    record.putInt(
        at + Series.FIRST_ROW, record.getInt(at + Series.FIRST_ROW) + Series.rows(record, at));
    record.putShort(at + Series.ROWS, (short) 0);
    record.putShort(at + Series.LEAD, (short) 0);
    record.putInt(at + Series.CHUNK, 0);
    if (own != 0) {
      head.floats.giveBackOwnTimes(record, at, own);
      // Without its last time it would be compared with a row that is not its own.
      record.putInt(at + Series.FIRST_ROW, 0);
    }
    head.versions.endWrite(ref);
    boolean silent = last < silentSince || head.tombstones().covers(ref, last);
    if (silent && !keep) {
      gone.add(ref);
    }
  }

  /// Forgets the series that were marked, and the rows and files that nobody needs any more.
  ///
  /// @param forgetSeries false to keep the series for now
  /// @return files to delete once a checkpoint does not name them any more
  List<Path> finish(boolean forgetSeries) {
    kept.or(gone);
    gone.clear();
    if (forgetSeries) {
      forgetKept();
    }
    long settled = head.settled();
    for (int i = head.targets.next(0); i >= 0; i = head.targets.next(i + 1)) {
      TargetTimes times = head.target(i);
      times.dropBefore(times.firstRowFrom(settled));
    }
    head.forgetTombstones();
    head.registry.forgetTargets();
    head.raiseMinTime(settled);
    return head.sealed.dropBefore(settled);
  }

  /// Forgets the series that were kept, except for those that have come back.
  void forgetKept() {
    var silent = new RoaringBitmap();
    kept.forEach((int ref) -> {
      if (isSilent(ref)) {
        silent.add(ref);
      }
    });
    kept.clear();
    head.forget(silent);
  }

  private boolean isSilent(int ref) {
    if (!head.table.isAlive(ref)) {
      return false;
    }
    int cell = head.table.cell(ref);
    return Series.rows(head.cells.slab(cell), Cells.offset(cell)) == 0
        && head.histograms.lastTime(ref) < head.settled()
        && !head.late().has(ref);
  }
}
