package barograph.storage.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Everything that a store does, in small pieces.
///
/// `-Dworkloads=checkpoint|tail` plays those alone whose names have a match of the pattern.
final class Workloads {
  private Workloads() {}

  /// Those of this run.
  static List<Workload> chosen() {
    var pattern = Pattern.compile(System.getProperty("workloads", ""));
    return all().stream().filter(workload -> pattern.matcher(workload.name()).find()).toList();
  }

  private static List<Workload> all() {
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
