package barograph.storage.disk;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/// The machine's own file system.
public final class FileDisk implements Disk {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 18).asReadOnlyBuffer();

  /// Below this much free space a failed write is taken for a full disk whatever its message says:
  /// the system's words for it change with the locale.
  private static final long SURELY_FULL_BYTES = 1 << 20;

  @Override
  public AppendFile create(Path file, long reservedBytes) throws IOException {
    var opened = new OpenFile(file, open(file, CREATE_NEW, WRITE), 0);
    try {
      opened.reserve(reservedBytes);
      return opened;
    } catch (IOException e) {
      opened.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  @Override
  public AppendFile reopen(Path file, long position) throws IOException {
    return new OpenFile(file, open(file, WRITE), position);
  }

  @Override
  public MemorySegment map(Path file, Arena arena) throws IOException {
    try (var channel = FileChannel.open(file, READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  @Override
  public MemorySegment mapPrivately(Path file, Arena arena) throws IOException {
    try (var channel = FileChannel.open(file, READ, WRITE)) {
      return channel.map(FileChannel.MapMode.PRIVATE, 0, channel.size(), arena);
    }
  }

  @Override
  public int read(Path file, long position, ByteBuffer into) throws IOException {
    int start = into.position();
    try (var channel = FileChannel.open(file, READ)) {
      while (into.hasRemaining()) {
        if (channel.read(into, position + into.position() - start) < 0) {
          break;
        }
      }
    }
    return into.position() - start;
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      createFolder(parent);
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    } catch (IOException e) {
      throw named("make folder", folder, e);
    }
    if (parent != null) {
      syncFolder(parent);
    }
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw new IOException("cannot sync folder %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  @Override
  public void link(Path file, Path second) throws IOException {
    try {
      Files.createLink(second, file);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException cannot) {
      Disk.super.link(file, second);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw named("rename to " + to, from, e);
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    try (var inside = Files.list(folder)) {
      return inside.sorted().toList();
    } catch (NoSuchFileException absent) {
      return List.of();
    }
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public boolean isFolder(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  public long size(Path file) throws IOException {
    return Files.size(file);
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  @Override
  public FolderLock lock(Path file) throws IOException {
    var channel = FileChannel.open(file, CREATE, WRITE);
    try {
      FileLock taken = channel.tryLock();
      if (taken != null) {
        return channel::close;
      }
    } catch (OverlappingFileLockException heldHere) {
      // Taken by this very process: the same answer.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new IOException(
        "%s is locked: another process works in this folder; stop it or use another folder"
            .formatted(file));
  }

  private static FileChannel open(Path file, java.nio.file.OpenOption... options)
      throws IOException {
    try {
      return FileChannel.open(file, options);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw named("open", file, e);
    }
  }

  /// The failure as the rooms above know it: a full disk told from a failing one.
  private static IOException named(String action, Path file, IOException e) {
    String found = String.valueOf(e.getMessage());
    String message = "cannot %s %s: %s".formatted(action, file, found);
    return isFull(file, found) ? new DiskFullException(message, e) : new IOException(message, e);
  }

  private static boolean isFull(Path file, String found) {
    String words = found.toLowerCase(Locale.ROOT);
    if (words.contains("no space left") || words.contains("quota exceeded")) {
      return true;
    }
    Path folder = file.toAbsolutePath().getParent();
    try {
      return folder != null && Files.getFileStore(folder).getUsableSpace() < SURELY_FULL_BYTES;
    } catch (IOException unknown) {
      return false;
    }
  }

  private static final class OpenFile implements AppendFile {
    private final Path path;
    private final FileChannel channel;
    private long position;
    private long size;

    OpenFile(Path path, FileChannel channel, long position) throws IOException {
      this.path = path;
      this.channel = channel;
      this.position = position;
      this.size = channel.size();
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      writeAt(bytes, position);
      position += length;
    }

    @Override
    public void overwrite(long offset, ByteBuffer bytes) throws IOException {
      writeAt(bytes, offset);
    }

    private void writeAt(ByteBuffer bytes, long at) throws IOException {
      int start = bytes.position();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes, at + bytes.position() - start);
        }
        size = Math.max(size, at + bytes.position() - start);
      } catch (IOException e) {
        bytes.position(start);
        throw named("write to", path, e);
      }
    }

    @Override
    public void reserve(long end) throws IOException {
      while (size < end) {
        writeAt(ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), end - size)), size);
      }
    }

    @Override
    public void force() throws IOException {
      try {
        channel.force(false);
      } catch (IOException e) {
        throw new IOException("cannot sync %s: %s".formatted(path, e.getMessage()), e);
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      try {
        channel.truncate(size);
        this.size = Math.min(this.size, size);
        position = Math.min(position, size);
      } catch (IOException e) {
        throw named("cut", path, e);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
