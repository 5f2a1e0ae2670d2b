package barograph.server.catalog;

import barograph.server.usage.MetricUsage.Use;
import barograph.storage.model.MetricMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What is known of one metric.
///
/// As bytes: the type's number in one, how often it was asked for and when last in eight each, the
/// unit's length in two, the unit, and to the end the help text.
///
/// @param metadata of type [MetricMetadata.Type#UNKNOWN] and empty if nothing was told
public record MetricRow(MetricMetadata metadata, Use use) {
  static final MetricMetadata UNTOLD = new MetricMetadata(MetricMetadata.Type.UNKNOWN, "", "");

  private static final int FIXED_BYTES = 1 + 2 * Long.BYTES + Short.BYTES;

  MetricRow plus(Use more) {
    return more.queries() == 0 ? this : new MetricRow(metadata, use.plus(more));
  }

  byte[] bytes() {
    byte[] help = metadata.help().getBytes(StandardCharsets.UTF_8);
    byte[] unit = metadata.unit().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(FIXED_BYTES + unit.length + help.length)
        .put((byte) metadata.type().number())
        .putLong(use.queries())
        .putLong(use.lastMillis())
        .putShort((short) unit.length)
        .put(unit)
        .put(help)
        .array();
  }

  static MetricRow of(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    var type = MetricMetadata.Type.of(in.get());
    var use = new Use(in.getLong(), in.getLong());
    byte[] unit = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(unit);
    String help = StandardCharsets.UTF_8.decode(in).toString();
    return new MetricRow(
        new MetricMetadata(type, help, new String(unit, StandardCharsets.UTF_8)), use);
  }
}
