package barograph.storage.head;

import barograph.storage.chunk.ByteSink;
import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Chunks that were sealed and wait for their block, in head files of 4 MiB.
///
/// The head's writer appends them in memory; whoever takes checkpoints brings them to disk with
/// [#sync], and a full file is then read through its map. A chunk is named by a number: 13 bits of
/// the file's and its offset in units of 8 bytes; 0 names none. Each knows the one before it of the
/// same series.
///
/// After 8,192 files the bits come round, and a number may mean a chunk of a file that is gone or
/// one of the file in its place. It is told by order: what stands before a chunk cannot lie behind
/// the chunk itself, and series let go of the numbers of a file before it is dropped
/// ([#isGoneBefore]). A place is not taken again while its file is there.
final class SealedChunks {
  static final int FILE_BYTES = 4 << 20;

  /// Bytes before the chunk's own: checksum, length, series, chunk before, times, rows.
  static final int HEADER_BYTES = 48;

  private static final Logger LOG = System.getLogger(SealedChunks.class.getName());
  private static final String PREFIX = "chunks-";

  /// Numbers count up from 0.
  private static final Pattern NUMBER = Pattern.compile("[0-7][0-9a-f]{15}");

  private static final int MAGIC = 0x31484742;
  private static final int MAJOR = 1;
  private static final int FILE_HEADER_BYTES = 16;
  private static final int OFFSET_BITS = 19;
  private static final int FILES = 1 << (32 - OFFSET_BITS);

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// One head file: in memory until it is full and synced, then mapped.
  private static final class HeadFile {
    final long number;
    volatile MemorySegment bytes;
    volatile int end;
    volatile long maxTime = Long.MIN_VALUE;

    /// No more will be appended.
    volatile boolean full;

    // Only for the thread that syncs.
    int written;
    boolean mapped;
    @Nullable AppendFile file;

    HeadFile(long number, MemorySegment bytes, int end) {
      this.number = number;
      this.bytes = bytes;
      this.end = end;
    }
  }

  /// What a checkpoint says about a head file.
  record FileState(long number, int end, long maxTime) {}

  private final Disk disk;
  private final Path folder;
  private final int fileBytes;
  private final AtomicReferenceArray<@Nullable HeadFile> files;
  private final LongAdder count = new LongAdder();
  private volatile long firstFile;
  private volatile long nextFile;
  private @Nullable HeadFile current;

  SealedChunks(Disk disk, Path folder) {
    this(disk, folder, FILE_BYTES, FILES);
  }

  /// The same with smaller and fewer files, at most so many at once, a power of two.
  SealedChunks(Disk disk, Path folder, int fileBytes, int mostFiles) {
    this.disk = disk;
    this.folder = folder;
    this.fileBytes = fileBytes;
    this.files = new AtomicReferenceArray<>(mostFiles);
  }

  /// Appends a chunk and gives its number. Writer only.
  ///
  /// @param times the column of its own timestamps, or its holes in its target's rows; else empty
  int append(ChunkHead head, ByteSink values, ByteSink times) {
    int length = HEADER_BYTES + values.size() + times.size();
    int padded = (length + 7) & ~7;
    HeadFile file = current;
    if (file == null || file.end + padded > fileBytes) {
      if (file != null) {
        file.full = true;
      }
      file = startFile();
    }
    MemorySegment bytes = file.bytes;
    long at = file.end;
    bytes.set(INT, at + 4, length);
    bytes.set(INT, at + 8, head.ref);
    bytes.set(INT, at + 12, head.before);
    bytes.set(LONG, at + 16, head.minTime);
    bytes.set(LONG, at + 24, head.maxTime);
    bytes.set(INT, at + 32, head.firstRow);
    bytes.set(INT, at + 36, head.packedRows());
    bytes.set(INT, at + 40, values.size());
    bytes.set(INT, at + 44, times.size());
    MemorySegment.copy(
        values.array(), 0, bytes, ValueLayout.JAVA_BYTE, at + HEADER_BYTES, values.size());
    MemorySegment.copy(
        times.array(),
        0,
        bytes,
        ValueLayout.JAVA_BYTE,
        at + HEADER_BYTES + values.size(),
        times.size());
    bytes.set(INT, at, Checksum.of(bytes, at + 4, length - 4));
    if (head.maxTime > file.maxTime) {
      file.maxTime = head.maxTime;
    }
    int number = (slot(file.number) << OFFSET_BITS) | (int) (at >>> 3);
    file.end = (int) at + padded;
    count.increment();
    return number;
  }

