package barograph.server.http;

import barograph.server.http.AnswerReceiver.ConnectionLostException;
import barograph.server.http.AnswerReceiver.Received;
import barograph.storage.model.Allowance;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One request and its answer on a connection of the client, waited for by the thread that asks.
final class Exchange {
  private Exchange() {}

  /// Sends a request and waits for its answer, of whatever status.
  static Received answer(
      Channel channel,
      DefaultFullHttpRequest request,
      long maxBodyBytes,
      Allowance memory,
      long deadline)
      throws IOException {
    var pending = new CompletableFuture<Received>();
    var receiver = channel.pipeline().get(AnswerReceiver.class);
    channel.eventLoop().execute(() -> receiver.expect(pending, maxBodyBytes, memory));
    write(channel, request, pending);
    return await(pending, deadline);
  }

  /// Sends a request whose answer completes `pending`; so does a failure to send it.
  static void write(
      Channel channel, DefaultFullHttpRequest request, CompletableFuture<Received> pending) {
    var _ =
        channel
            .writeAndFlush(request)
            .addListener(done -> {
              if (!done.isSuccess()) {
                pending.completeExceptionally(new ConnectionLostException(done.cause()));
              }
            });
  }

  /// Waits until `deadline`, a time of [System#nanoTime].
  ///
  /// @throws SocketTimeoutException when it passes
  /// @throws IOException with what failed
  static <T> T await(CompletableFuture<T> future, long deadline) throws IOException {
    try {
      return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      var timeout = new SocketTimeoutException("context deadline exceeded");
      timeout.initCause(e);
      throw timeout;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof IOException io) {
        throw io;
      }
      throw new IOException(cause.getMessage(), cause);
    }
  }
}
