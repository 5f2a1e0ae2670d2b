package barograph.storage.testkit;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
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
    private final SimulatedContent now;
    private final SimulatedContent safe;
    private final List<Change> unsynced = new ArrayList<>();

    private File(int id, SimulatedContent now, SimulatedContent safe) {
      this.id = id;
      this.now = now;
      this.safe = safe;
    }

    int id() {
      return id;
    }

    int size() {
      return now.size();
    }

    byte[] bytes(int from, int length) {
      return now.bytes(from, length);
    }
  }

  /// What was done to a file as the `order`th of all unsynced things.
  private sealed interface Change {
    long order();

    /// A write of `bytes` at `offset`.
    record Write(long order, int offset, byte[] bytes) implements Change {}

    /// Zeros from `offset` to `end`.
    record Zeros(long order, int offset, int end) implements Change {}

    /// A cut to `size`.
    record Cut(long order, int size) implements Change {}

    default void apply(SimulatedContent to) {
      switch (this) {
        case Write(_, int offset, byte[] bytes) -> to.write(offset, bytes, 0, bytes.length);
        case Zeros(_, int offset, int end) -> to.zero(offset, end);
        case Cut(_, int size) -> to.cut(size);
      }
    }
  }

  private static final class Folder implements Node {
    private final Map<String, Node> now = new TreeMap<>();
    private final Map<String, Node> safe = new TreeMap<>();
  }

  /// Names that change together, as the `order`th of all unsynced things.
  private record Naming(long order, List<Name> names) {
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
  private long changes;

  int create(Path path) throws IOException {
    Folder folder = parent(path);
    if (folder.now.containsKey(nameOf(path))) {
      throw new FileAlreadyExistsException(path.toString());
    }
    var file = new File(files.size(), new SimulatedContent(), new SimulatedContent());
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
    change(file(id), new Change.Write(changes++, offset, bytes));
  }

  void zero(int id, int offset, int end) {
    change(file(id), new Change.Zeros(changes++, offset, end));
  }

  void truncate(int id, int size) {
    change(file(id), new Change.Cut(changes++, size));
  }

  private static void change(File file, Change change) {
    change.apply(file.now);
    file.unsynced.add(change);
  }

  void force(int id) {
    var file = file(id);
    file.unsynced.forEach(change -> change.apply(file.safe));
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

  /// Another of the same, numbers of files and all: nothing that happens to one is seen in the
  /// other.
  SimulatedFiles copy() {
    var copy = new SimulatedFiles();
    copy.changes = changes;
    var known = new IdentityHashMap<Node, Node>();
    known.put(root, copy.root);
    for (var file : files.values()) {
      var twin = new File(file.id, file.now.copy(), file.safe.copy());
      twin.unsynced.addAll(file.unsynced);
      copy.files.put(twin.id, twin);
      known.put(file, twin);
    }
    copy(root, copy.root, known);
    for (var naming : unsynced) {
      copy.unsynced.add(
          new Naming(
              naming.order,
              naming.names.stream()
                  .map(name ->
                      new Name(
                          (Folder) copied(name.folder, known),
                          name.name,
                          name.node == null ? null : copied(name.node, known)))
                  .toList()));
    }
    return copy;
  }

  /// The orders of all things that are not synced, first to last.
  List<Long> unsynced() {
    var orders = new TreeSet<Long>();
    unsynced.forEach(naming -> orders.add(naming.order));
    files.values().forEach(file -> file.unsynced.forEach(change -> orders.add(change.order())));
    return List.copyOf(orders);
  }

  /// What is found after a power cut; `random` decides what of the unsynced came true.
  SimulatedFiles afterPowerCut(Random random) {
    var left = copy();
    for (var naming : some(left.unsynced, random)) {
      naming.names.forEach(name -> name.apply(name.folder.safe));
    }
    for (var file : left.files.values()) {
      boolean torn = random.nextBoolean();
      for (var change : some(file.unsynced, random)) {
        if (torn) {
          tear(file.safe, change, random);
        } else {
          change.apply(file.safe);
        }
      }
    }
    return left.settled();
  }

  /// What is found after a power cut when of the unsynced those things came true whose order is
  /// less than `before`.
  SimulatedFiles afterPowerCut(long before) {
    var left = copy();
    for (var naming : left.unsynced) {
      if (naming.order < before) {
        naming.names.forEach(name -> name.apply(name.folder.safe));
      }
    }
    for (var file : left.files.values()) {
      for (var change : file.unsynced) {
        if (change.order() < before) {
          change.apply(file.safe);
        }
      }
    }
    return left.settled();
  }

  /// Only what is safe, as everything that there is.
  private SimulatedFiles settled() {
    var left = new SimulatedFiles();
    settle(root, left.root, left, new IdentityHashMap<>());
    return left;
  }

  private static void settle(
      Folder from, Folder to, SimulatedFiles into, IdentityHashMap<Node, Node> known) {
    from.safe.forEach((name, node) -> {
      Node there = known.get(node);
      if (there == null) {
        there =
            switch (node) {
              case Folder inner -> {
                var settled = new Folder();
                settle(inner, settled, into, known);
                yield settled;
              }
              case File file -> {
                var settled = new File(into.files.size(), file.safe.copy(), file.safe.copy());
                into.files.put(settled.id, settled);
                yield settled;
              }
            };
        known.put(node, there);
      }
      to.now.put(name, there);
      to.safe.put(name, there);
    });
  }

  /// Writes three of four sectors; of zeros, some.
  private static void tear(SimulatedContent into, Change change, Random random) {
    switch (change) {
      case Change.Write(_, int offset, byte[] bytes) -> {
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
      case Change.Zeros(_, int offset, int end) -> {
        int sectors = (end - offset) / SECTOR_BYTES;
        into.zero(offset, offset + random.nextInt(sectors + 1) * SECTOR_BYTES);
      }
      case Change.Cut cut -> cut.apply(into);
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

  private static void copy(Folder from, Folder to, IdentityHashMap<Node, Node> known) {
    from.now.forEach((name, node) -> to.now.put(name, copied(node, known)));
    from.safe.forEach((name, node) -> to.safe.put(name, copied(node, known)));
  }

  private static Node copied(Node node, IdentityHashMap<Node, Node> known) {
    Node before = known.get(node);
    if (before != null) {
      return before;
    }
    if (!(node instanceof Folder folder)) {
      throw new AssertionError("a file without a number");
    }
    var copy = new Folder();
    known.put(folder, copy);
    copy(folder, copy, known);
    return copy;
  }

  /// A number that disks share whose files have the same names and bytes, now and after a power
  /// cut, and others hardly ever.
  long fingerprint() {
    return fingerprint(root, 17);
  }

  private static long fingerprint(Folder folder, long hash) {
    long all = hash;
    for (var names : List.of(folder.now, folder.safe)) {
      all = all * 31 + names.size();
      for (var name : names.entrySet()) {
        all = all * 0x9e3779b97f4a7c15L + name.getKey().hashCode();
        all ^= all >>> 31;
        all =
            switch (name.getValue()) {
              case Folder inner -> fingerprint(inner, all);
              case File file -> all * 31 + file.now.fingerprint() * 7 + file.safe.fingerprint();
            };
      }
    }
    return all;
  }

  private static long used(Folder folder) {
    long used = 0;
    for (var node : folder.now.values()) {
      used +=
          switch (node) {
            case Folder inner -> used(inner);
            case File file -> file.now.size();
          };
    }
    return used;
  }

  private void change(Name... names) {
    var naming = new Naming(changes++, List.of(names));
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
