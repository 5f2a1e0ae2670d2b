package barograph.storage.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// A file system as the store sees it: what it may do to files, and what of it outlives a power
/// cut.
///
/// A file's bytes are safe once [AppendFile#force] has returned; its *name* is safe once
/// [#syncFolder] of its folder has returned, and so it is with a rename and a deletion. Whatever is
/// not yet safe may be there afterwards in full, in part, torn, or not at all, in any order. After
/// a kill of the process alone everything is there that was written.
///
/// A full disk is a [DiskFullException], which is an ordinary event; any other [IOException] means
/// that the disk is failing, and its message names the file. Safe for any number of threads, while
/// one [AppendFile] belongs to one thread. No thread that uses it may be interrupted: that would
/// close the file under it.
public interface Disk {

  /// Makes a file that is not there yet, ready to be appended to from its start.
  ///
  /// @param reservedBytes how much to fill with zeros beforehand, so that appending into it neither
  ///   runs out of space nor changes the file's length; 0 for none
  /// @throws java.nio.file.FileAlreadyExistsException if there is one of that name
  AppendFile create(Path file, long reservedBytes) throws IOException;

  /// Opens a file to append to it from byte `position` on; what lies behind stays until it is
  /// overwritten or [AppendFile#truncate]d.
  AppendFile reopen(Path file, long position) throws IOException;

  /// Maps a whole file for reading until `arena` closes: only for files that are finished, synced
  /// and never change again. An empty file gives an empty segment.
  MemorySegment map(Path file, Arena arena) throws IOException;

  /// A file's bytes, which may be changed in memory and stay as they are on the disk. Whoever only
  /// reads, [#map]s.
  default MemorySegment mapPrivately(Path file, Arena arena) throws IOException {
    byte[] bytes = readAll(file);
    return arena
        .allocate(Math.max(1, bytes.length), Long.BYTES)
        .copyFrom(MemorySegment.ofArray(bytes))
        .asSlice(0, bytes.length);
  }

  /// Fills `into` with the bytes from `position` on, up to its limit or the file's end.
  ///
  /// @return how many bytes that were; less than there was room for only at the file's end
  int read(Path file, long position, ByteBuffer into) throws IOException;

  /// All bytes of a file, which must be a small one.
  default byte[] readAll(Path file) throws IOException {
    long size = size(file);
    if (size > Integer.MAX_VALUE - 8) {
      throw new IOException(
          "%s has %d bytes, too many to be read in one piece".formatted(file, size));
    }
    var bytes = ByteBuffer.allocate((int) size);
    int found = read(file, 0, bytes);
    if (found != size) {
      throw new IOException("%s ended after %d bytes, expected %d".formatted(file, found, size));
    }
    return bytes.array();
  }

  /// Makes a folder with all that is missing above it, each synced into its parent; does nothing if
  /// it is there.
  void createFolder(Path folder) throws IOException;

  /// Makes creations, renames and deletions in `folder` safe.
  void syncFolder(Path folder) throws IOException;

  /// Gives a file, which never changes again, a second name; where the system cannot, the second is
  /// a synced copy.
  default void link(Path file, Path second) throws IOException {
    var piece = ByteBuffer.allocate(1 << 20);
    try (AppendFile copy = create(second, 0)) {
      while (read(file, copy.position(), piece.clear()) > 0) {
        copy.write(piece.flip());
      }
      copy.force();
    }
  }

  /// Gives a file or folder another name in one step, replacing a file of that name.
  void rename(Path from, Path to) throws IOException;

  /// Deletes a file or an empty folder; does nothing if it is not there.
  void delete(Path path) throws IOException;

  /// Deletes a folder with all that is in it; does nothing if it is not there.
  default void deleteTree(Path folder) throws IOException {
    if (isFolder(folder)) {
      for (Path inside : list(folder)) {
        deleteTree(inside);
      }
    }
    delete(folder);
  }

  /// What is in a folder, sorted by name; nothing if there is no such folder.
  List<Path> list(Path folder) throws IOException;

  boolean exists(Path path);

  boolean isFolder(Path path);

  /// The length of a file in bytes.
  long size(Path file) throws IOException;

  /// Bytes that may still be written to the file system that holds `folder`.
  long freeBytes(Path folder) throws IOException;

  /// Takes a lock, held by making or opening `file`, that no second process can take.
  ///
  /// @throws IOException if it is taken
  FolderLock lock(Path file) throws IOException;

  /// A lock that is held until it is closed or the process ends.
  interface FolderLock extends AutoCloseable {
    @Override
    void close() throws IOException;
  }
}