  /// Ends the file that is being appended to. Writer only.
  ///
  /// @return whether there was one
  boolean finishFile() {
    HeadFile file = current;
    if (file == null) {
      return false;
    }
    file.full = true;
    current = null;
    return true;
  }

  private HeadFile startFile() {
    long number = nextFile;
    if (files.get(slot(number)) != null) {
      throw new IllegalStateException(
          "the head has %d files of sealed chunks, as many as it can have"
              .formatted(files.length()));
    }
    var bytes = Arena.ofAuto().allocate(fileBytes, 8);
    bytes.set(INT, 0, MAGIC);
    bytes.set(INT, 4, MAJOR);
    bytes.set(LONG, 8, number);
    var file = new HeadFile(number, bytes, FILE_HEADER_BYTES);
    files.set(slot(number), file);
    nextFile = number + 1;
    current = file;
    return file;
  }

  private int slot(long number) {
    return (int) (number & (files.length() - 1));
  }

  /// The file of chunk `number`; null if it was dropped, or if there can be none.
  ///
  /// @param limit the place that it lies before
  private @Nullable HeadFile file(int number, long limit) {
    int slot = number >>> OFFSET_BITS;
    HeadFile file = slot < files.length() ? files.get(slot) : null;
    return file == null || file.number > limit >>> OFFSET_BITS ? null : file;
  }

  private static long place(HeadFile file, int number) {
    return file.number << OFFSET_BITS | unit(number);
  }

  private static int unit(int number) {
    return number & ((1 << OFFSET_BITS) - 1);
  }

  /// Whether nothing from `time` on is in the file of chunk `number`, nor ever will be: it may be
  /// dropped, and the number must not be used any more.
  boolean isGoneBefore(int number, long time) {
    HeadFile file = file(number, Long.MAX_VALUE);
    return file == null || (file.full && file.maxTime < time);
  }

  /// Whether so many files are there that some of them should become blocks.
  boolean areFilesMany() {
    return nextFile - firstFile > files.length() / 4 * 3L;
  }

