package barograph.server.http;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Connections that have answered and may answer again, by where they lead and whom they trust.
///
/// @param <K> what two requests must have in common to use the same connection
final class IdleConnections<K> {
  private static final int MOST_OF_EACH = 16;
  private static final long KEPT_NANOS = Duration.ofMinutes(5).toNanos();

  private final Map<K, Deque<Idle>> idle = new HashMap<>();
  private boolean closed;

  private record Idle(Channel channel, long sinceNanos) {}

  /// The one that answered last, or null.
  @Nullable Channel take(K way) {
    synchronized (idle) {
      var kept = idle.get(way);
      while (kept != null && !kept.isEmpty()) {
        var candidate = kept.removeLast();
        boolean fresh = System.nanoTime() - candidate.sinceNanos() < KEPT_NANOS;
        if (fresh && candidate.channel().isActive()) {
          return candidate.channel();
        }
        var _ = candidate.channel().close();
      }
      return null;
    }
  }

  /// Keeps a connection, or closes it if there are enough.
  void give(K way, Channel channel) {
    synchronized (idle) {
      var kept = idle.computeIfAbsent(way, absent -> new ArrayDeque<>());
      if (!closed && kept.size() < MOST_OF_EACH) {
        kept.addLast(new Idle(channel, System.nanoTime()));
        return;
      }
    }
    var _ = channel.close();
  }

  /// Closes all of them, and all that are given back later.
  void close() {
    synchronized (idle) {
      closed = true;
      for (var kept : idle.values()) {
        for (var one : kept) {
          var _ = one.channel().close();
        }
      }
      idle.clear();
    }
  }
}
