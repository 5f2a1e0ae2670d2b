package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Checksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Writes a block file from front to back: sections one after the other, and a checksum for every
/// page of them.
final class PagedWriter {
  private record Section(SectionType type, int checksum, long offset, long length) {}

  private final AppendFile file;
  private final byte[] gathered = new byte[BlockFormat.PIECE_BYTES];
  private final ByteSink pageChecksums = new ByteSink();
  private final List<Section> sections = new ArrayList<>();
  private final CRC32C sectionChecksum = new CRC32C();
  private long position;
  private long sectionStart;

  PagedWriter(AppendFile file) {
    this.file = file;
  }

  /// Where the next byte goes, from the start of the file.
  long position() {
    return position;
  }

  /// Where the next byte goes, from the start of the section.
  long sectionPosition() {
    return position - sectionStart;
  }

  void begin() throws IOException {
    while (position % BlockFormat.SECTION_ALIGNMENT != 0) {
      putByte(0);
    }
    sectionChecksum.reset();
    sectionStart = position;
  }

  void end(SectionType type) {
    sections.add(
        new Section(type, (int) sectionChecksum.getValue(), sectionStart, position - sectionStart));
  }

  void section(SectionType type, ByteSink bytes) throws IOException {
    begin();
    write(bytes);
    end(type);
  }

  void write(ByteSink bytes) throws IOException {
    write(bytes.array(), 0, bytes.size());
  }

  void write(byte[] bytes, int from, int length) throws IOException {
    sectionChecksum.update(bytes, from, length);
    int done = 0;
    while (done < length) {
      int at = (int) (position % BlockFormat.PIECE_BYTES);
      int piece = Math.min(length - done, BlockFormat.PIECE_BYTES - at);
      System.arraycopy(bytes, from + done, gathered, at, piece);
      done += piece;
      position += piece;
      if (at + piece == BlockFormat.PIECE_BYTES) {
        flush(BlockFormat.PIECE_BYTES);
      }
    }
  }

  private void putByte(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  private void flush(int length) throws IOException {
    for (int at = 0; at < length; at += BlockFormat.PAGE_BYTES) {
      pageChecksums.putInt(
          Checksum.of(gathered, at, Math.min(BlockFormat.PAGE_BYTES, length - at)));
    }
    file.write(ByteBuffer.wrap(gathered, 0, length));
  }

  /// Writes the page checksums and the table of contents, and makes all of it safe.
  void finish() throws IOException {
    begin();
    int rest = (int) (position % BlockFormat.PIECE_BYTES);
    if (rest > 0) {
      flush(rest);
    }
    var tail = new ByteSink();
    tail.putBytes(pageChecksums.array(), 0, pageChecksums.size());
    sections.add(
        new Section(
            SectionType.PAGE_CHECKSUMS,
            Checksum.of(tail.buffer()),
            position,
            pageChecksums.size()));
    int contents = tail.size();
    for (Section section : sections) {
      tail.putInt(section.type().number());
      tail.putInt(section.checksum());
      tail.putLong(section.offset());
      tail.putLong(section.length());
    }
    tail.putInt(sections.size());
    tail.putInt(Checksum.of(tail.array(), contents, tail.size() - contents));
    tail.putInt(BlockFormat.END_MAGIC);
    file.write(tail.buffer());
    position += tail.size();
    file.force();
  }
}
