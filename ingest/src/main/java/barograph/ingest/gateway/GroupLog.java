package barograph.ingest.gateway;

import barograph.storage.journal.Journal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Where groups are kept: the store's [Journal] in the server.
public interface GroupLog extends AutoCloseable {

  /// Adds a record; done when it is safe, failed if it is not known to be.
  CompletableFuture<@Nullable Void> append(byte[] record);

  /// Puts these records in the place of all there are, in one step.
  CompletableFuture<@Nullable Void> rewrite(List<byte[]> records);

  /// How long the log is.
  long bytes();

  @Override
  void close();

  /// The log that `journal` keeps.
  static GroupLog in(Journal journal) {
    return new GroupLog() {
      @Override
      public CompletableFuture<@Nullable Void> append(byte[] record) {
        return journal.append(record);
      }

      @Override
      public CompletableFuture<@Nullable Void> rewrite(List<byte[]> records) {
        return journal.rewrite(records);
      }

      @Override
      public long bytes() {
        return journal.bytes();
      }

      @Override
      public void close() {
        journal.close();
      }
    };
  }
}
