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
/// does. Most series of a request have most labels where the series before has them: these are
/// taken from there, checked and made into strings only once, and are the same strings in both, by
/// which the store knows them again. One thread at a time.
final class WireLabels {
  private static final int LABEL = 1 << 3 | WireReader.BYTES;
  private static final int NAME = 1 << 3 | WireReader.BYTES;
  private static final int VALUE = 2 << 3 | WireReader.BYTES;
  private static final int LEAST_ROOM = 32;

  /// Where a label ends that is none: before it begins.
  private static final int NOWHERE = -1;

  private final PushLimits limits;

  /// Names and values as they stand on the wire.
  private String[] pairs = new String[2 * LEAST_ROOM];

  private int filled;

  /// How many labels of the series before were read.
  private int before;

  private boolean sorted;
  private boolean mixed;
  private boolean anyEmpty;

  // For each label in `pairs`, where its bytes were when it was read, and whether its name is
  // greater than that of the label before it.
  private int[] labelFrom = new int[LEAST_ROOM];
  private int[] labelTo = new int[LEAST_ROOM];
  private boolean[] ascends = new boolean[LEAST_ROOM];

  /// Whether the label that was read last is that of the series before.
  private boolean repeats;

  // The text that was read last of this request at each place, and where its bytes are.
  private @Nullable String[] texts = new String[2 * LEAST_ROOM];
  private int[] textFrom = new int[2 * LEAST_ROOM];
  private int[] textTo = new int[2 * LEAST_ROOM];

  WireLabels(PushLimits limits) {
    this.limits = limits;
  }

  /// Forgets the request before: the bytes of its texts are no longer there.
  void begin() {
    Arrays.fill(texts, null);
    forgetLabels(0);
  }

  /// No label is as long as those from `place` on are said to be.
  private void forgetLabels(int place) {
    Arrays.fill(labelFrom, place, labelFrom.length, 0);
    Arrays.fill(labelTo, place, labelTo.length, NOWHERE);
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
    before = filled / 2;
    filled = 0;
    sorted = true;
    mixed = false;
    anyEmpty = false;
    repeats = true;
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
    return checked();
  }

  private void readLabel(byte[] bytes, WireReader wire)
      throws MalformedMessageException, RefusedException {
    int place = filled / 2;
    if (place == labelTo.length) {
      grow();
    }
    int from = wire.position();
    int to = wire.end();
    boolean repeated =
        to - from == labelTo[place] - labelFrom[place]
            && Arrays.equals(bytes, from, to, bytes, labelFrom[place], labelTo[place]);
    if (!repeated) {
      labelTo[place] = NOWHERE;
      readTexts(bytes, wire);
      labelFrom[place] = from;
      labelTo[place] = to;
    }
    if (filled == 2 * limits.labels()) {
      throw new RefusedException("more than %d labels".formatted(limits.labels()) + of());
    }
    if (!(repeated && repeats && place < before)) {
      ascends[place] =
          place == 0 || Labels.UTF8_ORDER.compare(pairs[filled - 2], pairs[filled]) < 0;
    }
    repeats = repeated;
    sorted &= ascends[place];
    anyEmpty |= pairs[filled + 1].isEmpty();
    filled += 2;
  }

  private void grow() {
    int known = labelTo.length;
    labelFrom = Arrays.copyOf(labelFrom, 2 * known);
    labelTo = Arrays.copyOf(labelTo, 2 * known);
    forgetLabels(known);
    ascends = Arrays.copyOf(ascends, 2 * known);
    pairs = Arrays.copyOf(pairs, 4 * known);
    texts = Arrays.copyOf(texts, 4 * known);
    textFrom = Arrays.copyOf(textFrom, 4 * known);
    textTo = Arrays.copyOf(textTo, 4 * known);
  }

  private void readTexts(byte[] bytes, WireReader wire)
      throws MalformedMessageException, RefusedException {
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
    pairs[filled] = name;
    pairs[filled + 1] = value;
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

  /// The labels that were read, once everything that concerns them all has been checked.
  private Labels checked() throws RefusedException {
    String[] found = sorted ? Arrays.copyOf(pairs, filled) : sorted();
    if (!isNamed(found)) {
      throw new RefusedException("no metric name" + of());
    }
    return Labels.ofSorted(anyEmpty ? withoutEmpty(found) : found);
  }

  private String[] sorted() throws RefusedException {
    var order = new Integer[filled / 2];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Labels.UTF8_ORDER.compare(pairs[2 * a], pairs[2 * b]));
    var found = new String[filled];
    for (int i = 0; i < order.length; i++) {
      found[2 * i] = pairs[2 * order[i]];
      found[2 * i + 1] = pairs[2 * order[i] + 1];
      if (i > 0 && found[2 * i].equals(found[2 * i - 2])) {
        throw new RefusedException("label name \"%s\" comes twice".formatted(found[2 * i]) + of());
      }
    }
    return found;
  }

  private static boolean isNamed(String[] labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (labels[i].equals(Labels.METRIC_NAME)) {
        return !labels[i + 1].isEmpty();
      }
    }
    return false;
  }

  private static String[] withoutEmpty(String[] labels) {
    int kept = 0;
    for (int i = 0; i < labels.length; i += 2) {
      if (!labels[i + 1].isEmpty()) {
        labels[kept++] = labels[i];
        labels[kept++] = labels[i + 1];
      }
    }
    return Arrays.copyOf(labels, kept);
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
