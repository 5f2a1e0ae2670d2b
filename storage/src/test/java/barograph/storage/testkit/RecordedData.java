package barograph.storage.testkit;

import barograph.storage.model.Labels;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Scrapes of real programs, recorded bit for bit: the data that the storage formats are judged by.
public final class RecordedData {
  /// One series as it was recorded.
  public record Series(Labels labels, long[] timestamps, double[] values) {}

  private final InputStream in;

  private RecordedData(InputStream in) {
    this.in = in;
  }

  /// Every series of the recording `file`, which [SharedData] finds as `dataset/main-15s.bgds.zst`
  /// (or `5s`, `1s`).
  public static List<Series> read(Path file) throws IOException {
    try (var in =
        new BufferedInputStream(new ZstdInputStream(Files.newInputStream(file)), 1 << 16)) {
      byte[] magic = in.readNBytes(6);
      if (!new String(magic, StandardCharsets.US_ASCII).equals("BGDS1\n")) {
        throw new IOException("%s is no recording".formatted(file));
      }
      var data = new RecordedData(in);
      var all = new ArrayList<Series>();
      for (int first = in.read(); first >= 0; first = in.read()) {
        all.add(data.series(first));
      }
      return all;
    }
  }

  private Series series(int firstByte) throws IOException {
    int length = (int) varint(firstByte);
    Labels labels = parse(new String(in.readNBytes(length), StandardCharsets.UTF_8));
    int count = (int) varint(next());
    var timestamps = new long[count];
    long time = 0;
    long step = 0;
    for (int i = 0; i < count; i++) {
      long zigzag = varint(next());
      step += (zigzag >>> 1) ^ -(zigzag & 1);
      time += step;
      timestamps[i] = time;
    }
    byte[] planes = in.readNBytes(8 * count);
    var values = new double[count];
    long bits = 0;
    for (int i = 0; i < count; i++) {
      long difference = 0;
      for (int plane = 0; plane < 8; plane++) {
        difference |= (planes[plane * count + i] & 0xffL) << (8 * plane);
      }
      bits ^= difference;
      values[i] = Double.longBitsToDouble(bits);
    }
    return new Series(labels, timestamps, values);
  }

  private int next() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException("the recording is cut short");
    }
    return value;
  }

  private long varint(int firstByte) throws IOException {
    long value = firstByte & 0x7f;
    int shift = 7;
    for (int last = firstByte; last >= 0x80; shift += 7) {
      last = next();
      value |= (long) (last & 0x7f) << shift;
    }
    return value;
  }

  /// Labels as the text format writes them: `name{a="b",c="d"}`.
  private static Labels parse(String text) {
    var labels = new Labels.Builder();
    int brace = text.indexOf('{');
    String metric = brace < 0 ? text : text.substring(0, brace);
    if (!metric.isEmpty()) {
      labels.add(Labels.METRIC_NAME, metric);
    }
    int at = brace + 1;
    while (brace >= 0 && text.charAt(at) != '}') {
      int equals = text.indexOf('=', at);
      String name = text.substring(at, equals);
      var value = new StringBuilder();
      at = equals + 2;
      while (text.charAt(at) != '"') {
        char c = text.charAt(at++);
        if (c == '\\') {
          c = text.charAt(at++);
          value.append(c == 'n' ? '\n' : c);
        } else {
          value.append(c);
        }
      }
      labels.add(name, value.toString());
      at += text.charAt(at + 1) == ',' ? 2 : 1;
    }
    return labels.build();
  }
}
