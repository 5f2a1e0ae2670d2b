package barograph.storage.journal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Where a room keeps what it must not forget, record by record: the store's [Journal] in the
/// server, memory in tests.
public interface RecordLog extends AutoCloseable {
  /// Adds a record; done when it is safe, failed if it is not known to be.
  CompletableFuture<@Nullable Void> append(byte[] record);

  /// Puts these records in the place of all there are, in one step.
  CompletableFuture<@Nullable Void> rewrite(List<byte[]> records);

  /// How long the log is.
  long bytes();

  @Override
  void close();
}
