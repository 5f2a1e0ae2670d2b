package barograph.ingest.gateway;

import barograph.ingest.gateway.Group.Kept;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// A group, or its end, as a record of the journal: a protocol-buffer message.
///
/// `docs/format/pushed-groups.md` draws it.
sealed interface GroupRecord {
  /// The group as it is from now on.
  record Present(Group group) implements GroupRecord {}

  /// No group from now on.
  record Gone(GroupingKey key) implements GroupRecord {}

  default byte[] toBytes() {
    var message = new MessageBytes();
    switch (this) {
      case Present(var group) -> {
        labels(message, group.labels());
        message.put(2, group.ttl().toMillis());
        group.families().values().forEach(kept -> message.put(3, kept(kept)));
      }
      case Gone(var key) -> labels(message, key.labels());
    }
    return message.toBytes();
  }

  private static void labels(MessageBytes message, Map<String, String> labels) {
    labels.forEach((name, value) -> message.put(1, new MessageBytes().put(1, name).put(2, value)));
  }

  private static MessageBytes kept(Kept kept) {
    Instant at = kept.at();
    return new MessageBytes()
        .put(1, at.getEpochSecond())
        .put(2, at.getNano())
        .put(3, kept.family().toBytes());
  }

  /// Reads a record; one without families is a group's end.
  static GroupRecord read(byte[] record) throws MalformedMessageException {
    var wire = new WireReader(record).within(0, record.length);
    var labels = new TreeMap<String, String>();
    var families = new TreeMap<String, Kept>();
    long ttlMillis = 0;
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case 1 << 3 | WireReader.BYTES -> {
          int outer = wire.enter();
          wire.tag();
          String name = Family.text(wire, record);
          wire.tag();
          labels.put(name, Family.text(wire, record));
          wire.leave(outer);
        }
        case 2 << 3 | WireReader.VARINT -> ttlMillis = wire.varint();
        case 3 << 3 | WireReader.BYTES -> {
          int outer = wire.enter();
          var kept = readKept(wire, record);
          families.put(kept.family().name(), kept);
          wire.leave(outer);
        }
        default -> wire.skip(tag);
      }
    }
    return families.isEmpty()
        ? new Gone(new GroupingKey(labels))
        : new Present(new Group(labels, Duration.ofMillis(ttlMillis), families));
  }

  private static Kept readKept(WireReader wire, byte[] record) throws MalformedMessageException {
    wire.tag();
    long seconds = wire.varint();
    wire.tag();
    long nanos = wire.varint();
    wire.tag();
    int length = wire.length();
    int from = wire.position();
    wire.skipBytes(length);
    return new Kept(
        Family.read(record, from, from + length), Instant.ofEpochSecond(seconds, nanos));
  }
}
