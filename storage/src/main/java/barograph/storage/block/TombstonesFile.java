package barograph.storage.block;

import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import barograph.storage.index.Tombstones;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/// The file `tombstones` beside a block's bytes, which never change: what of the block is deleted.
///
/// Written aside, synced and renamed as a whole for each deletion, and gone with the block.
final class TombstonesFile {
  static final String NAME = "tombstones";
  private static final String UNFINISHED = "tombstones.tmp";
  private static final int MAGIC = 0x31544742; // "BGT1"
  private static final int MAJOR = 1;
  private static final int HEADER_BYTES = 8;

  private TombstonesFile() {}

  /// What is deleted of the block in `folder`.
  ///
  /// @throws CorruptBlockException if the file is there and not as it was written
  static Tombstones read(Disk disk, Path folder) throws IOException {
    Path path = folder.resolve(NAME);
    if (!disk.exists(path)) {
      return Tombstones.NONE;
    }
    byte[] bytes = disk.readAll(path);
    int body = bytes.length - HEADER_BYTES - Integer.BYTES;
    var numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (body >= 0
        && Checksum.of(bytes, 0, HEADER_BYTES + body) == numbers.getInt(HEADER_BYTES + body)
        && numbers.getInt(0) == MAGIC
        && numbers.getInt(4) == MAJOR) {
      Tombstones found =
          Tombstones.of(Arrays.copyOfRange(bytes, HEADER_BYTES, HEADER_BYTES + body));
      if (found != null) {
        return found;
      }
    }
    throw new CorruptBlockException(
        "%s: %d bytes are not as they were written; what was deleted shows again: delete it again"
            .formatted(path, bytes.length));
  }

  static void write(Disk disk, Path folder, Tombstones tombstones) throws IOException {
    byte[] body = tombstones.toBytes();
    var bytes =
        ByteBuffer.allocate(HEADER_BYTES + body.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC).putInt(MAJOR).put(body);
    bytes.putInt(Checksum.of(bytes.array(), 0, bytes.position())).flip();
    Path aside = folder.resolve(UNFINISHED);
    disk.delete(aside);
    try (AppendFile file = disk.create(aside, 0)) {
      file.write(bytes);
      file.force();
    }
    disk.rename(aside, folder.resolve(NAME));
    disk.syncFolder(folder);
  }
}
