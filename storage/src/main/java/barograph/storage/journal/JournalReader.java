package barograph.storage.journal;

import static barograph.storage.journal.JournalFormat.HEADER_BYTES;
import static barograph.storage.journal.JournalFormat.MAJOR;
import static barograph.storage.journal.JournalFormat.MAX_RECORD_BYTES;
import static barograph.storage.journal.JournalFormat.RECORD_HEADER_BYTES;

import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import barograph.storage.model.Damage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Reads a journal's records in order, whatever its bytes are.
final class JournalReader {
  private static final Logger LOG = System.getLogger(Journal.class.getName());

  /// A number this far ahead is not believed in.
  private static final long MAX_JUMP = 1 << 20;

  private final Disk disk;
  private final Path file;
  private final Path quarantine;
  private final byte[] bytes;
  private final ByteBuffer numbers;
  private final List<Damage> damages = new ArrayList<>();
  private long sequence;
  private int end = HEADER_BYTES;

  JournalReader(Disk disk, Path file, Path quarantine) throws IOException {
    this.disk = disk;
    this.file = file;
    this.quarantine = quarantine;
    this.bytes = disk.readAll(file);
    this.numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Hands every intact record to `records`.
  ///
  /// @throws IOException if the file is another release's
  void read(Consumer<byte[]> records) throws IOException {
    readHeader();
    int at = HEADER_BYTES;
    while (at < bytes.length) {
      if (!isRecord(at)) {
        int next = nextRecord(at + 1);
        if (next < 0) {
          break;
        }
        damaged(at, next);
        at = next;
      }
      int length = numbers.getInt(at);
      sequence = numbers.getLong(at + 8) + 1;
      records.accept(
          Arrays.copyOfRange(bytes, at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length));
      at += RECORD_HEADER_BYTES + length;
    }
    end = Math.min(at, bytes.length);
    if (end < bytes.length) {
      copyAside(end, bytes.length);
      LOG.log(
          Level.WARNING,
          "{0}: {1} bytes from {2} on are no intact record and are cut off; they were being written"
              + " when the machine stopped, or are damaged",
          file,
          Integer.toString(bytes.length - end),
          Integer.toString(end));
    }
  }

  private void readHeader() throws IOException {
    boolean intact =
        bytes.length >= HEADER_BYTES
            && numbers.getInt(0) == JournalFormat.MAGIC
            && numbers.getInt(12) == Checksum.of(bytes, 0, 12);
    if (intact && numbers.getInt(4) != MAJOR) {
      throw new IOException(
          "%s has format %d, expected %d: it is another release's"
              .formatted(file, numbers.getInt(4), MAJOR));
    }
    if (!intact && bytes.length > 0) {
      copyAside(0, Math.min(bytes.length, HEADER_BYTES));
      damages.add(
          new Damage(
              file,
              0,
              HEADER_BYTES,
              "the header is not a journal's; records are read",
              null,
              0,
              0));
    }
  }

  private boolean isRecord(int at) {
    if (bytes.length - at < RECORD_HEADER_BYTES) {
      return false;
    }
    int length = numbers.getInt(at);
    long ahead = numbers.getLong(at + 8) - sequence;
    return length >= 0
        && length <= Math.min(MAX_RECORD_BYTES, bytes.length - at - RECORD_HEADER_BYTES)
        && ahead >= 0
        && ahead <= MAX_JUMP
        && numbers.getInt(at + 4) == JournalFormat.checksum(bytes, at, length);
  }

  private int nextRecord(int from) {
    for (int at = from; at <= bytes.length - RECORD_HEADER_BYTES; at++) {
      if (isRecord(at)) {
        return at;
      }
    }
    return -1;
  }

  private void damaged(int from, int to) {
    long lost = numbers.getLong(to + 8) - sequence;
    copyAside(from, to);
    damages.add(
        Damage.of(
            file,
            from,
            to - from,
            "no record with a good checksum, expected one; %d are lost".formatted(lost)));
  }

  /// Keeps damaged bytes for whoever wants to look at them.
  private void copyAside(int from, int to) {
    Path copy = quarantine.resolve("%s-%d-%d".formatted(file.getFileName(), from, to));
    if (disk.exists(copy)) {
      return;
    }
    try {
      disk.createFolder(quarantine);
      try (var out = disk.create(copy, 0)) {
        out.write(ByteBuffer.wrap(bytes, from, to - from));
        out.force();
      }
      disk.syncFolder(quarantine);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot copy damaged bytes to " + copy, e);
    }
  }

  List<Damage> damages() {
    return damages;
  }

  /// Where the last intact record ends.
  int end() {
    return end;
  }

  /// The number of the next record.
  long sequence() {
    return sequence;
  }
}
