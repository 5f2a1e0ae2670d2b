package barograph.ingest.remotewrite;

import barograph.ingest.wire.ProtoWriter;

/// Parts of remote write messages, as both versions have them.
final class Messages {
  private Messages() {}

  static ProtoWriter sample(double value, long timestamp) {
    return new ProtoWriter().number(1, value).varint(2, timestamp);
  }

  static ProtoWriter histogram(int schema, long timestamp) {
    return new ProtoWriter()
        .varint(1, 3)
        .number(3, 1.5)
        .zigzag(4, schema)
        .number(5, 0.001)
        .varint(6, 1)
        .message(11, new ProtoWriter().zigzag(1, 0).varint(2, 2))
        .packedZigzag(12, 1, 0)
        .varint(15, timestamp);
  }
}
