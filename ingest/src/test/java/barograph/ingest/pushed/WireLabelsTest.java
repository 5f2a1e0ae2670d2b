package barograph.ingest.pushed;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireLabelsTest {
  private static final PushLimits LIMITS = new PushLimits(1 << 20, 60, 12, 16, 1000);

  /// A label as text; one with `broken` ends in a byte that is no UTF-8.
  private record Label(String name, String value, boolean broken) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSeriesIsReadAsItWouldBeWithoutThoseBeforeIt(long seed) throws MalformedMessageException {
    var random = new Random(seed);
    var reader = new WireLabels(LIMITS);
    for (int request = 0; request < 20; request++) {
      reader.begin();
      var series = new ArrayList<List<Label>>();
      var pushed = new PushedSeries();
      List<Label> before = List.of();
      for (int i = 0; i < 300; i++) {
        before = next(random, before);
        series.add(before);
        pushed.beginSeries();
        before.forEach(label -> write(label, pushed));
        pushed.endSeries();
      }
      for (int i = 0; i < series.size(); i++) {
        assertThat(read(reader, pushed, i))
            .as("series %d, %s", i, series.get(i))
            .isEqualTo(naive(series.get(i)));
      }
    }
  }

  private static void write(Label label, PushedSeries into) {
    byte[] name = label.name.getBytes(StandardCharsets.UTF_8);
    byte[] value = label.value.getBytes(StandardCharsets.UTF_8);
    if (label.broken) {
      value = Stream.of(value, new byte[] {(byte) 0xc3}).reduce(new byte[0], WireLabelsTest::join);
    }
    into.label(name, 0, name.length, value, 0, value.length);
  }

  private static byte[] join(byte[] left, byte[] right) {
    var both = new byte[left.length + right.length];
    System.arraycopy(left, 0, both, 0, left.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  /// The labels before with a few changes, among them such that are refused.
  private static List<Label> next(Random random, List<Label> before) {
    var labels = new ArrayList<>(before);
    if (labels.isEmpty() || random.nextInt(20) == 0) {
      labels.clear();
      labels.add(new Label("__name__", "m" + random.nextInt(3), false));
      int count = random.nextInt(12) == 0 ? 55 + random.nextInt(8) : random.nextInt(12);
      for (int i = 10; i < 10 + count; i++) {
        labels.add(new Label("n" + i, "v" + random.nextInt(3), false));
      }
    }
    for (int change = random.nextInt(3); change > 0; change--) {
      int at = random.nextInt(labels.size());
      Label old = labels.get(at);
      switch (random.nextInt(12)) {
        case 0 -> labels.set(at, new Label(old.name, "", false));
        case 1 -> labels.set(at, new Label("", old.value, false));
        case 2 -> labels.set(at, new Label(old.name, old.value, true));
        case 3 -> labels.set(at, labels.getFirst());
        case 4 -> labels.set(at, new Label(old.name, "é".repeat(random.nextInt(11)), false));
        case 5 -> labels.set(at, new Label("n".repeat(random.nextInt(15)), old.value, false));
        case 6 -> labels.add(labels.remove(at));
        case 7 -> labels.add(at, new Label("n" + random.nextInt(99), "w", false));
        case 8 -> {
          if (labels.size() > 1) {
            labels.remove(at);
          }
        }
        default -> labels.set(at, new Label(old.name, "v" + random.nextInt(9), false));
      }
    }
    return labels;
  }

  private static String read(WireLabels reader, PushedSeries pushed, int series)
      throws MalformedMessageException {
    try {
      return reader
          .read(pushed.labelBytes(), pushed.labelsFrom[series], pushed.labelsTo[series])
          .toString();
    } catch (WireLabels.RefusedException e) {
      return "refused: " + e.getMessage();
    }
  }

  private static String naive(List<Label> labels) {
    var known = new ArrayList<Label>();
    for (Label label : labels) {
      int nameBytes = label.name.getBytes(StandardCharsets.UTF_8).length;
      int valueBytes = label.value.getBytes(StandardCharsets.UTF_8).length + (label.broken ? 1 : 0);
      if (nameBytes > LIMITS.labelNameBytes()) {
        return refused(
            "a label name of " + nameBytes + " bytes is longer than the limit of 12", known);
      }
      if (valueBytes > LIMITS.labelValueBytes()) {
        return refused(
            "a value of a label of " + valueBytes + " bytes is longer than the limit of 16", known);
      }
      if (label.broken) {
        return refused("a value of a label is not valid UTF-8", known);
      }
      if (label.name.isEmpty()) {
        return refused("a label name is empty", known);
      }
      if (known.size() == LIMITS.labels()) {
        return refused("more than 60 labels", known);
      }
      known.add(label);
    }
    var names = new HashSet<String>();
    var twice = known.stream().map(Label::name).filter(name -> !names.add(name)).sorted().toList();
    if (!twice.isEmpty()) {
      return refused("label name \"" + twice.getFirst() + "\" comes twice", known);
    }
    var builder = new Labels.Builder();
    known.forEach(label -> builder.add(label.name, label.value));
    Labels found = builder.build();
    return found.metricName().isEmpty() ? refused("no metric name", known) : found.toString();
  }

  private static String refused(String why, List<Label> known) {
    return "refused: "
        + why
        + known.stream()
            .filter(label -> label.name.equals("__name__") && !label.value.isEmpty())
            .map(label -> " (metric " + label.value + ")")
            .findFirst()
            .orElse("");
  }
}
