package barograph.storage.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A disk in memory, for a store that is to leave nothing behind: all of it is gone with this
/// object.
///
/// It has room for as many bytes as it is given. Nothing on it outlives the process, so whatever
/// ought to be made safe is as safe as it will ever be.
public final class MemoryDisk implements Disk {
  private final long room;
  private final Map<Path, Content> files = new HashMap<>();
  private final Set<Path> folders = new HashSet<>();
  private long used;

  /// @param bytes how much can be written to it
  public MemoryDisk(long bytes) {
    room = bytes;
  }

  @Override
  public synchronized AppendFile create(Path file, long reservedBytes) throws IOException {
    var content = new Content();
    if (files.putIfAbsent(file, content) != null) {
      throw new FileAlreadyExistsException(file.toString());
    }
    var opened = new OpenFile(file, content, 0);
    opened.reserve(reservedBytes);
    return opened;
  }

  @Override
  public synchronized AppendFile reopen(Path file, long position) throws IOException {
    return new OpenFile(file, content(file), position);
  }

  @Override
  public synchronized MemorySegment map(Path file, Arena arena) throws IOException {
    var content = content(file);
    return arena
        .allocate(Math.max(1, content.size), Long.BYTES)
        .copyFrom(MemorySegment.ofArray(content.bytes).asSlice(0, content.written))
        .asSlice(0, content.size);
  }

  @Override
  public synchronized int read(Path file, long position, ByteBuffer into) throws IOException {
    var content = content(file);
    int length = Math.clamp(content.size - position, 0, into.remaining());
    int written = Math.clamp(content.written - position, 0, length);
    into.put(content.bytes, (int) Math.min(position, content.written), written);
    into.put(new byte[length - written]);
    return length;
  }

  @Override
  public synchronized void createFolder(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      folders.add(at);
    }
  }

  @Override
  public void syncFolder(Path folder) {}

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    if (!exists(from)) {
      throw new NoSuchFileException(from.toString());
    }
    if (files.containsKey(from)) {
      delete(to);
    }
    for (Path path : below(from, folders)) {
      folders.remove(path);
      folders.add(path.equals(from) ? to : to.resolve(from.relativize(path)));
    }
    for (Path path : below(from, files.keySet())) {
      Content moved = files.remove(path);
      files.put(path.equals(from) ? to : to.resolve(from.relativize(path)), moved);
    }
  }

  /// `path` itself and what is in it.
  private static List<Path> below(Path path, Set<Path> paths) {
    return paths.stream().filter(each -> each.startsWith(path)).toList();
  }

  @Override
  public synchronized void delete(Path path) {
    @Nullable Content gone = files.remove(path);
    if (gone != null) {
      used -= gone.written;
    }
    folders.remove(path);
  }

  @Override
  public synchronized List<Path> list(Path folder) {
    return Stream.concat(files.keySet().stream(), folders.stream())
        .filter(path -> folder.equals(path.getParent()))
        .sorted()
        .toList();
  }

  @Override
  public synchronized boolean exists(Path path) {
    return files.containsKey(path) || folders.contains(path);
  }

  @Override
  public synchronized boolean isFolder(Path path) {
    return folders.contains(path);
  }

  @Override
  public synchronized long size(Path file) throws IOException {
    return content(file).size;
  }

  @Override
  public synchronized long freeBytes(Path folder) {
    return room - used;
  }

  /// Nobody else can see this disk.
  @Override
  public FolderLock lock(Path file) {
    return () -> {};
  }

  private Content content(Path file) throws NoSuchFileException {
    var content = files.get(file);
    if (content == null) {
      throw new NoSuchFileException(file.toString());
    }
    return content;
  }

  /// A file's bytes; those from `written` to `size` are zero and take no memory.
  private static final class Content {
    private byte[] bytes = {};
    private int written;
    private long size;
  }

  private final class OpenFile implements AppendFile {
    private final Path path;
    private final Content content;
    private long position;

    OpenFile(Path path, Content content, long position) {
      this.path = path;
      this.content = content;
      this.position = position;
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
      put(position, bytes);
      position += length;
    }

    @Override
    public void overwrite(long offset, ByteBuffer bytes) throws IOException {
      put(offset, bytes);
    }

    private void put(long offset, ByteBuffer from) throws IOException {
      synchronized (MemoryDisk.this) {
        long end = offset + from.remaining();
        long more = Math.max(0, end - content.written);
        if (more > room - used || end > Integer.MAX_VALUE - 8) {
          throw new DiskFullException(
              "cannot write to %s: %d bytes of memory are used up".formatted(path, room));
        }
        if (end > content.bytes.length) {
          content.bytes =
              Arrays.copyOf(content.bytes, (int) Math.min(2 * end, Integer.MAX_VALUE - 8));
        }
        from.get(content.bytes, (int) offset, from.remaining());
        used += more;
        content.written = (int) Math.max(content.written, end);
        content.size = Math.max(content.size, end);
      }
    }

    @Override
    public void reserve(long end) {
      synchronized (MemoryDisk.this) {
        content.size = Math.max(content.size, end);
      }
    }

    @Override
    public void force() {}

    @Override
    public void truncate(long size) {
      synchronized (MemoryDisk.this) {
        if (size < content.written) {
          Arrays.fill(content.bytes, (int) size, content.written, (byte) 0);
          used -= content.written - size;
          content.written = (int) size;
        }
        content.size = Math.min(content.size, size);
        position = Math.min(position, size);
      }
    }

    @Override
    public void close() {}
  }
}
