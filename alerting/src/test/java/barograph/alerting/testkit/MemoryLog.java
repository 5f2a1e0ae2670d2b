package barograph.alerting.testkit;

import barograph.alerting.state.Recollection;
import barograph.storage.journal.RecordLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Records in memory, safe at once, which a test may read back as the next process would.
public final class MemoryLog implements RecordLog {
  private List<byte[]> records = new ArrayList<>();

  @Override
  public CompletableFuture<@Nullable Void> append(byte[] record) {
    records.add(record);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<@Nullable Void> rewrite(List<byte[]> all) {
    records = new ArrayList<>(all);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public long bytes() {
    return records.stream().mapToLong(record -> record.length).sum();
  }

  /// What the next process knows.
  public Recollection recollection() {
    var recollection = new Recollection();
    records.forEach(recollection::take);
    return recollection;
  }

  /// The same records, to which the process of before does not add any more.
  public MemoryLog copy() {
    var copy = new MemoryLog();
    copy.records = new ArrayList<>(records);
    return copy;
  }

  @Override
  public void close() {}
}
