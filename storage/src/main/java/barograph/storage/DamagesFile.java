package barograph.storage;

import barograph.storage.StoreStatus.DamageReport;
import barograph.storage.chunk.ByteCursor;
import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import barograph.storage.model.Damage;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The file `damages` of a store: what was found damaged and is not forgotten yet, so that a start
/// tells of it again.
///
/// Written aside, synced and renamed as a whole. Drawn in `docs/format/damages.md`.
final class DamagesFile {
  private static final int MAGIC = 0x31444742; // "BGD1"
  private static final int MAJOR = 1;

  private final Disk disk;
  private final Path folder;
  private final Path path;

  /// That of the store in `folder`.
  DamagesFile(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
    this.path = folder.resolve("damages");
  }

  /// What the file holds; if it is not as it was written, that it is damaged itself.
  List<DamageReport> read(Instant now) throws IOException {
    if (!disk.exists(path)) {
      return List.of();
    }
    byte[] bytes = disk.readAll(path);
    var reports = new ArrayList<DamageReport>();
    try {
      int end = bytes.length - Integer.BYTES;
      var cursor = new ByteCursor().reset(bytes, 0, bytes.length);
      cursor.skip(Math.max(0, end));
      if (cursor.readInt() != Checksum.of(bytes, 0, end)) {
        throw new CorruptChunkException("its checksum does not fit");
      }
      cursor.reset(bytes, 0, end);
      if (cursor.readInt() != MAGIC || cursor.readInt() != MAJOR) {
        throw new CorruptChunkException("it does not begin as it should");
      }
      while (cursor.remaining() > 0) {
        reports.add(readReport(cursor));
      }
    } catch (CorruptChunkException e) {
      String reason =
          "what was found damaged before is not known any more: %s".formatted(e.getMessage());
      reports.add(new DamageReport(now, Damage.of(path, 0, bytes.length, reason)));
    }
    return reports;
  }

  private DamageReport readReport(ByteCursor cursor) {
    Instant found = Instant.ofEpochMilli(cursor.readLong());
    Path file = path.getFileSystem().getPath(cursor.readText());
    long offset = cursor.readVarint();
    long length = cursor.readVarint();
    String reason = cursor.readText();
    boolean ranged = cursor.readByte() != 0;
    long from = cursor.readLong();
    long to = cursor.readLong();
    long samples = cursor.readZigzag();
    long series = cursor.readZigzag();
    if (ranged && from > to) {
      throw new CorruptChunkException("a time from %d to %d".formatted(from, to));
    }
    var lost = ranged ? new TimeRange(from, to) : null;
    return new DamageReport(found, new Damage(file, offset, length, reason, lost, samples, series));
  }

  /// Puts these in the place of what the file holds; none of them is no file.
  void write(List<DamageReport> reports) throws IOException {
    if (reports.isEmpty()) {
      disk.delete(path);
      disk.syncFolder(folder);
      return;
    }
    var bytes = new ByteSink();
    bytes.putInt(MAGIC);
    bytes.putInt(MAJOR);
    reports.forEach(report -> put(report, bytes));
    bytes.putInt(Checksum.of(bytes.array(), 0, bytes.size()));
    Path aside = folder.resolve("damages.tmp");
    disk.delete(aside);
    try (AppendFile file = disk.create(aside, 0)) {
      file.write(bytes.buffer());
      file.force();
    }
    disk.rename(aside, path);
    disk.syncFolder(folder);
  }

  private static void put(DamageReport report, ByteSink into) {
    Damage damage = report.damage();
    into.putLong(report.found().toEpochMilli());
    put(damage.file().toString(), into);
    into.putVarint(damage.offset());
    into.putVarint(damage.bytes());
    put(damage.reason(), into);
    TimeRange lost = damage.lost();
    into.putByte(lost == null ? 0 : 1);
    into.putLong(lost == null ? 0 : lost.startMillis());
    into.putLong(lost == null ? 0 : lost.endMillis());
    into.putZigzag(damage.samples());
    into.putZigzag(damage.series());
  }

  private static void put(String text, ByteSink into) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    into.putVarint(bytes.length);
    into.putBytes(bytes);
  }
}
