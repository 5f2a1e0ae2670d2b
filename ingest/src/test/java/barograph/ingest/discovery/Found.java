package barograph.ingest.discovery;

import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What a discovery has found, one time after the other.
final class Found implements Consumer<List<TargetGroup>> {
  private final LinkedBlockingQueue<List<TargetGroup>> told = new LinkedBlockingQueue<>();

  @Override
  public void accept(List<TargetGroup> groups) {
    told.add(groups);
  }

  /// What was told next: each target's labels with those of its group.
  List<Labels> next() throws InterruptedException {
    List<TargetGroup> groups = told.poll(30, TimeUnit.SECONDS);
    if (groups == null) {
      throw new AssertionError("nothing was found");
    }
    var all = new ArrayList<Labels>();
    for (TargetGroup group : groups) {
      for (Labels target : group.targets()) {
        var labels = group.labels().toBuilder();
        target.toMap().forEach(labels::set);
        all.add(labels.build());
      }
    }
    return all;
  }

  List<String> nextAddresses() throws InterruptedException {
    return next().stream().map(labels -> labels.get("__address__")).toList();
  }

  /// Waits until exactly these addresses are found.
  void until(String... addresses) throws InterruptedException {
    List<String> last;
    do {
      last = nextAddresses();
    } while (!last.equals(List.of(addresses)));
  }

  boolean isEmpty() {
    return told.isEmpty();
  }
}
