package barograph.alerting.state;

import barograph.alerting.alert.Alert;
import barograph.alerting.silence.Silence;
import barograph.alerting.state.Fact.AlertKnown;
import barograph.alerting.state.Fact.AlertRenewed;
import barograph.alerting.state.Fact.GroupDue;
import barograph.alerting.state.Fact.Place;
import barograph.alerting.state.Fact.SilenceKept;
import barograph.alerting.state.Fact.Told;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Facts to bytes and back, as `docs/format/alerting-state.md` draws them.
final class FactCodec {
  private static final int VERSION = 1;
  private static final int ALERT_KNOWN = 1;
  private static final int ALERT_RENEWED = 2;
  private static final int TOLD = 3;
  private static final int GROUP_DUE = 4;
  private static final int SILENCE_KEPT = 5;

  private FactCodec() {}

  /// One record: facts that became true together.
  ///
  /// @param at when it was written, which also says that the process lived then
  record Entry(Instant at, List<Fact> facts) {}

  static byte[] encode(Entry entry) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      put(out, entry.at());
      for (var fact : entry.facts()) {
        put(out, fact);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /// @throws IllegalArgumentException if the bytes are no such record
  static Entry decode(byte[] record) {
    try (var in = new DataInputStream(new ByteArrayInputStream(record))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "record of alerting's state has version %d, expected %d".formatted(version, VERSION));
      }
      var at = instant(in);
      var facts = new ArrayList<Fact>();
      while (in.available() > 0) {
        facts.add(fact(in));
      }
      return new Entry(at, facts);
    } catch (IOException | DateTimeException e) {
      throw new IllegalArgumentException(
          "record of alerting's state, %d bytes, is cut short or garbled".formatted(record.length),
          e);
    }
  }

  private static void put(DataOutputStream out, Fact fact) throws IOException {
    switch (fact) {
      case AlertKnown(var alert, var updatedAt, boolean endAssumed, boolean ownRule) -> {
        out.writeByte(ALERT_KNOWN);
        put(out, alert.labels().toMap());
        put(out, alert.annotations());
        put(out, alert.startsAt());
        put(out, alert.endsAt());
        put(out, alert.generatorUrl());
        put(out, updatedAt);
        out.writeBoolean(endAssumed);
        out.writeBoolean(ownRule);
      }
      case AlertRenewed(long alert, var endsAt, var updatedAt) -> {
        out.writeByte(ALERT_RENEWED);
        out.writeLong(alert);
        put(out, endsAt);
        put(out, updatedAt);
      }
      case Told(var place, var at, var firing, var resolved, var expiresAt, var memory) -> {
        out.writeByte(TOLD);
        put(out, place.groupKey());
        put(out, place.receiver());
        put(out, place.kind());
        out.writeInt(place.integration());
        put(out, at);
        put(out, firing);
        put(out, resolved);
        put(out, expiresAt);
        put(out, memory);
      }
      case GroupDue(var groupKey, var receiver, var at, boolean flushed) -> {
        out.writeByte(GROUP_DUE);
        put(out, groupKey);
        put(out, receiver);
        put(out, at);
        out.writeBoolean(flushed);
      }
      case SilenceKept(var silence) -> {
        out.writeByte(SILENCE_KEPT);
        put(out, silence);
      }
    }
  }

  private static Fact fact(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case ALERT_KNOWN -> {
        var alert = new Alert(labels(in), map(in), instant(in), instant(in), string(in));
        yield new AlertKnown(alert, instant(in), in.readBoolean(), in.readBoolean());
      }
      case ALERT_RENEWED -> new AlertRenewed(in.readLong(), instant(in), instant(in));
      case TOLD -> {
        var place = new Place(string(in), string(in), string(in), in.readInt());
        yield new Told(place, instant(in), ids(in), ids(in), instant(in), map(in));
      }
      case GROUP_DUE -> new GroupDue(string(in), string(in), instant(in), in.readBoolean());
      case SILENCE_KEPT -> new SilenceKept(silence(in));
      default ->
          throw new IllegalArgumentException(
              "fact of alerting's state is of kind %d, expected 1 to 5".formatted(kind));
    };
  }

  private static void put(DataOutputStream out, Silence silence) throws IOException {
    put(out, silence.id());
    out.writeInt(silence.matchers().size());
    for (var matcher : silence.matchers()) {
      out.writeByte(number(matcher.type()));
      put(out, matcher.name());
      put(out, matcher.value());
    }
    put(out, silence.startsAt());
    put(out, silence.endsAt());
    put(out, silence.updatedAt());
    put(out, silence.createdBy());
    put(out, silence.comment());
    put(out, silence.annotations());
  }

  private static Silence silence(DataInputStream in) throws IOException {
    var id = string(in);
    int count = count(in, 1 + 2 * Integer.BYTES);
    var matchers = new ArrayList<Matcher>();
    for (int i = 0; i < count; i++) {
      matchers.add(new Matcher(type(in.readUnsignedByte()), string(in), string(in)));
    }
    return new Silence(
        id, matchers, instant(in), instant(in), instant(in), string(in), string(in), map(in));
  }

  private static int number(Matcher.Type type) {
    return switch (type) {
      case EQUAL -> 0;
      case NOT_EQUAL -> 1;
      case REGEX -> 2;
      case NOT_REGEX -> 3;
    };
  }

  private static Matcher.Type type(int number) {
    return switch (number) {
      case 0 -> Matcher.Type.EQUAL;
      case 1 -> Matcher.Type.NOT_EQUAL;
      case 2 -> Matcher.Type.REGEX;
      case 3 -> Matcher.Type.NOT_REGEX;
      default ->
          throw new IllegalArgumentException(
              "matcher is of kind %d, expected 0 to 3".formatted(number));
    };
  }

  private static void put(DataOutputStream out, Instant time) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  private static Instant instant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  private static void put(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String string(DataInputStream in) throws IOException {
    byte[] bytes = new byte[count(in, 1)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void put(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (var entry : map.entrySet()) {
      put(out, entry.getKey());
      put(out, entry.getValue());
    }
  }

  private static Map<String, String> map(DataInputStream in) throws IOException {
    int count = count(in, 2 * Integer.BYTES);
    var map = new TreeMap<String, String>();
    for (int i = 0; i < count; i++) {
      map.put(string(in), string(in));
    }
    return map;
  }

  private static Labels labels(DataInputStream in) throws IOException {
    return Labels.of(map(in));
  }

  private static void put(DataOutputStream out, Set<Long> ids) throws IOException {
    out.writeInt(ids.size());
    for (long id : ids) {
      out.writeLong(id);
    }
  }

  private static Set<Long> ids(DataInputStream in) throws IOException {
    int count = count(in, Long.BYTES);
    var ids = new HashSet<Long>();
    for (int i = 0; i < count; i++) {
      ids.add(in.readLong());
    }
    return ids;
  }

  /// A count of things of at least `leastBytes` each, which must fit into what is left.
  private static int count(DataInputStream in, int leastBytes) throws IOException {
    int count = in.readInt();
    if (count < 0 || (long) count * leastBytes > in.available()) {
      throw new IllegalArgumentException(
          "count of %d in %d bytes of alerting's state".formatted(count, in.available()));
    }
    return count;
  }
}
