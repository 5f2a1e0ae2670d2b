package barograph.ingest.gateway;

import barograph.ingest.unpack.Encoding;
import barograph.ingest.unpack.PlainBody;
import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.journal.RecordLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes in what batch jobs push before they end, and keeps it by group.
///
/// Whatever was acknowledged is in the log and there again after a restart. Any thread may call it.
public final class PushGateway implements AutoCloseable {
  /// Most bytes of all groups together: what a page may have.
  private static final long MOST_BYTES = 48L << 20;

  private static final int MOST_BODY_BYTES = 12 << 20;
  private static final long LEAST_REWRITE_BYTES = 1 << 20;
  private static final Logger LOG = System.getLogger(PushGateway.class.getName());

  private final RecordLog log;
  private final InstantSource clock;
  private final Duration usualTtl;
  private final ReentrantLock lock = new ReentrantLock();

  // Under the lock.
  private final Map<GroupingKey, Stored> groups = new TreeMap<>();
  private long bytes;
  private Runnable user = () -> {};

  /// A group and how many bytes its record has.
  private record Stored(Group group, int bytes) {}

  /// What the sender of a push is told.
  ///
  /// @param status 200 if it is kept, 202 for a deletion, 400 if it never will be, 503 if trying
  ///   again may help
  /// @param message plain text, empty if all is well
  public record Answer(int status, String message) {}

  /// What is pushed.
  ///
  /// @param path where to, from `job` on: decoded
  /// @param replace whether families of the group that are not pushed go
  /// @param ttl how long the group is kept without another push, zero for ever; null for the usual
  public record Push(
      String path,
      boolean replace,
      String contentType,
      String contentEncoding,
      ByteBuffer body,
      @Nullable Duration ttl) {}

  /// Groups on their way from a log that is being opened to the gateway.
  public static final class Recollection {
    private final Map<GroupingKey, Group> groups = new TreeMap<>();

    /// Takes in one record of the log, in order. One that makes no sense is passed over: the log
    /// has checked its bytes.
    public void take(byte[] record) {
      try {
        switch (GroupRecord.read(record)) {
          case GroupRecord.Present(var group) -> groups.put(group.key(), group);
          case GroupRecord.Gone(var key) -> groups.remove(key);
        }
      } catch (MalformedMessageException e) {
        LOG.log(Level.WARNING, "a pushed group in the journal cannot be read: {0}", e.getMessage());
      }
    }
  }

  /// @param usualTtl how long groups are kept whose pushes say nothing of it; zero for ever
  public PushGateway(
      RecordLog log, Recollection recollection, InstantSource clock, Duration usualTtl) {
    this.log = log;
    this.clock = clock;
    this.usualTtl = usualTtl;
    recollection.groups.values().forEach(group -> put(group, record(group).length));
  }

