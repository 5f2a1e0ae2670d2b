package barograph.alerting.state;

import barograph.storage.journal.RecordLog;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes facts down: noted as they happen, written together, and now and then replaced by a short
/// account of all that still matters.
///
/// Guarded by whoever holds it. If the log fails, people are told of alerts nevertheless: a message
/// that comes twice after the next restart is better than one that does not come.
public final class Ledger implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Ledger.class.getName());

  /// A log shorter than this is not worth an account.
  private static final long LEAST_BYTES = 4 << 20;

  /// Facts that take more than this are cut into several records, as the log takes none of any
  /// size.
  private static final int RECORD_BYTES = 1 << 20;

  private final RecordLog log;
  private final Supplier<List<Fact>> account;
  private List<Fact> noted = new ArrayList<>();
  private CompletableFuture<@Nullable Void> written = CompletableFuture.completedFuture(null);
  private long accountBytes;
  private volatile boolean failing;
  private boolean closed;

  /// @param account gives all facts that still matter
  public Ledger(RecordLog log, Supplier<List<Fact>> account) {
    this.log = log;
    this.account = account;
  }

  /// Remembers a fact until [#write].
  public void note(Fact fact) {
    noted.add(fact);
  }

  /// Hands what was noted to the log.
  public void write(Instant now) {
    if (noted.isEmpty() || closed) {
      return;
    }
    if (log.bytes() > LEAST_BYTES + 2 * accountBytes) {
      replace(now);
      return;
    }
    var facts = noted;
    noted = new ArrayList<>();
    append(now, facts);
  }

  /// Says that the process is alive, so that after a stop it is known for how long it was not.
  public void sign(Instant now) {
    append(now, List.of());
  }

  /// Writes an account of everything, which takes the place of all that was written.
  public void replace(Instant now) {
    noted.clear();
    var records = new ArrayList<byte[]>();
    encode(now, account.get(), records);
    accountBytes = records.stream().mapToLong(record -> record.length).sum();
    follow(log.rewrite(records));
  }

  private void append(Instant now, List<Fact> facts) {
    var records = new ArrayList<byte[]>();
    encode(now, facts, records);
    records.forEach(record -> follow(log.append(record)));
  }

  private static void encode(Instant now, List<Fact> facts, List<byte[]> into) {
    byte[] record = FactCodec.encode(new FactCodec.Entry(now, facts));
    if (record.length <= RECORD_BYTES || facts.size() == 1) {
      into.add(record);
      return;
    }
    int half = facts.size() / 2;
    encode(now, facts.subList(0, half), into);
    encode(now, facts.subList(half, facts.size()), into);
  }

  /// The log writes in order: what was handed to it before is done when this is.
  private void follow(CompletableFuture<@Nullable Void> next) {
    written = next.whenComplete((_, problem) -> report(problem));
  }

  /// Done when all that was handed to the log is safe; failed if it is not known to be.
  public CompletableFuture<@Nullable Void> safe() {
    return written;
  }

  private void report(@Nullable Throwable problem) {
    if (problem != null && !failing) {
      LOG.log(
          Level.ERROR,
          "alerting's state cannot be written; after a restart people may be told twice",
          problem);
    }
    failing = problem != null;
  }

  @Override
  public void close() {
    closed = true;
    log.close();
  }
}
