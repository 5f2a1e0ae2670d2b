package barograph.server.http;

import barograph.storage.model.Allowance;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.ProxySettings;
import barograph.storage.outbound.Secret;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Opens connections to others, by proxies and over TLS as their [ClientSettings] say.
final class Connector {
  private static final long MOST_PROXY_BYTES = 1 << 20;

  private final Transport transport;
  private final ClientTls tls = new ClientTls();
  private final ProxyChoice proxies;

  /// How an origin is reached: connections are kept by it, and so never lent to those who trust
  /// others or show another certificate.
  ///
  /// @param tls null for an unencrypted connection
  record Way(Origin origin, @Nullable SslContext tls, String serverName, @Nullable URI proxy) {}

  /// @param environment names the proxies of those who ask for it
  Connector(Transport transport, Map<String, String> environment) {
    this.transport = transport;
    this.proxies = new ProxyChoice(environment);
  }

  /// The way that a request takes.
  Way way(HttpClient.Outgoing request) throws IOException {
    var origin = Origin.of(request.uri());
    var settings = request.settings();
    @Nullable URI proxy = proxies.proxyFor(settings.proxy(), request.uri());
    if (!origin.secure()) {
      return new Way(origin, null, "", proxy);
    }
    @Nullable String named = settings.tls().serverName();
    return new Way(
        origin, tls.context(settings.tls()), named == null ? origin.host() : named, proxy);
  }

  /// Opens a connection that the request of `settings` can be written to.
  Channel connect(Way way, ClientSettings settings, long deadline) throws IOException {
    @Nullable URI proxy = way.proxy();
    if (proxy == null) {
      return connect(way.origin(), new Opening(way), deadline);
    }
    var origin =
        new Origin(false, Origin.bare(proxy.getHost()), proxy.getPort() < 0 ? 80 : proxy.getPort());
    if (way.tls() == null) {
      return connect(origin, new Opening(way), deadline);
    }
    var plain = new Way(origin, null, "", null);
    var channel = connect(origin, new Opening(plain), deadline);
    try {
      tunnel(channel, way, proxy, settings, deadline);
      return channel;
    } catch (IOException e) {
      var _ = channel.close();
      throw e;
    }
  }

  /// Asks the proxy at the other end for a tunnel (RFC 9110, 9.3.6) and speaks TLS through it.
  private static void tunnel(
      Channel channel, Way way, URI proxy, ClientSettings settings, long deadline)
      throws IOException {
    String authority = way.origin().authority();
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, authority);
    request.headers().set(HttpHeaderNames.HOST, authority);
    @Nullable String user = proxy.getUserInfo();
    if (user != null) {
      request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, Identification.basic(user));
    }
    var extra =
        switch (settings.proxy()) {
          case ProxySettings.Direct _ -> Map.<String, List<Secret>>of();
          case ProxySettings.By(_, _, var headers) -> headers;
          case ProxySettings.FromEnvironment(var headers) -> headers;
        };
    Identification.revealed(extra).forEach((name, value) -> request.headers().set(name, value));
    var answer = Exchange.answer(channel, request, MOST_PROXY_BYTES, Allowance.UNLIMITED, deadline);
    if (answer.status() != 200) {
      throw new IOException(
          "proxy %s refused a tunnel: %d %s"
              .formatted(proxy.getHost(), answer.status(), answer.reason()));
    }
    var ready = new CompletableFuture<Boolean>();
    channel
        .eventLoop()
        .execute(() -> {
          channel.pipeline().remove(HttpClientCodec.class);
          channel.pipeline().remove(AnswerReceiver.class);
          new Opening(way).initChannel(channel);
          ready.complete(true);
        });
    Exchange.await(ready, deadline);
  }

  /// What a new connection is given to speak with.
  private static final class Opening extends ChannelInitializer<Channel> {
    private final Way way;

    Opening(Way way) {
      this.way = way;
    }

    @Override
    protected void initChannel(Channel channel) {
      @Nullable SslContext tls = way.tls();
      if (tls != null) {
        channel
            .pipeline()
            .addLast(tls.newHandler(channel.alloc(), way.serverName(), way.origin().port()));
      }
      channel.pipeline().addLast(new HttpClientCodec()).addLast("receiver", new AnswerReceiver());
    }
  }

  private SocketAddress address(Origin origin) throws IOException {
    if (!origin.socket().isEmpty()) {
      return transport.fileAddress(origin.socket());
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(origin.host()), origin.port());
    } catch (UnknownHostException e) {
      throw new IOException("lookup %s: no such host".formatted(origin.host()), e);
    }
  }

  private Channel connect(Origin origin, Opening opening, long deadline) throws IOException {
    var address = address(origin);
    long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    var bootstrap =
        new Bootstrap()
            .group(transport.loops())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(left, 60_000))
            .handler(opening);
    var connect =
        origin.socket().isEmpty()
            ? bootstrap
                .channel(transport.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .connect(address)
            : bootstrap.channel(transport.fileChannel()).connect(address);
    var connected = new CompletableFuture<Channel>();
    connect.addListener(done -> {
      if (done.isSuccess()) {
        connected.complete(connect.channel());
      } else {
        connected.completeExceptionally(done.cause());
      }
    });
    try {
      return Exchange.await(connected, deadline);
    } catch (IOException e) {
      var _ = connect.channel().close();
      throw e;
    }
  }
}
