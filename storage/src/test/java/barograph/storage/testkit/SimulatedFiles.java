package barograph.storage.testkit;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Files and folders twice over: as running programs see them, and as they would be found after a
/// power cut.
///
/// What is not synced is kept as a list of single changes, of which a power cut lets any part come
/// true: of names any subset, of a file's writes any subset of their sectors.
final class SimulatedFiles {
  private static final int SECTOR_BYTES = 512;

  sealed interface Node {}

  /// A file: what is to be read now, what is safe, and the changes between.
  static final class File implements Node {
    private final int id;
    private final Content now;
    private final Content safe;
    private final List<Change> unsynced = new ArrayList<>();

    private File(int id, Content now, Content safe) {
      this.id = id;
      this.now = now;
      this.safe = safe;
    }

    int id() {
      return id;
    }

    int size() {
      return now.size;
    }

    byte[] bytes(int from, int length) {
      int start = Math.min(from, now.size);
      return Arrays.copyOfRange(now.bytes, start, Math.min(now.size, start + length));
    }
  }

  /// Bytes that grow.
  private static final class Content {
    private byte[] bytes;
    private int size;

    Content(byte[] bytes, int size) {
      this.bytes = bytes;
      this.size = size;
    }

    Content copy() {
      return new Content(Arrays.copyOf(bytes, size), size);
    }

    void write(int offset, byte[] from, int start, int end) {
      int needed = offset + end;
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
      }
      System.arraycopy(from, start, bytes, offset + start, end - start);
      size = Math.max(size, needed);
    }

    void cut(int newSize) {
      if (newSize < size) {
        Arrays.fill(bytes, newSize, size, (byte) 0);
        size = newSize;
      }
    }