  /// Runs `task` once there is a group, which may be now.
  public void whenUsed(Runnable task) {
    lock.lock();
    try {
      user = task;
      if (!groups.isEmpty()) {
        task.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes a push; the answer comes once it is safe.
  public CompletableFuture<Answer> push(Push push) {
    GroupingKey key;
    List<Family> families;
    try {
      key = GroupingKey.parse(push.path());
      families = families(push);
    } catch (BadPushException e) {
      return CompletableFuture.completedFuture(new Answer(400, message(e)));
    }
    Instant now = clock.instant();
    lock.lock();
    try {
      expire(now);
      @Nullable Stored before = groups.get(key);
      Group old = before == null ? Group.empty(key) : before.group();
      Duration ttl = push.ttl() == null ? usualTtl : push.ttl();
      try {
        Group changed = old.pushed(families, push.replace(), ttl, now);
        Consistency.check(changed, groups.values().stream().map(Stored::group).toList());
        byte[] record = record(changed);
        long others = bytes - (before == null ? 0 : before.bytes());
        if (record.length > MOST_BODY_BYTES || others + record.length > MOST_BYTES) {
          throw new BadPushException(
              "the group has %d bytes and all together would have %d, expected at most %d and %d"
                  .formatted(record.length, others + record.length, MOST_BODY_BYTES, MOST_BYTES));
        }
        put(changed, record.length);
        return answered(log.append(record), new Answer(200, ""));
      } catch (BadPushException e) {
        Group failed = old.failed(now);
        byte[] record = record(failed);
        put(failed, record.length);
        String words =
            "pushed metrics are invalid or inconsistent with existing metrics: " + message(e);
        return answered(log.append(record), new Answer(400, words));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Forgets the group at `path`, if there is one; the answer comes once that is safe.
  public CompletableFuture<Answer> delete(String path) {
    GroupingKey key;
    try {
      key = GroupingKey.parse(path);
    } catch (BadPushException e) {
      return CompletableFuture.completedFuture(new Answer(400, message(e)));
    }
    lock.lock();
    try {
      return answered(remove(key), new Answer(202, ""));
    } finally {
      lock.unlock();
    }
  }

  /// Forgets every group; the answer comes once that is safe.
  public CompletableFuture<Answer> wipe() {
    lock.lock();
    try {
      groups.clear();
      bytes = 0;
      return answered(log.rewrite(List.of()), new Answer(202, ""));
    } finally {
      lock.unlock();
    }
  }

  /// The groups as they stand, by key.
  public List<Group> groups() {
    lock.lock();
    try {
      expire(clock.instant());
      return groups.values().stream().map(Stored::group).toList();
    } finally {
      lock.unlock();
    }
  }

  /// All groups as a page of delimited messages.
  byte[] page() {
    var page = new MessageBytes();
    for (Group group : groups()) {
      group.messages().forEach(page::putDelimited);
    }
    return page.toBytes();
  }

  private static List<Family> families(Push push) throws BadPushException {
    @Nullable Encoding encoding = Encoding.of(push.contentEncoding());
    var plain = new PlainBody();
    try {
      // What is packed in an unknown way is read as it is, and then refused with a reason.
      plain.unpack(encoding == null ? Encoding.IDENTITY : encoding, push.body(), MOST_BODY_BYTES);
    } catch (UnpackException e) {
      throw new BadPushException(String.valueOf(e.getMessage()));
    }
    return isProtobuf(push.contentType())
        ? messages(plain.bytes(), plain.length())
        : TextFamilies.read(plain.bytes(), plain.length());
  }

  private static boolean isProtobuf(String contentType) {
    String plain = contentType.toLowerCase(Locale.ROOT).replaceAll("[\\s\"]", "");
    return plain.startsWith("application/vnd.google.protobuf;")
        && plain.contains("encoding=delimited")
        && plain.contains("proto=io.prometheus.client.metricfamily");
  }

  private static List<Family> messages(byte[] bytes, int length) throws BadPushException {
    var families = new LinkedHashMap<String, Family>();
    var wire = new WireReader(bytes).within(0, length);
    try {
      while (wire.more()) {
        int size = wire.length();
        int from = wire.position();
        var family = Family.read(bytes, from, from + size);
        families.put(family.name(), family);
        wire.within(from + size, length);
      }
    } catch (MalformedMessageException e) {
      throw new BadPushException("proto: MetricFamily: " + e.getMessage());
    }
    return new ArrayList<>(families.values());
  }

  private void put(Group group, int size) {
    @Nullable Stored before = groups.put(group.key(), new Stored(group, size));
    bytes += size - (before == null ? 0 : before.bytes());
    if (groups.size() == 1 && before == null) {
      user.run();
    }
  }

  private CompletableFuture<@Nullable Void> remove(GroupingKey key) {
    @Nullable Stored before = groups.remove(key);
    if (before == null) {
      return CompletableFuture.completedFuture(null);
    }
    bytes -= before.bytes();
    return log.append(new GroupRecord.Gone(key).toBytes());
  }

  private void expire(Instant now) {
    var over =
        groups.values().stream().map(Stored::group).filter(group -> group.isOver(now)).toList();
    for (Group group : over) {
      // If this record is lost, the group is over at the next start as well.
      var _ = remove(group.key());
    }
  }

  /// The answer when the log has what it is about; and the log is made short again if it holds much
  /// that has been replaced.
  private CompletableFuture<Answer> answered(
      CompletableFuture<@Nullable Void> safe, Answer answer) {
    if (log.bytes() > Math.max(LEAST_REWRITE_BYTES, 4 * bytes)) {
      var _ = log.rewrite(groups.values().stream().map(stored -> record(stored.group())).toList());
    }
    return safe.handle((done, failure) ->
        failure == null
            ? answer
            : new Answer(503, "the push is not safe on disk: " + failure.getMessage()));
  }

  private static byte[] record(Group group) {
    return new GroupRecord.Present(group).toBytes();
  }

  private static String message(BadPushException e) {
    return String.valueOf(e.getMessage());
  }

  @Override
  public void close() {
    log.close();
  }
}
