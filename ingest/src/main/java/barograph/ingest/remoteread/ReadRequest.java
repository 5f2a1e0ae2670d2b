package barograph.ingest.remoteread;

import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `prometheus.ReadRequest`: which samples are wanted, and in which messages.
///
/// @param accepted the numbers of the messages that the asker understands, the dearest first
public record ReadRequest(List<Query> queries, List<Long> accepted) {
  private static final int QUERIES = 1 << 3 | WireReader.BYTES;
  private static final int ACCEPTED = 2 << 3 | WireReader.VARINT;
  private static final int ACCEPTED_PACKED = 2 << 3 | WireReader.BYTES;
  private static final int START = 1 << 3 | WireReader.VARINT;
  private static final int END = 2 << 3 | WireReader.VARINT;
  private static final int MATCHERS = 3 << 3 | WireReader.BYTES;
  private static final int TYPE = 1 << 3 | WireReader.VARINT;
  private static final int NAME = 2 << 3 | WireReader.BYTES;
  private static final int VALUE = 3 << 3 | WireReader.BYTES;

  /// More make no sense, and each is an object.
  private static final int MOST_PARTS = 10_000;

  /// The samples from `startMillis` to `endMillis`, both included, of the series that pass all
  /// matchers; none if the end lies before the start.
  public record Query(long startMillis, long endMillis, List<Matcher> matchers) {
    public Query {
      matchers = List.copyOf(matchers);
    }
  }

  public ReadRequest {
    queries = List.copyOf(queries);
    accepted = List.copyOf(accepted);
  }

  /// Reads the message in the first `length` bytes.
  ///
  /// @throws MalformedMessageException if there is none
  /// @throws IllegalArgumentException if a matcher is none
  public static ReadRequest read(byte[] bytes, int length) throws MalformedMessageException {
    var queries = new ArrayList<Query>();
    var accepted = new ArrayList<Long>();
    var wire = new WireReader(bytes).within(0, length);
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case QUERIES -> {
          requireFew(queries.size(), "queries");
          queries.add(query(bytes, wire));
        }
        case ACCEPTED -> accept(wire.varint(), accepted);
        case ACCEPTED_PACKED -> {
          int outer = wire.enter();
          while (wire.more()) {
            accept(wire.varint(), accepted);
          }
          wire.leave(outer);
        }
        default -> wire.skip(tag);
      }
    }
    return new ReadRequest(queries, accepted);
  }

  private static void accept(long number, List<Long> accepted) throws MalformedMessageException {
    requireFew(accepted.size(), "accepted response types");
    accepted.add(number);
  }

  private static void requireFew(int size, String what) throws MalformedMessageException {
    if (size == MOST_PARTS) {
      throw new MalformedMessageException("more than %d %s".formatted(MOST_PARTS, what));
    }
  }

  private static Query query(byte[] bytes, WireReader wire) throws MalformedMessageException {
    long start = 0;
    long end = 0;
    var matchers = new ArrayList<Matcher>();
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case START -> start = wire.varint();
        case END -> end = wire.varint();
        case MATCHERS -> {
          requireFew(matchers.size(), "matchers");
          matchers.add(matcher(bytes, wire));
        }
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    return new Query(start, end, matchers);
  }

  private static Matcher matcher(byte[] bytes, WireReader wire) throws MalformedMessageException {
    long type = 0;
    String name = "";
    String value = "";
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case TYPE -> type = wire.varint();
        case NAME -> name = text(bytes, wire);
        case VALUE -> value = text(bytes, wire);
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    return new Matcher(type(type), name, value);
  }

  private static String text(byte[] bytes, WireReader wire) throws MalformedMessageException {
    int length = wire.length();
    int from = wire.position();
    wire.skipBytes(length);
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  private static Matcher.Type type(long number) throws MalformedMessageException {
    for (Matcher.Type type : Matcher.Type.values()) {
      if (number(type) == number) {
        return type;
      }
    }
    throw new MalformedMessageException("invalid matcher type %d".formatted(number));
  }

  private static int number(Matcher.Type type) {
    return switch (type) {
      case EQUAL -> 0;
      case NOT_EQUAL -> 1;
      case REGEX -> 2;
      case NOT_REGEX -> 3;
    };
  }

  /// The first of the accepted messages that there is, or null; samples if none in particular is.
  public @Nullable AnswerKind answerKind() {
    return AnswerKind.firstOf(accepted);
  }

  /// The message.
  public byte[] toBytes() {
    var message = new WireWriter();
    var query = new WireWriter();
    var matcher = new WireWriter();
    for (Query each : queries) {
      query.clear().varint(1, each.startMillis).varint(2, each.endMillis);
      for (Matcher condition : each.matchers) {
        matcher.clear().varint(1, number(condition.type()));
        query.field(3, matcher.text(2, condition.name()).text(3, condition.value()));
      }
      message.field(1, query);
    }
    for (long number : accepted) {
      message.varint(2, number);
    }
    return message.copy();
  }
}