  /// Reads the fields of chunk `number` and keeps its bytes in `into` for decoding.
  ///
  /// @param limit the place that it lies before: that of the chunk which names it, or
  ///   [Long#MAX_VALUE]
  /// @return false if the chunk's file was dropped, because all in it is in blocks
  /// @throws CorruptHeadException if it is not as it was written
  boolean read(int number, int ref, long limit, ChunkHead into) {
    HeadFile file = file(number, limit);
    if (file == null) {
      return false;
    }
    into.place = place(file, number);
    MemorySegment bytes = file.bytes;
    long at = (long) unit(number) << 3;
    if (into.place >= limit) {
      throw new CorruptHeadException(
          "%s: chunk at %d stands before one that lies before it".formatted(path(file.number), at));
    }
    int length = at + HEADER_BYTES <= file.end ? bytes.get(INT, at + 4) : 0;
    if (length < HEADER_BYTES || at + length > file.end) {
      throw new CorruptHeadException(
          "%s: chunk at %d is %d bytes long, expected %d to %d"
              .formatted(path(file.number), at, length, HEADER_BYTES, file.end - at));
    }
    into.hold(length);
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, into.bytes, 0, length);
    int found = into.checksum(length);
    int expected = bytes.get(INT, at);
    if (found != expected) {
      throw new CorruptHeadException(
          "%s: chunk at %d has checksum %08x, expected %08x"
              .formatted(path(file.number), at, found, expected));
    }
    into.take();
    if (into.ref != ref || length != HEADER_BYTES + into.valueBytes + into.timeBytes) {
      throw new CorruptHeadException(
          "%s: chunk at %d is one of series %d with %d bytes, expected series %d"
              .formatted(path(file.number), at, into.ref, length, ref));
    }
    if (into.minTime > into.maxTime) {
      throw new CorruptHeadException(
          "%s: chunk at %d begins at %d, after its end at %d"
              .formatted(path(file.number), at, into.minTime, into.maxTime));
    }
    return true;
  }

  /// Reads the fields of chunk `number` alone, unchecked: good for finding the way, and for nothing
  /// that an answer is made of.
  ///
  /// @return false if the chunk's file was dropped, or if there can be none
  boolean look(int number, long limit, ChunkHead into) {
    HeadFile file = file(number, limit);
    long at = (long) unit(number) << 3;
    if (file == null || place(file, number) >= limit || at + HEADER_BYTES > file.end) {
      return false;
    }
    MemorySegment bytes = file.bytes;
    into.place = place(file, number);
    into.before = bytes.get(INT, at + 12);
    into.minTime = bytes.get(LONG, at + 16);
    into.maxTime = bytes.get(LONG, at + 24);
    into.firstRow = bytes.get(INT, at + 32);
    into.takeRows(bytes.get(INT, at + 36));
    into.valueBytes = bytes.get(INT, at + 40);
    into.timeBytes = bytes.get(INT, at + 44);
    return true;
  }

  /// Bytes that [#sync] has to write. The checkpoint's thread only.
  long bytesToSync() {
    long sum = 0;
    for (long number = firstFile; number < nextFile; number++) {
      HeadFile file = files.get(slot(number));
      sum += file == null || file.mapped ? 0 : file.end - file.written;
    }
    return sum;
  }

  private Path path(long number) {
    return folder.resolve(PREFIX + "%016x".formatted(number));
  }

  /// Writes and syncs what was appended so far. Not the writer's thread: the checkpoint's.
  ///
  /// @return the files that there are now, for the checkpoint
  List<FileState> sync() throws IOException {
    var states = new ArrayList<FileState>();
    boolean created = false;
    for (long number = firstFile; number < nextFile; number++) {
      HeadFile file = files.get(slot(number));
      if (file == null) {
        continue;
      }
      // In this order: what is appended meanwhile makes the file fuller, not emptier.
      boolean full = file.full;
      int end = file.end;
      long maxTime = file.maxTime;
      if (!file.mapped) {
        AppendFile out = file.file;
        if (out == null) {
          out = disk.create(path(number), 0);
          file.file = out;
          created = true;
        }
        if (end > file.written) {
          out.write(file.bytes.asSlice(file.written, end - file.written).asByteBuffer());
          out.force();
          file.written = end;
        }
        if (full) {
          out.close();
          file.file = null;
          file.bytes = disk.map(path(number), Arena.ofAuto());
          file.mapped = true;
        }
      }
      states.add(new FileState(number, end, maxTime));
    }
    if (created) {
      disk.syncFolder(folder);
    }
    return states;
  }

  /// Forgets files with nothing in them from `floor` on, and names them: their chunks are in
  /// blocks. Writer only.
  List<Path> dropBefore(long floor) {
    var dropped = new ArrayList<Path>();
    long first = firstFile;
    boolean onlyDropped = true;
    for (long number = first; number < nextFile; number++) {
      HeadFile file = files.get(slot(number));
      if (file != null && file.full && file.file == null && file.maxTime < floor) {
        files.set(slot(number), null);
        dropped.add(path(number));
      } else if (file != null) {
        onlyDropped = false;
      }
      if (onlyDropped) {
        first = number + 1;
      }
    }
    firstFile = first;
    return dropped;
  }

  /// The number of the file that is begun next.
  long nextFile() {
    return nextFile;
  }

  /// Takes over the files of a checkpoint, and puts those that it does not know out of the way.
  ///
  /// @param next the least number that a new file may have: chunks may still name older files that
  ///   are gone
  /// @return what was not as the checkpoint says
  List<String> restore(List<FileState> states, long next) throws IOException {
    var damages = new ArrayList<String>();
    for (FileState state : states) {
      Path path = path(state.number);
      if (!disk.exists(path)) {
        damages.add("%s is missing".formatted(path));
        continue;
      }
      MemorySegment bytes = disk.map(path, Arena.ofAuto());
      int end = (int) Math.min(bytes.byteSize(), state.end);
      if (end < state.end) {
        damages.add("%s is %d bytes long, expected %d".formatted(path, end, state.end));
      }
      if (end < FILE_HEADER_BYTES
          || bytes.get(INT, 0) != MAGIC
          || bytes.get(INT, 4) != MAJOR
          || bytes.get(LONG, 8) != state.number) {
        // The chunks have checksums of their own.
        damages.add("%s does not begin as head file %d does".formatted(path, state.number));
      }
      var file = new HeadFile(state.number, bytes, end);
      file.maxTime = state.maxTime;
      file.full = true;
      file.mapped = true;
      files.set(slot(state.number), file);
    }
    nextFile = Math.max(next, states.isEmpty() ? 0 : states.getLast().number + 1);
    firstFile = states.isEmpty() ? nextFile : states.getFirst().number;
    for (Path path : disk.list(folder)) {
      if (isHeadFile(path) && states.stream().noneMatch(s -> path(s.number).equals(path))) {
        // Sealed after the checkpoint: the log still has every sample of it.
        disk.delete(path);
      }
    }
    return damages;
  }

  /// The files that are there, for when a checkpoint cannot tell.
  List<FileState> filesOnDisk() throws IOException {
    var states = new ArrayList<FileState>();
    for (Path path : disk.list(folder)) {
      if (isHeadFile(path)) {
        long number = Long.parseLong(name(path).substring(PREFIX.length()), 16);
        MemorySegment bytes = disk.map(path, Arena.ofAuto());
        states.add(new FileState(number, (int) bytes.byteSize(), newestTime(bytes)));
      }
    }
    return states;
  }

  /// Whether a file bears the name of one of ours. What was put beside them by someone else is told
  /// in the log and left alone.
  private static boolean isHeadFile(Path path) {
    String name = name(path);
    if (!name.startsWith(PREFIX)) {
      return false;
    }
    boolean ours = NUMBER.matcher(name.substring(PREFIX.length())).matches();
    if (!ours) {
      LOG.log(Level.WARNING, "{0} is no file of the head, and left as it is", path);
    }
    return ours;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static long newestTime(MemorySegment bytes) {
    long newest = Long.MIN_VALUE;
    long at = FILE_HEADER_BYTES;
    while (at + HEADER_BYTES <= bytes.byteSize()) {
      int length = bytes.get(INT, at + 4);
      if (length < HEADER_BYTES) {
        break;
      }
      newest = Math.max(newest, bytes.get(LONG, at + 24));
      at += (length + 7L) & ~7L;
    }
    return newest;
  }

  /// Chunks appended so far.
  long count() {
    return count.sum();
  }

  /// Bytes of chunks that are in memory or mapped.
  long bytes() {
    long sum = 0;
    for (long number = firstFile; number < nextFile; number++) {
      HeadFile file = files.get(slot(number));
      sum += file == null ? 0 : file.end;
    }
    return sum;
  }

  void close() throws IOException {
    for (long number = firstFile; number < nextFile; number++) {
      HeadFile file = files.get(slot(number));
      AppendFile out = file == null ? null : file.file;
      if (out != null) {
        out.close();
      }
    }
  }
}
