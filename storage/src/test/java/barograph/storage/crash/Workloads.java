package barograph.storage.crash;

import java.util.ArrayList;
import java.util.List;

/// Everything that a store does, in small pieces.
final class Workloads {
  private Workloads() {}

  static List<Workload> all() {
    var all = new ArrayList<Workload>();
    all.addAll(AppendingWorkloads.appending());
    all.addAll(KeepingWorkloads.checkpoints());
    all.addAll(KeepingWorkloads.blocks());
    all.addAll(KeepingWorkloads.merging());
    all.addAll(ChangingWorkloads.deleting());
    all.addAll(ChangingWorkloads.late());
    all.addAll(BesideWorkloads.histograms());
    all.addAll(BesideWorkloads.told());
    all.addAll(TailWorkloads.all());
    all.addAll(TroubleWorkloads.starting());
    all.addAll(TroubleWorkloads.trouble());
    return all;
  }
}
