package barograph.alerting.state;

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

  /// Facts in one record of an account, so that none grows beyond what the log takes.
  private static final int FACTS_PER_RECORD = 1_000;

  private final StateLog log;
  private final Supplier<List<Fact>> account;
  private List<Fact> noted = new ArrayList<>();
  private CompletableFuture<@Nullable Void> written = CompletableFuture.completedFuture(null);
  private long accountBytes;
  private volatile boolean failing;
  private boolean closed;

  /// @param account gives all facts that still matter
  public Ledger(StateLog log, Supplier<List<Fact>> account) {
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
    append(new FactCodec.Entry(now, facts));
  }

  /// Says that the process is alive, so that after a stop it is known for how long it was not.
  public void sign(Instant now) {
    append(new FactCodec.Entry(now, List.of()));
  }

  /// Writes an account of everything, which takes the place of all that was written.
  public void replace(Instant now) {
    noted.clear();
    var records = new ArrayList<byte[]>();
    var all = account.get();
    for (int from = 0; from == 0 || from < all.size(); from += FACTS_PER_RECORD) {
      var part = all.subList(from, Math.min(all.size(), from + FACTS_PER_RECORD));
      records.add(FactCodec.encode(new FactCodec.Entry(now, part)));
    }
    accountBytes = records.stream().mapToLong(record -> record.length).sum();
    follow(log.rewrite(records));
  }

  private void append(FactCodec.Entry entry) {
    follow(log.append(FactCodec.encode(entry)));
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