    void apply(Change change) {
      byte[] written = change.bytes;
      if (written == null) {
        cut(change.offset);
      } else {
        write(change.offset, written, 0, written.length);
      }
    }
  }

  /// A write of `bytes` at `offset`, or without bytes a cut to `offset`.
  private record Change(int offset, byte @Nullable [] bytes) {}

  private static final class Folder implements Node {
    private final Map<String, Node> now = new TreeMap<>();
    private final Map<String, Node> safe = new TreeMap<>();
  }

  /// Names that change together.
  private record Naming(List<Name> names) {
    private boolean touches(Folder folder) {
      return names.stream().anyMatch(name -> name.folder == folder);
    }
  }

  /// What a name in a folder shall mean; nothing without a node.
  private record Name(Folder folder, String name, @Nullable Node node) {
    private void apply(Map<String, Node> names) {
      if (node == null) {
        names.remove(name);
      } else {
        names.put(name, node);
      }
    }
  }

  private final Folder root = new Folder();
  private final Map<Integer, File> files = new HashMap<>();
  private final List<Naming> unsynced = new ArrayList<>();

  int create(Path path) throws IOException {
    Folder folder = parent(path);
    if (folder.now.containsKey(nameOf(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    var file = new File(files.size(), new Content(new byte[0], 0), new Content(new byte[0], 0));
    files.put(file.id, file);
    change(new Name(folder, nameOf(path), file));
    return file.id;
  }

  File file(int id) {
    var file = files.get(id);
    if (file == null) {
      throw new AssertionError("no file numbered " + id);
    }
    return file;
  }

  File file(Path path) throws NoSuchFileException {
    if (find(path) instanceof File file) {
      return file;
    }
    throw new NoSuchFileException(path.toString());
  }

  void write(int id, int offset, byte[] bytes) {
    change(file(id), new Change(offset, bytes));
  }

  void truncate(int id, int size) {
    change(file(id), new Change(size, null));
  }

  private static void change(File file, Change change) {
    file.now.apply(change);
    file.unsynced.add(change);
  }

  void force(int id) {
    var file = file(id);
    file.unsynced.forEach(file.safe::apply);
    file.unsynced.clear();
  }

  /// What a failed sync does: programs still read what they wrote, and the disk never gets it.
  void dropPages(int id) {
    file(id).unsynced.clear();
  }

  void createFolder(Path path) throws IOException {
    Folder at = root;
    for (Path name : path.toAbsolutePath()) {
      Node inside = at.now.get(name.toString());
      if (inside == null) {
        inside = new Folder();
        at.now.put(name.toString(), inside);
        at.safe.put(name.toString(), inside);
      }
      if (!(inside instanceof Folder folder)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      at = folder;
    }
  }

  void syncFolder(Path path) throws IOException {
    Folder folder = folder(path);
    for (var naming : List.copyOf(unsynced)) {
      if (naming.touches(folder)) {
        naming.names.forEach(name -> name.apply(name.folder.safe));
        unsynced.remove(naming);
      }
    }
  }

  void rename(Path from, Path to) throws IOException {
    Node node = find(from);
    if (node == null) {
      throw new NoSuchFileException(from.toString());
    }
    change(new Name(parent(from), nameOf(from), null), new Name(parent(to), nameOf(to), node));
  }

  void delete(Path path) throws IOException {
    Node node = find(path);
    if (node instanceof Folder folder && !folder.now.isEmpty()) {
      throw new IOException(path + " is a folder that is not empty");
    }
    if (node != null) {
      change(new Name(parent(path), nameOf(path), null));
    }
  }

  List<Path> list(Path path) {
    return find(path) instanceof Folder folder
        ? folder.now.keySet().stream().map(path::resolve).toList()
        : List.of();
  }

  boolean exists(Path path) {
    return find(path) != null;
  }

  boolean isFolder(Path path) {
    return find(path) instanceof Folder;
  }

  /// Bytes in files that have a name.
  long usedBytes() {
    return used(root);
  }

  /// What the next process finds after this one was killed.
  SimulatedFiles afterKill() {
    var copy = new SimulatedFiles();
    var known = new IdentityHashMap<Node, Node>();
    known.put(root, copy.root);
    copy(root, copy.root, copy, known);
    for (var naming : unsynced) {
      copy.unsynced.add(
          new Naming(
              naming.names.stream()
                  .map(name ->
                      new Name(
                          (Folder) copied(name.folder, copy, known),
                          name.name,
                          name.node == null ? null : copied(name.node, copy, known)))
                  .toList()));
    }
    return copy;
  }

  /// What is found after a power cut; `random` decides what of the unsynced came true.
  SimulatedFiles afterPowerCut(Random random) {
    var left = afterKill();
    for (var naming : some(left.unsynced, random)) {
      naming.names.forEach(name -> name.apply(name.folder.safe));
    }
    left.unsynced.clear();
    settle(left.root, random);
    return left;
  }

  private static void settle(Folder folder, Random random) {
    folder.now.clear();
    folder.now.putAll(folder.safe);
    for (var node : folder.now.values()) {
      switch (node) {
        case Folder inner -> settle(inner, random);
        case File file -> settle(file, random);
      }
    }
  }

  private static void settle(File file, Random random) {
    boolean torn = random.nextBoolean();
    for (var change : some(file.unsynced, random)) {
      byte[] bytes = change.bytes;
      if (bytes == null || !torn) {
        file.safe.apply(change);
      } else {
        tear(file.safe, change.offset, bytes, random);
      }
    }
    file.unsynced.clear();
    file.now.bytes = file.safe.bytes.clone();
    file.now.size = file.safe.size;
  }

  /// Writes three of four sectors.
  private static void tear(Content into, int offset, byte[] bytes, Random random) {
    int from = 0;
    while (from < bytes.length) {
      int sectorEnd = ((offset + from) / SECTOR_BYTES + 1) * SECTOR_BYTES;
      int to = Math.min(bytes.length, sectorEnd - offset);
      if (random.nextInt(4) != 0) {
        into.write(offset, bytes, from, to);
      }
      from = to;
    }
  }

  /// None, all, the first few, or any of `changes`, in their order.
  private static <T> List<T> some(List<T> changes, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> List.of();
      case 1 -> List.copyOf(changes);
      case 2 -> List.copyOf(changes.subList(0, random.nextInt(changes.size() + 1)));
      default -> changes.stream().filter(change -> random.nextBoolean()).toList();
    };
  }

  private static void copy(
      Folder from, Folder to, SimulatedFiles into, IdentityHashMap<Node, Node> known) {
    from.now.forEach((name, node) -> to.now.put(name, copied(node, into, known)));
    from.safe.forEach((name, node) -> to.safe.put(name, copied(node, into, known)));
  }

  private static Node copied(Node node, SimulatedFiles into, IdentityHashMap<Node, Node> known) {
    Node before = known.get(node);
    if (before != null) {
      return before;
    }
    switch (node) {
      case Folder folder -> {
        var copy = new Folder();
        known.put(folder, copy);
        copy(folder, copy, into, known);
        return copy;
      }
      case File file -> {
        var copy = new File(into.files.size(), file.now.copy(), file.safe.copy());
        known.put(file, copy);
        copy.unsynced.addAll(file.unsynced);
        into.files.put(copy.id, copy);
        return copy;
      }
    }
  }

  private static long used(Folder folder) {
    long used = 0;
    for (var node : folder.now.values()) {
      used +=
          switch (node) {
            case Folder inner -> used(inner);
            case File file -> file.now.size;
          };
    }
    return used;
  }

  private void change(Name... names) {
    var naming = new Naming(List.of(names));
    naming.names.forEach(name -> name.apply(name.folder.now));
    unsynced.add(naming);
  }

  private Folder parent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(path + " has no folder above it");
    }
    return folder(parent);
  }

  private Folder folder(Path path) throws NoSuchFileException {
    if (find(path) instanceof Folder folder) {
      return folder;
    }
    throw new NoSuchFileException(path.toString());
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }

  private @Nullable Node find(Path path) {
    Node at = root;
    for (Path name : path.toAbsolutePath()) {
      at = at instanceof Folder folder ? folder.now.get(name.toString()) : null;
      if (at == null) {
        return null;
      }
    }
    return at;
  }
}
