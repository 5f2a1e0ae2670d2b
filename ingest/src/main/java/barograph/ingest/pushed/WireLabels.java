package barograph.ingest.pushed;

import barograph.ingest.exposition.Utf8;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.WireReader;
import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads and checks the labels of a series that nobody has seen yet.
///
/// The order of labels on the wire does not matter; everything else that the protocol asks of them
/// does. Most series of a request have most texts where the series before has them: these are taken
/// from there, checked and made into strings only once. One thread at a time.
final class WireLabels {
  private static final int LABEL = 1 << 3 | WireReader.BYTES;
  private static final int NAME = 1 << 3 | WireReader.BYTES;
  private static final int VALUE = 2 << 3 | WireReader.BYTES;

  private final PushLimits limits;
  private String[] pairs = new String[64];
  private int filled;
  private boolean sorted;

  private boolean mixed;

  // What was read last of this request at each place: the text, and where its bytes are.
  private @Nullable String[] texts = new String[64];
  private int[] textFrom = new int[64];
  private int[] textTo = new int[64];

  WireLabels(PushLimits limits) {
    this.limits = limits;
  }

  /// Forgets the request before: the bytes of its texts are no longer there.
  void begin() {
    Arrays.fill(texts, null);
  }

  /// Why a series cannot be stored, as its sender reads it.
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /// Whether labels, and nothing else, stand in `[from, to)`.
  static boolean standAlone(byte[] bytes, int from, int to) {
    var wire = new WireReader(bytes).within(from, to);
    try {
      while (wire.more()) {
        if (wire.tag() != LABEL) {
          return false;
        }
        wire.skipBytes(wire.length());
      }
      return true;
    } catch (MalformedMessageException _) {
      return false;
    }
  }

  /// Whether fields of other kinds stood among the labels that were read last.
  boolean mixed() {
    return mixed;
  }

  /// The labels in `[from, to)`, among which fields of other kinds may stand.
  ///
  /// @throws RefusedException if a series must not be called so
  Labels read(byte[] bytes, int from, int to) throws MalformedMessageException, RefusedException {
    filled = 0;
    sorted = true;
    mixed = false;
    var wire = new WireReader(bytes).within(from, to);
    var inner = new WireReader(bytes);
    while (wire.more()) {
      int tag = wire.tag();
      if (tag != LABEL) {
        mixed = true;
        wire.skip(tag);
        continue;
      }
      int length = wire.length();
      readLabel(bytes, inner.within(wire.position(), wire.position() + length));
      wire.skipBytes(length);
    }
    if (!sorted) {
      sort();
    }
    return checked();
  }

  private void readLabel(byte[] bytes, WireReader wire)
      throws MalformedMessageException, RefusedException {
    if (filled == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * filled);
      texts = Arrays.copyOf(texts, 2 * filled);
      textFrom = Arrays.copyOf(textFrom, 2 * filled);
      textTo = Arrays.copyOf(textTo, 2 * filled);
    }
    String name = "";
    String value = "";
    while (wire.more()) {
      int tag = wire.tag();
      if (tag == NAME) {
        name = text(bytes, wire, filled, "label name", limits.labelNameBytes());
      } else if (tag == VALUE) {
        value = text(bytes, wire, filled + 1, "value of a label", limits.labelValueBytes());
      } else {
        wire.skip(tag);
      }
    }
    if (name.isEmpty()) {
      throw new RefusedException("a label name is empty" + of());
    }
    if (filled == 2 * limits.labels()) {
      throw new RefusedException("more than %d labels".formatted(limits.labels()) + of());
    }
    sorted &= filled == 0 || Labels.UTF8_ORDER.compare(pairs[filled - 2], name) < 0;
    pairs[filled++] = name;
    pairs[filled++] = value;
  }

  /// @param place which text of the series it is
  private String text(byte[] bytes, WireReader wire, int place, String what, int limit)
      throws MalformedMessageException, RefusedException {
    int length = wire.length();
    int from = wire.position();
    int to = from + length;
    wire.skipBytes(length);
    @Nullable String before = texts[place];
    if (before != null && Arrays.equals(bytes, from, to, bytes, textFrom[place], textTo[place])) {
      return before;
    }
    if (length > limit) {
      throw new RefusedException(
          "a %s of %d bytes is longer than the limit of %d".formatted(what, length, limit) + of());
    }
    if (!Utf8.isValid(bytes, from, to)) {
      throw new RefusedException("a %s is not valid UTF-8".formatted(what) + of());
    }
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    texts[place] = text;
    textFrom[place] = from;
    textTo[place] = to;
    return text;
  }

  private void sort() {
    var order = new Integer[filled / 2];
    Arrays.setAll(order, i -> i);
    String[] unsorted = Arrays.copyOf(pairs, filled);
    Arrays.sort(order, (a, b) -> Labels.UTF8_ORDER.compare(unsorted[2 * a], unsorted[2 * b]));
    for (int i = 0; i < order.length; i++) {
      pairs[2 * i] = unsorted[2 * order[i]];
      pairs[2 * i + 1] = unsorted[2 * order[i] + 1];
    }
  }

  private Labels checked() throws RefusedException {
    int kept = 0;
    boolean named = false;
    for (int i = 0; i < filled; i += 2) {
      if (i > 0 && pairs[i].equals(pairs[i - 2])) {
        throw new RefusedException("label name \"%s\" comes twice".formatted(pairs[i]) + of());
      }
      named |= pairs[i].equals(Labels.METRIC_NAME) && !pairs[i + 1].isEmpty();
    }
    if (!named) {
      throw new RefusedException("no metric name" + of());
    }
    var labels = new String[filled];
    for (int i = 0; i < filled; i += 2) {
      if (!pairs[i + 1].isEmpty()) {
        labels[kept++] = pairs[i];
        labels[kept++] = pairs[i + 1];
      }
    }
    return Labels.ofSorted(kept == filled ? labels : Arrays.copyOf(labels, kept));
  }

  /// What is known of the series so far, for a message.
  private String of() {
    for (int i = 0; i < filled; i += 2) {
      if (pairs[i].equals(Labels.METRIC_NAME) && !pairs[i + 1].isEmpty()) {
        return " (metric %.100s)".formatted(pairs[i + 1]);
      }
    }
    return "";
  }
}
