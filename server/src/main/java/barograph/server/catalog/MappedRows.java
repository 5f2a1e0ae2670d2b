package barograph.server.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.openhft.chronicle.map.ChronicleMap;
import org.jspecify.annotations.Nullable;

/// Rows by metric in a Chronicle Map: the one class that knows the library.
///
/// The file has room for a fixed number of rows and grows no more; its pages are taken as they are
/// written. Used by one thread alone. Nothing that it throws is expected: whoever uses it gives it
/// up then.
final class MappedRows implements AutoCloseable {
  /// Most bytes of a row; the library would refuse one of more than 64 of its chunks.
  static final int MOST_ROW_BYTES = 1 << 10;

  private static final int MOST_NAME_BYTES = 1 << 8;
  private static final int USUAL_NAME_BYTES = 40;
  private static final int USUAL_ROW_BYTES = 100;

  private final ChronicleMap<byte[], byte[]> rows;

  private MappedRows(ChronicleMap<byte[], byte[]> rows) {
    this.rows = rows;
  }

  /// Opens what was closed in order, or makes a new file.
  static MappedRows open(Path file, int mostRows) throws IOException {
    return new MappedRows(
        ChronicleMap.of(byte[].class, byte[].class)
            .name("metrics")
            .entries(mostRows)
            .averageKeySize(USUAL_NAME_BYTES)
            .averageValueSize(USUAL_ROW_BYTES)
            .actualSegments(1)
            // Its own hook would close it beside the server's, before the last rows are written.
            .skipCloseOnExitHook(true)
            .createPersistedTo(file.toFile()));
  }

  @Nullable MetricRow get(String metric) {
    byte @Nullable [] row = rows.get(key(metric));
    return row == null ? null : MetricRow.of(row);
  }

  /// Keeps a row, or forgets the metric if it is too long for one.
  void put(String metric, MetricRow row) {
    byte[] key = key(metric);
    byte[] bytes = row.bytes();
    if (key.length > MOST_NAME_BYTES || bytes.length > MOST_ROW_BYTES) {
      rows.remove(key);
    } else if (!Arrays.equals(bytes, rows.get(key))) {
      rows.put(key, bytes);
    }
  }

  void remove(String metric) {
    rows.remove(key(metric));
  }

  List<String> metrics() {
    var metrics = new ArrayList<String>();
    for (byte[] key : rows.keySet()) {
      metrics.add(new String(key, StandardCharsets.UTF_8));
    }
    return metrics;
  }

  @Override
  public void close() {
    rows.close();
  }

  private static byte[] key(String metric) {
    return metric.getBytes(StandardCharsets.UTF_8);
  }
}
