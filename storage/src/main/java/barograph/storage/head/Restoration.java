package barograph.storage.head;

import barograph.storage.disk.Disk;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How a head that is empty gets back what a checkpoint and the log have kept, before any other
/// thread is there.
final class Restoration {
  private final Head head;
  private final Disk disk;
  private final Path folder;
  private final CheckpointSize size;

  /// References that the log knows for series that have another one here.
  private final Map<Integer, Integer> aliases = new HashMap<>();

  Restoration(Head head, Disk disk, Path folder, CheckpointSize size) {
    this.head = head;
    this.disk = disk;
    this.folder = folder;
    this.size = size;
  }

  /// Fills the head from the newest checkpoint there is. Nothing is destroyed: a file that is no
  /// checkpoint is moved to `quarantine`.
  Checkpoint fromCheckpoint(Path quarantine) throws IOException {
    var damages = new ArrayList<String>();
    for (Path file : disk.list(folder).reversed()) {
      if (Checkpoint.isUnfinished(file)) {
        disk.delete(file);
      } else if (Checkpoint.isCheckpoint(file)) {
        Checkpoint found = new CheckpointReader(head, disk, file).read();
        if (found != null) {
          size.read(disk.size(file));
          damages.addAll(found.damages());
          return new Checkpoint(found.segment(), found.settled(), damages, found.lostSeries());
        }
        damages.add("%s does not begin as a checkpoint does; moved aside".formatted(file));
        disk.rename(file, quarantine.resolve(file.getFileName().toString()));
      }
    }
    head.sealed.restore(List.of(), 0);
    return new Checkpoint(0, Long.MIN_VALUE, damages, damages.isEmpty() ? 0 : -1);
  }

  /// Takes over a series that the log knows, unless it is here already, perhaps by another number.
  void series(int ref, int target, Labels labels) {
    int here = head.registry.restore(ref, target, labels);
    if (here != ref) {
      aliases.put(ref, here);
    }
  }

  /// Whether the log means by each reference the series that has it here.
  boolean isLiteral() {
    return aliases.isEmpty();
  }

  /// The series that the log means by `ref`.
  int here(int ref) {
    return aliases.isEmpty() ? ref : aliases.getOrDefault(ref, ref);
  }
}
