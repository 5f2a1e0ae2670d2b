package barograph.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A file that grows at its end. One thread at a time.
public interface AppendFile extends AutoCloseable {

  Path path();

  /// Where the next byte will go.
  long position();

  /// Writes all of `bytes` at [#position] and moves it on.
  ///
  /// If that fails, the position stays, some of the bytes may be in the file, and writing again is
  /// writing over them.
  void write(ByteBuffer bytes) throws IOException;

  /// Writes `bytes` over what is at `offset`, all of it before the file's end, and leaves the
  /// position where it is.
  void overwrite(long offset, ByteBuffer bytes) throws IOException;

  /// Fills the file with zeros up to byte `end` if it is shorter, without moving the position.
  void reserve(long end) throws IOException;

  /// Makes all that was written safe from a power cut.
  ///
  /// If it fails, nothing is known of what was written since the last time, and trying again proves
  /// nothing: the system may have dropped the pages.
  void force() throws IOException;

  /// Cuts the file to `size` bytes; the position moves back to there if it was behind.
  void truncate(long size) throws IOException;

  @Override
  void close() throws IOException;
}
