package barograph.server.http;

import barograph.server.http.Dispatcher.Decision;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// One client's connection: gathers a request, has it answered, and only then looks at the next.
///
/// Lives on its event loop. What arrives while a request is being answered waits in a queue, and
/// the socket is not read meanwhile. Every wait for the client has an end, which its [Patience]
/// keeps.
final class Connection extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(Connection.class.getName());
  private static final byte[] NO_BODY = new byte[0];

  private final Lanes lanes;
  private final Dispatcher dispatcher;
  private final BodyBudget budget;
  private final Patience patience;
  private final AnswerWriter answers;
  private final ArrayDeque<HttpObject> waiting = new ArrayDeque<>();

  /// The request that is being gathered or answered; null between two.
  private @Nullable Incoming incoming;

  private boolean answering;
  private boolean closing;

  /// Whether the answer that comes next is the last one.
  private boolean ending;

  /// The request's place in the waiting room, while it has one.
  private WaitingRoom.@Nullable Guest guest;

  /// Tells a connection that it ends.
  enum LastAnswer {
    /// Once what has been asked is answered; at once if nothing has.
    THE_ONE_UNDER_WAY
  }

  /// A request whose body is not complete yet.
  private static final class Incoming {
    final HttpRequest head;
    final Decision.Run decision;
    final boolean keepAlive;
    final ClientPresence client = new ClientPresence();
    byte[] body;
    int length;
    long reserved;
    long receivedNanos;

    Incoming(HttpRequest head, Decision.Run decision, byte[] body, long reserved) {
      this.head = head;
      this.decision = decision;
      this.keepAlive = HttpUtil.isKeepAlive(head);
      this.body = body;
      this.reserved = reserved;
    }
  }

  Connection(Lanes lanes, Dispatcher dispatcher, BodyBudget budget, Patience patience) {
    this.lanes = lanes;
    this.dispatcher = dispatcher;
    this.budget = budget;
    this.patience = patience;
    this.answers = new AnswerWriter(dispatcher, patience);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    patience.awaitRequest(context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof LastAnswer)) {
      context.fireUserEventTriggered(event);
      return;
    }
    ending = true;
    if (incoming == null && !answering) {
      closing = true;
      var _ = context.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    // Not before: a request that has come whole in one piece was never waited for.
    awaitClient(context);
  }

  private void awaitClient(ChannelHandlerContext context) {
    if (answering || closing) {
      patience.awaitNothing();
    } else if (incoming != null) {
      patience.awaitBody(context);
    } else {
      patience.awaitRequest(context);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closing || !(message instanceof HttpObject object)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (answering) {
      waiting.add(object);
      context.channel().config().setAutoRead(false);
      return;
    }
    take(context, object);
  }

  private void take(ChannelHandlerContext context, HttpObject object) {
    try {
      if (object.decoderResult().isFailure()) {
        refuse(context, decodingFailure(object.decoderResult().cause()));
      } else if (object instanceof HttpRequest head) {
        begin(context, head);
      }
      if (object instanceof HttpContent content && !closing) {
        gather(context, content);
      }
    } finally {
      ReferenceCountUtil.release(object);
    }
  }

  private static Response decodingFailure(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ -> Response.text(414, "the request line is too long\n");
      case TooLongHttpHeaderException _ -> Response.text(431, "the headers are too long\n");
      default -> Response.text(400, "the request is not HTTP/1.1\n");
    };
  }

  private void begin(ChannelHandlerContext context, HttpRequest head) {
    patience.bodyBegins();
    String uri = head.uri();
    int question = uri.indexOf('?');
    String rawPath = question < 0 ? uri : uri.substring(0, question);
    if (head.protocolVersion().majorVersion() != 1) {
      refuse(context, Response.text(505, "only HTTP/1.0 and HTTP/1.1 are spoken here\n"));
      return;
    }
    switch (dispatcher.decide(head.method().name(), rawPath)) {
      case Decision.Answer(var response) -> answerWithoutBody(context, head, response);
      case Decision.Run run -> beginBody(context, head, run);
    }
  }

  private void beginBody(ChannelHandlerContext context, HttpRequest head, Decision.Run run) {
    long declared = HttpUtil.getContentLength(head, -1L);
    int limit = run.route().maxBodyBytes();
    if (declared > limit) {
      refuse(
          context,
          Response.text(
              413, "the body has %d bytes, at most %d are taken\n".formatted(declared, limit)));
      return;
    }
    boolean chunked = HttpUtil.isTransferEncodingChunked(head);
    long reserve = declared > 0 ? declared : chunked ? 64 << 10 : 0;
    if (!budget.take(reserve)) {
      refuse(context, Dispatcher.busy());
      return;
    }
    byte[] body = reserve == 0 ? NO_BODY : new byte[(int) reserve];
    incoming = new Incoming(head, run, body, reserve);
    if (HttpUtil.is100ContinueExpected(head)) {
      var _ =
          context.writeAndFlush(
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER),
              context.voidPromise());
    }
  }

  private void gather(ChannelHandlerContext context, HttpContent content) {
    var request = incoming;
    if (request == null) {
      return;
    }
    ByteBuf bytes = content.content();
    int more = bytes.readableBytes();
    if (more > 0 && !makeRoom(context, request, more)) {
      return;
    }
    bytes.readBytes(request.body, request.length, more);
    request.length += more;
    if (content instanceof LastHttpContent) {
      run(context, request);
    }
  }

  private boolean makeRoom(ChannelHandlerContext context, Incoming request, int more) {
    long needed = (long) request.length + more;
    if (needed <= request.body.length) {
      return true;
    }
    int limit = request.decision.route().maxBodyBytes();
    if (needed > limit) {
      refuse(
          context,
          Response.text(413, "the body has more than the %d bytes taken\n".formatted(limit)));
      return false;
    }
    int room = (int) Math.min(limit, Math.max(needed, request.body.length * 2L));
    if (!budget.take(room - request.reserved)) {
      refuse(context, Dispatcher.busy());
      return false;
    }
    request.reserved = room;
    request.body = Arrays.copyOf(request.body, room);
    return true;
  }

  private void run(ChannelHandlerContext context, Incoming incoming) {
    answering = true;
    incoming.receivedNanos = System.nanoTime();
    if (!incoming.decision.waits()) {
      handle(context, incoming);
      return;
    }
    var place = new Place(context, incoming);
    switch (dispatcher.waitingRoom().enter(place)) {
      case GO_ON -> handle(context, incoming);
      case WAIT -> guest = place;
      case SEND_AWAY -> send(context, incoming, Dispatcher.busy(), System.nanoTime());
    }
  }

  /// A request that waits until it can be run. Whoever hangs up meanwhile is forgotten.
  private final class Place implements WaitingRoom.Guest {
    private final ChannelHandlerContext context;
    private final Incoming waiting;

    Place(ChannelHandlerContext context, Incoming waiting) {
      this.context = context;
      this.waiting = waiting;
    }

    @Override
    public void goOn() {
      leave(() -> handle(context, waiting));
    }

    @Override
    public void sendAway() {
      leave(() -> send(context, waiting, Dispatcher.busy(), System.nanoTime()));
    }

    private void leave(Runnable then) {
      context
          .executor()
          .execute(() -> {
            if (guest == this) {
              guest = null;
              then.run();
            }
          });
    }
  }

  private void handle(ChannelHandlerContext context, Incoming incoming) {
    long start = System.nanoTime();
    var route = incoming.decision.route();
    if (route.handler() instanceof Handler.Brief brief && lanes.alone()) {
      // Before this has run, what else the loop has read goes to its lane.
      context.executor().execute(lanes::aloneNoMore);
      var response = attempt(brief, requestOf(context, incoming));
      if (response != null) {
        send(context, incoming, response, start);
        return;
      }
    }
    try {
      lanes
          .of(route.lane())
          .execute(() -> {
            Request request = requestOf(context, incoming);
            var _ =
                answer(route.handler(), request)
                    .exceptionally(failure -> failed(request, failure))
                    .thenAccept(response -> {
                      var sent = Compression.apply(response, request.header("accept-encoding"));
                      context.executor().execute(() -> send(context, incoming, sent, start));
                    });
          });
    } catch (RejectedExecutionException e) {
      send(context, incoming, Dispatcher.busy(), start);
    }
  }

  /// The answer of a moment, as it is sent; null if the request has to go to its lane, where it
  /// also fails if it fails here.
  private static @Nullable Response attempt(Handler.Brief brief, Request request) {
    try {
      var response = brief.attempt(request);
      return response == null
          ? null
          : Compression.apply(response, request.header("accept-encoding"));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.log(
          System.Logger.Level.DEBUG,
          () -> "%s %s failed on its event loop".formatted(request.method(), request.path()),
          e);
      return null;
    }
  }

  private static CompletableFuture<Response> answer(Handler handler, Request request) {
    try {
      return handler.handle(request);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Response failed(Request request, Throwable failure) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    LOG.log(
        System.Logger.Level.ERROR,
        () -> "%s %s failed".formatted(request.method(), request.path()),
        cause);
    return Response.text(500, "internal error: %s\n".formatted(cause));
  }

  private static Request requestOf(ChannelHandlerContext context, Incoming incoming) {
    var head = incoming.head;
    String uri = head.uri();
    int question = uri.indexOf('?');
    String rawPath = question < 0 ? uri : uri.substring(0, question);
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (var header : head.headers()) {
      headers
          .computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), absent -> new ArrayList<>(1))
          .add(header.getValue());
    }
    String peer =
        context.channel().remoteAddress() instanceof InetSocketAddress address
            ? address.getHostString()
            : "";
    byte[] body =
        incoming.length == incoming.body.length
            ? incoming.body
            : Arrays.copyOf(incoming.body, incoming.length);
    return new Request(
        head.method().name(),
        incoming.decision.path(),
        rawPath,
        question < 0 ? Parameters.NONE : Parameters.parse(uri.substring(question + 1)),
        headers,
        body,
        peer,
        incoming.client,
        Duration.ofNanos(System.nanoTime() - incoming.receivedNanos));
  }

  /// Answers what no route takes; its body, if one follows, ends the connection.
  private void answerWithoutBody(
      ChannelHandlerContext context, HttpRequest head, Response response) {
    boolean hasBody =
        HttpUtil.getContentLength(head, 0L) > 0 || HttpUtil.isTransferEncodingChunked(head);
    if (hasBody) {
      closing = true;
    }
    answering = true;
    answers.write(context, head, response, HttpUtil.isKeepAlive(head) && !hasBody);
    answering = false;
  }

  /// Answers and closes: the rest of what the client sends cannot be trusted to be a request.
  private void refuse(ChannelHandlerContext context, Response response) {
    closing = true;
    answers.writeLast(context, response);
    dropIncoming();
  }

  private void send(
      ChannelHandlerContext context, Incoming answered, Response response, long startNanos) {
    dispatcher.observe(
        answered.decision.path(),
        response.status(),
        System.nanoTime() - startNanos,
        response.body().remaining());
    boolean keepAlive = answered.keepAlive && !ending;
    answers.write(context, answered.head, response, keepAlive);
    dropIncoming();
    answering = false;
    if (!keepAlive) {
      closing = true;
    }
    while (!answering && !waiting.isEmpty()) {
      var next = waiting.remove();
      if (closing) {
        ReferenceCountUtil.release(next);
      } else {
        take(context, next);
      }
    }
    if (!answering && !closing) {
      awaitClient(context);
      context.channel().config().setAutoRead(true);
    }
  }

  private void dropIncoming() {
    var request = incoming;
    if (request != null) {
      budget.giveBack(request.reserved);
      incoming = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    patience.end();
    closing = true;
    var request = incoming;
    var waits = guest;
    if (waits != null) {
      dispatcher.waitingRoom().leave(waits);
      guest = null;
      answering = false;
    }
    if (!answering) {
      dropIncoming();
    } else if (request != null) {
      request.client.end();
    }
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(System.Logger.Level.WARNING, "connection failed", cause);
    }
    closing = true;
    var _ = context.close();
  }
}
