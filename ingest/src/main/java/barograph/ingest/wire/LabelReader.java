package barograph.ingest.wire;

import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads labels as the messages of remote write 1.0 and remote read have them. Reused; one thread
/// at a time.
public final class LabelReader {
  private static final int NAME = 1 << 3 | WireReader.BYTES;
  private static final int VALUE = 2 << 3 | WireReader.BYTES;

  /// More than any sensible series has, and few enough to be put in order one by one.
  private static final int MOST_LABELS = 1_000;

  private final byte[] bytes;
  private String[] pairs = new String[16];
  private int filled;

  public LabelReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Forgets the labels of the series before.
  public void clear() {
    filled = 0;
  }

  /// Reads the label whose length stands here.
  public void read(WireReader wire) throws MalformedMessageException {
    if (filled == pairs.length) {
      if (filled >= 2 * MOST_LABELS) {
        throw new MalformedMessageException(
            "a series of more than %d labels".formatted(MOST_LABELS));
      }
      pairs = Arrays.copyOf(pairs, 2 * filled);
    }
    String name = "";
    String value = "";
    int outer = wire.enter();
    while (wire.more()) {
      int tag = wire.tag();
      switch (tag) {
        case NAME -> name = text(wire);
        case VALUE -> value = text(wire);
        default -> wire.skip(tag);
      }
    }
    wire.leave(outer);
    pairs[filled++] = name;
    pairs[filled++] = value;
  }

  private String text(WireReader wire) throws MalformedMessageException {
    int length = wire.length();
    int from = wire.position();
    wire.skipBytes(length);
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  /// The labels that were read, whatever their order.
  ///
  /// @throws MalformedMessageException if a name is empty or comes twice
  public Labels labels() throws MalformedMessageException {
    boolean sorted = true;
    for (int i = 0; i < filled; i += 2) {
      String before = i == 0 ? "" : pairs[i - 2];
      sorted &= !pairs[i + 1].isEmpty() && Labels.UTF8_ORDER.compare(before, pairs[i]) < 0;
    }
    try {
      return sorted
          ? Labels.ofSorted(Arrays.copyOf(pairs, filled))
          : Labels.of(Arrays.copyOf(pairs, filled));
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException(String.valueOf(e.getMessage()));
    }
  }
}
