package barograph.server.trace;

import barograph.ingest.forward.Post;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/// Sends finished spans to one collector, some hundreds at a time or whatever there is after a
/// second. Spans that come faster than they are taken are dropped, and so are those that the
/// collector does not take: tracing must never hold up what it tells of.
final class Export implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Export.class.getName());
  private static final int MOST_WAITING = 2_048;
  private static final int MOST_AT_ONCE = 512;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final TracingSettings settings;
  private final Post post;
  private final SpansMessage message;
  private final BlockingQueue<Span> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean closing;
  private boolean failing;

  Export(TracingSettings settings, Post post, SpansMessage message) {
    this.settings = settings;
    this.post = post;
    this.message = message;
    this.thread = Thread.ofVirtual().name("trace export").start(this::run);
  }

  TracingSettings settings() {
    return settings;
  }

  void add(Span span) {
    // Dropped if there is no room.
    boolean _ = waiting.offer(span);
  }

  private void run() {
    var batch = new ArrayList<Span>();
    while (!closing || !waiting.isEmpty()) {
      try {
        gather(batch);
      } catch (InterruptedException e) {
        // It is time to send what there is.
        waiting.drainTo(batch, MOST_AT_ONCE - batch.size());
      }
      if (!batch.isEmpty()) {
        send(batch);
        batch.clear();
      }
    }
  }

  private void gather(List<Span> batch) throws InterruptedException {
    long deadline = System.nanoTime() + PAUSE_NANOS;
    while (batch.size() < MOST_AT_ONCE && !closing) {
      var next = waiting.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        return;
      }
      batch.add(next);
    }
    waiting.drainTo(batch, MOST_AT_ONCE - batch.size());
  }

  private void send(List<Span> batch) {
    // Whoever closes this wants what there is to be sent.
    boolean _ = Thread.interrupted();
    try {
      var headers = new HashMap<>(settings.headers());
      headers.put("Content-Type", "application/x-protobuf");
      byte[] body = message.of(batch);
      if (settings.packed()) {
        headers.put("Content-Encoding", "gzip");
        body = gzip(body);
      }
      var answer =
          post.post(
              new Post.Request(
                  settings.collector(), headers, body, settings.timeout(), settings.client()));
      if (answer.status() / 100 != 2) {
        throw new IOException("it answered with status " + answer.status());
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOG.log(
            System.Logger.Level.WARNING,
            "spans are lost, as {0} does not take them: {1}",
            settings.collector().getAuthority(),
            e.getMessage());
      }
    }
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  /// Has what there is sent, and waits for that.
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      boolean _ = thread.join(settings.timeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
