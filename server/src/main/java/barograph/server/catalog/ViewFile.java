package barograph.server.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The view's file and the seal beside it, which says that it was closed in order and what it is.
///
/// A map that was not closed may hold a lock that nobody will let go of, or half a row. So the seal
/// is broken, durably, before the file is opened, and set only after it has been closed and synced;
/// a file without a seal that fits is deleted. What it held is written anew from the truth.
record ViewFile(Path folder) {
  private static final String FORMAT = "metrics 1";

  Path map() {
    return folder.resolve("metrics.map");
  }

  private Path seal() {
    return folder.resolve("metrics.sealed");
  }

  /// Makes the file ready to be opened: the one that was left if its seal fits, none otherwise.
  ///
  /// @return whether a file is there to go on with
  boolean unseal() throws IOException {
    Files.createDirectories(folder);
    boolean fits =
        Files.exists(seal())
            && Files.exists(map())
            && Arrays.equals(Files.readAllBytes(seal()), imprint());
    Files.deleteIfExists(seal());
    if (!fits) {
      Files.deleteIfExists(map());
    }
    sync(folder);
    return fits;
  }

  /// Says that the file has been closed in order.
  void set() throws IOException {
    sync(map());
    Files.write(seal(), imprint());
    sync(seal());
    sync(folder);
  }

  /// What a seal says: the format, the file's length and its checksum.
  private byte[] imprint() throws IOException {
    try (var file = FileChannel.open(map())) {
      var checksum = new CRC32C();
      var piece = ByteBuffer.allocate(1 << 16);
      while (file.read(piece.clear()) > 0) {
        checksum.update(piece.flip());
      }
      return "%s, %d bytes, checksum %08x\n"
          .formatted(FORMAT, file.size(), checksum.getValue())
          .getBytes(StandardCharsets.US_ASCII);
    }
  }

  private static void sync(Path path) throws IOException {
    try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
      file.force(true);
    }
  }
}
