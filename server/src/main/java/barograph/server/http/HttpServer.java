package barograph.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// Listens on one address and answers HTTP/1.1 by a [Router].
public final class HttpServer implements AutoCloseable {
  private static final int LINE_BYTES = 64 << 10;
  private static final int HEADER_BYTES = 64 << 10;

  /// How long requests that are being answered when the server ends have for it.
  private static final int LAST_ANSWERS_SECONDS = 2;

  private final Channel listener;
  private final ChannelGroup connections;

  private HttpServer(Channel listener, ChannelGroup connections) {
    this.listener = listener;
    this.connections = connections;
  }

  /// Binds `address` and serves until closed.
  ///
  /// @throws IOException if the address is taken or not this machine's
  public static HttpServer start(
      Transport transport,
      InetSocketAddress address,
      Lanes lanes,
      Dispatcher dispatcher,
      HttpLimits limits)
      throws IOException {
    var connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    var budget = new BodyBudget(limits.bodyBudgetBytes());
    var config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LINE_BYTES)
            .setMaxHeaderSize(HEADER_BYTES)
            .setMaxChunkSize(64 << 10);
    var bind =
        new ServerBootstrap()
            .group(transport.loops())
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, 1_024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    if (connections.size() >= limits.maxConnections()) {
                      var _ = channel.close();
                      return;
                    }
                    connections.add(channel);
                    var patience = new Patience(limits, Ticker.systemTicker());
                    channel
                        .pipeline()
                        .addLast(new StrictRequestDecoder(config, patience))
                        .addLast(new HttpResponseEncoder())
                        .addLast(new Connection(lanes, dispatcher, budget, patience));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bind.isSuccess()) {
      throw new IOException(
          "cannot listen on %s: %s".formatted(address, bind.cause().getMessage()), bind.cause());
    }
    return new HttpServer(bind.channel(), connections);
  }

  /// The port listened on, also when it was chosen by the system.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// Takes no more connections, closes those that are silent, and the others once they have the
  /// answer that is being made: who is cut off instead does not know whether a write was stored.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    connections.forEach(
        each -> each.pipeline().fireUserEventTriggered(Connection.LastAnswer.THE_ONE_UNDER_WAY));
    connections.newCloseFuture().awaitUninterruptibly(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS);
    connections.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
