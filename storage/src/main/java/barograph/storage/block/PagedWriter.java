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
  private final Parity parity = new Parity();
  private final byte[] header = new byte[BlockFormat.HEADER_BYTES];
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
    if (pageChecksums.size() == 0) {
      System.arraycopy(gathered, 0, header, 0, header.length);
    }
    for (int at = 0; at < length; at += BlockFormat.PAGE_BYTES) {
      int page = Math.min(BlockFormat.PAGE_BYTES, length - at);
      pageChecksums.putInt(Checksum.of(gathered, at, page));
      parity.add(gathered, at, page);
    }
    file.write(ByteBuffer.wrap(gathered, 0, length));
  }

  /// Writes the page checksums, the parity and the table of contents, and makes all of it safe. The
  /// header and the table stand twice, as a block is nothing without them.
  void finish() throws IOException {
    begin();
    int rest = (int) (position % BlockFormat.PIECE_BYTES);
    if (rest > 0) {
      flush(rest);
    }
    long pagesEnd = position;
    append(SectionType.PAGE_CHECKSUMS, pageChecksums);
    append(SectionType.PARITY, parity.finish(pagesEnd));
    var contents = new ByteSink();
    for (Section section : sections) {
      contents.putInt(section.type().number());
      contents.putInt(section.checksum());
      contents.putLong(section.offset());
      contents.putLong(section.length());
    }
    contents.putInt(sections.size());
    contents.putInt(Checksum.of(contents.array(), 0, contents.size()));
    contents.putInt(BlockFormat.END_MAGIC);
    file.write(contents.buffer());
    file.write(ByteBuffer.wrap(header));
    file.write(contents.buffer());
    position += 2L * contents.size() + header.length;
    file.force();
  }

  /// Writes a section that is behind all pages.
  private void append(SectionType type, ByteSink bytes) throws IOException {
    sections.add(new Section(type, Checksum.of(bytes.buffer()), position, bytes.size()));
    file.write(bytes.buffer());
    position += bytes.size();
  }
}
