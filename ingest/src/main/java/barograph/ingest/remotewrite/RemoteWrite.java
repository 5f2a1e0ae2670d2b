package barograph.ingest.remotewrite;

import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.unpack.Encoding;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The receiving end of remote write, 1.0 and 2.0.
///
/// Safe for any thread; [#accept] decodes on the calling one and may block while the store is busy.
public final class RemoteWrite {
  private static final String MEDIA_TYPE = "application/x-protobuf";

  private final PushedWrites writes;
  private final RemoteWriteCounters counters = new RemoteWriteCounters();

  /// The messages that are understood, by the name that a content type may give.
  private enum Message {
    V1("prometheus.WriteRequest"),
    V2("io.prometheus.write.v2.Request");

    private final String proto;

    Message(String proto) {
      this.proto = proto;
    }
  }

  public RemoteWrite(PushedWrites writes) {
    this.writes = writes;
  }

  /// What was done so far, for the server's own metrics.
  public RemoteWriteCounters counters() {
    return counters;
  }

  /// The answer that the headers alone call for, or null if the body is worth reading.
  public @Nullable PushAnswer refusal(
      @Nullable String contentType, @Nullable String contentEncoding) {
    String type = mediaType(contentType);
    if (!type.isEmpty() && !type.equalsIgnoreCase(MEDIA_TYPE)) {
      return PushAnswer.nothing(
          415, "content type is \"%s\", expected %s".formatted(type, MEDIA_TYPE));
    }
    if (message(contentType) == null) {
      return PushAnswer.nothing(
          415,
          "protobuf message is %s, expected %s or %s"
              .formatted(proto(contentType), Message.V1.proto, Message.V2.proto));
    }
    if (encoding(contentEncoding) == null) {
      return PushAnswer.nothing(
          415, "content encoding is \"%s\", expected snappy or zstd".formatted(contentEncoding));
    }
    return null;
  }

  /// Whether the body is one of version 2.0, whose sender wants to be told how much was written.
  public boolean countsAreWanted(@Nullable String contentType) {
    return message(contentType) == Message.V2;
  }

  private static String mediaType(@Nullable String contentType) {
    return contentType == null ? "" : contentType.split(";", -1)[0].strip();
  }

  /// What a content type says of the message, empty if nothing.
  private static String proto(@Nullable String contentType) {
    if (contentType != null) {
      for (String parameter : contentType.split(";", -1)) {
        if (parameter.strip().startsWith("proto=")) {
          return parameter.strip().substring("proto=".length());
        }
      }
    }
    return "";
  }

  private static @Nullable Message message(@Nullable String contentType) {
    String proto = proto(contentType);
    if (proto.isEmpty() || proto.equals(Message.V1.proto)) {
      return Message.V1;
    }
    return proto.equals(Message.V2.proto) ? Message.V2 : null;
  }

  /// A body without a word on it is Snappy, as the first version had nothing else.
  private static @Nullable Encoding encoding(@Nullable String contentEncoding) {
    if (contentEncoding == null || contentEncoding.isBlank()) {
      return Encoding.SNAPPY;
    }
    @Nullable Encoding named = Encoding.of(contentEncoding);
    return named == Encoding.SNAPPY || named == Encoding.ZSTD ? named : null;
  }

  /// Stores the samples of one request.
  ///
  /// @param body belongs to the callee until this method returns, not until the answer is there
  /// @return never fails; comes once the samples are durable, as the store promises it
  public CompletableFuture<PushAnswer> accept(
      @Nullable String contentType, @Nullable String contentEncoding, ByteBuffer body) {
    counters.requests.increment();
    @Nullable PushAnswer refusal = refusal(contentType, contentEncoding);
    @Nullable Encoding encoding = encoding(contentEncoding);
    if (refusal != null || encoding == null) {
      counters.badRequests.increment();
      return CompletableFuture.completedFuture(
          refusal == null ? PushAnswer.nothing(415, "unknown content encoding") : refusal);
    }
    boolean symbols = message(contentType) == Message.V2;
    return writes
        .write((plain, series) -> {
          plain.unpack(encoding, body, writes.limits().decodedBytes());
          if (symbols) {
            new SymbolRequest(plain.bytes(), series).read(plain.length());
          } else {
            new WriteRequest(plain.bytes(), series).read(plain.length());
          }
        })
        .thenApply(this::counted);
  }

  private PushAnswer counted(PushAnswer answer) {
    counters.stored.add(answer.stored());
    counters.refused.add(answer.refused());
    if (answer.stored() == 0 && answer.refused() == 0 && answer.status() >= 400) {
      counters.badRequests.increment();
    }
    return answer;
  }
}
