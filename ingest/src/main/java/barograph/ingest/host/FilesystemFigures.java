package barograph.ingest.host;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Room on the filesystems of this machine: those on disks of its own and in memory, as asking one
/// across a network could hang.
///
/// Asks the JDK and not OSHI, which takes tens of milliseconds for the same.
final class FilesystemFigures {
  private static final Set<String> TYPES =
      Set.of(
          "apfs",
          "bcachefs",
          "btrfs",
          "exfat",
          "ext2",
          "ext3",
          "ext4",
          "f2fs",
          "hfs",
          "jfs",
          "ntfs",
          "ntfs3",
          "overlay",
          "reiserfs",
          "tmpfs",
          "ufs",
          "vfat",
          "xfs",
          "zfs");

  private final Path mounts;

  private record Mount(
      String device, String point, String type, boolean readOnly, FileStore store) {
    String[] labels() {
      return new String[] {"device", device, "fstype", type, "mountpoint", point};
    }
  }

  /// @param mounts usually `/proc/self/mounts`; absent on other systems
  FilesystemFigures(Path mounts) {
    this.mounts = mounts;
  }

  void write(HostPage page) throws IOException {
    List<Mount> found = Files.exists(mounts) ? listed() : List.of();
    if (found.isEmpty()) {
      return;
    }
    page.gauge("node_filesystem_size_bytes", "Size of the filesystem.");
    for (Mount mount : found) {
      page.sample((double) mount.store().getTotalSpace(), mount.labels());
    }
    page.gauge("node_filesystem_free_bytes", "Free room of the filesystem.");
    for (Mount mount : found) {
      page.sample((double) mount.store().getUnallocatedSpace(), mount.labels());
    }
    page.gauge("node_filesystem_avail_bytes", "Room that is free for everyone.");
    for (Mount mount : found) {
      page.sample((double) mount.store().getUsableSpace(), mount.labels());
    }
    page.gauge("node_filesystem_readonly", "Whether the filesystem is read-only.");
    for (Mount mount : found) {
      page.sample(mount.readOnly() ? 1 : 0, mount.labels());
    }
  }

  private List<Mount> listed() throws IOException {
    Map<String, Mount> byPoint = new LinkedHashMap<>();
    for (String line : Files.readAllLines(mounts)) {
      String[] words = line.split(" ", -1);
      if (words.length < 4 || !TYPES.contains(words[2])) {
        continue;
      }
      String point = unescaped(words[1]);
      try {
        FileStore store = Files.getFileStore(Path.of(point));
        if (store.getTotalSpace() > 0) {
          boolean readOnly = List.of(words[3].split(",", -1)).contains("ro");
          byPoint.put(point, new Mount(unescaped(words[0]), point, words[2], readOnly, store));
        }
      } catch (IOException | InvalidPathException e) {
        // Not for us to see: another user's mount, or one that has just gone.
        byPoint.remove(point);
      }
    }
    return new ArrayList<>(byPoint.values());
  }

  /// The kernel writes blanks and the like as a backslash and three octal digits.
  private static String unescaped(String word) {
    if (word.indexOf('\\') < 0) {
      return word;
    }
    var text = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) == '\\' && word.substring(i + 1).matches("(?s)[0-7]{3}.*")) {
        text.append((char) Integer.parseInt(word.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        text.append(word.charAt(i));
      }
    }
    return text.toString();
  }
}
