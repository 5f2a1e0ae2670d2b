package barograph.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How long one client is waited for: for the rest of a head, for a body, for its next request, and
/// to read what it is sent. Who takes longer is hung up on.
///
/// A head's time runs from its first byte, also on a connection that has answered before: half of
/// one must not hold a connection for as long as silence between two requests may. Lives on the
/// connection's event loop.
final class Patience {
  private final HttpLimits limits;
  private final Ticker ticker;
  private final Deadline request = new Deadline();
  private final Deadline reading = new Deadline();

  /// Whether a head has begun and not ended. A new client counts as one that has begun.
  private boolean insideHead = true;

  private long headSinceNanos;
  private long bodySinceNanos;
  private long answeredNanos;
  private int unreadAnswers;
  private boolean ended;

  Patience(HttpLimits limits, Ticker ticker) {
    this.limits = limits;
    this.ticker = ticker;
    headSinceNanos = ticker.nanoTime();
    answeredNanos = headSinceNanos;
  }

  /// The first byte of a head has come.
  void headBegins() {
    if (!insideHead) {
      insideHead = true;
      headSinceNanos = ticker.nanoTime();
    }
  }

  void headEnds() {
    insideHead = false;
  }

  void bodyBegins() {
    bodySinceNanos = ticker.nanoTime();
  }

  /// The client owes the next request, or the rest of its head.
  void awaitRequest(ChannelHandlerContext context) {
    if (insideHead) {
      // Bytes that came while the last request was answered may have been left lying until then.
      boolean begunMeanwhile = headSinceNanos - answeredNanos < 0;
      request.set(context, begunMeanwhile ? answeredNanos : headSinceNanos, limits.headTimeout());
    } else {
      request.set(context, answeredNanos, limits.idleTimeout());
    }
  }

  /// The client owes the rest of a body.
  void awaitBody(ChannelHandlerContext context) {
    request.set(context, bodySinceNanos, limits.requestTimeout());
  }

  /// The client owes no part of a request.
  void awaitNothing() {
    request.clear();
  }

  /// An answer goes out, which the client should read.
  void answers(ChannelHandlerContext context) {
    answeredNanos = ticker.nanoTime();
    if (unreadAnswers++ == 0) {
      reading.set(context, answeredNanos, limits.idleTimeout());
    }
  }

  /// The oldest answer that had not been read has been, or never will be.
  void isRead(ChannelHandlerContext context) {
    if (--unreadAnswers == 0) {
      reading.clear();
    } else {
      reading.set(context, ticker.nanoTime(), limits.idleTimeout());
    }
  }

  /// The connection has ended.
  void end() {
    ended = true;
    request.end();
    reading.end();
  }

  /// A time after which the connection is closed.
  ///
  /// To put it off or call it off leaves the timer alone, which looks when it goes off whether it
  /// is still wanted: a timer set and cancelled for every request costs more than the request's
  /// routing.
  private final class Deadline {
    private boolean set;
    private long atNanos;
    private @Nullable Future<?> timer;
    private long timerNanos;

    void set(ChannelHandlerContext context, long sinceNanos, Duration time) {
      if (ended) {
        return;
      }
      set = true;
      atNanos = sinceNanos + time.toNanos();
      var running = timer;
      if (running == null) {
        startTimer(context);
      } else if (atNanos - timerNanos < 0) {
        running.cancel(false);
        startTimer(context);
      }
    }

    void clear() {
      set = false;
    }

    void end() {
      set = false;
      var running = timer;
      if (running != null) {
        running.cancel(false);
        timer = null;
      }
    }

    private void startTimer(ChannelHandlerContext context) {
      timerNanos = atNanos;
      timer =
          context
              .executor()
              .schedule(() -> goOff(context), atNanos - ticker.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void goOff(ChannelHandlerContext context) {
      timer = null;
      if (!set) {
        return;
      }
      if (atNanos - ticker.nanoTime() > 0) {
        startTimer(context);
      } else {
        var _ = context.close();
      }
    }
  }
}
