package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.disk.FileDisk;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fleets that replace all of their machines again and again.
class ChurnTest {
  private static final int SERIES = 2000;
  private static final int PER_TARGET = 50;
  private static final long MINUTE = 60_000;
  private static final long GENERATION = 30 * MINUTE;

  @TempDir Path folder;

  /// What a head holds, counted.
  private record Held(
      int series, int targets, int pairs, int pairNumbers, long bytes, int cellsInUse) {
    static Held by(Head head) {
      // A reference costs six bytes for each page of 64, doubled room at most, and is never
      // given twice: the only thing that grows.
      long references = 2L * 6 * head.referenceEnd() / Cells.PAGE_CELLS;
      return new Held(
          head.seriesCount(),
          head.knownTargets(),
          head.pairCount(),
          head.pairs.end(),
          (head.bytes() - references) >> 16,
          head.cells.cellsInUse());
    }
  }

  @Test
  void tenGenerationsOfSeriesLeaveNoMoreBehindThanOne() throws IOException {
    try (var files = new Folder(folder)) {
      Head head = files.head;
      var random = new Random(1);
      live(head, 0, random);
      live(head, 1, random);
      Held afterOne = Held.by(head);
      assertThat(afterOne.series).isEqualTo(SERIES);
      assertThat(afterOne.targets).isEqualTo(SERIES / PER_TARGET);
      for (int generation = 2; generation <= 10; generation++) {
        live(head, generation, random);
        assertThat(Held.by(head)).as("generation %d", generation).isEqualTo(afterOne);
      }
    }
  }

  @Test
  void aHeadWithoutSeriesHoldsNeitherLabelsNorTargets() throws IOException {
    try (var files = new Folder(folder)) {
      Head head = files.head;
      long empty = head.labelStore.bytes() + head.table.bytes();
      for (int i = 0; i < 100_000; i++) {
        head.findOrMake(
            Labels.of("__name__", "m", "instance", "i" + i, "kind", "k" + i % 7),
            "t" + i / 100,
            1 << 20);
        head.pollNew();
      }
      assertThat(head.labelStore.bytes()).isGreaterThan(500_000);
      // Series that never get a sample are let go at the second look.
      letGo(head, MINUTE);
      letGo(head, 2 * MINUTE);
      assertThat(head.seriesCount()).isZero();
      assertThat(head.knownTargets()).isZero();
      assertThat(head.pairCount()).isZero();
      long references = 2L * 6 * head.referenceEnd() / Cells.PAGE_CELLS;
      assertThat(head.labelStore.bytes() + head.table.bytes())
          .isLessThan(empty + references + (1 << 18) + 1);
    }
  }

  @Test
  void aTargetThatComesBackIsKnownByItsNameAgain() throws IOException {
    try (var files = new Folder(folder)) {
      Head head = files.head;
      int ref = head.findOrMake(Labels.of("a", "1"), "t", 10);
      head.append(ref, MINUTE, 1);
      letGo(head, 20 * MINUTE);
      assertThat(head.seriesCount()).isZero();
      assertThat(head.knownTargets()).isZero();
      int again = head.findOrMake(Labels.of("a", "1"), "t", 10);
      assertThat(head.targetNameOf(again)).isEqualTo("t");
      assertThat(head.append(again, 30 * MINUTE, 2)).isEqualTo(Appended.STORED);
      head.checkpoint(5);
      var restored = new Head(new FileDisk(), folder, 7);
      restored.restore(folder.resolve("quarantine"));
      assertThat(restored.knownTargets()).isEqualTo(1);
      assertThat(restored.targetNameOf(restored.find(Labels.of("a", "1")))).isEqualTo("t");
      restored.close();
    }
  }

  private static void live(Head head, int generation, Random random) {
    long start = generation * GENERATION;
    var refs = new int[SERIES];
    for (int i = 0; i < SERIES; i++) {
      String pod = "pod-" + generation + "-" + i / PER_TARGET;
      refs[i] =
          head.findOrMake(
              Labels.of("__name__", "m" + i % PER_TARGET, "pod", pod, "id", generation + "." + i),
              pod,
              1 << 20);
      head.pollNew();
    }
    for (int row = 0; row < 6; row++) {
      for (int i = 0; i < SERIES; i++) {
        // Gaps, so that some series go over to times of their own.
        if (row % 2 == 0 || random.nextInt(20) > 0) {
          head.append(refs[i], start + row * MINUTE, row * i / 7.0);
        }
      }
    }
    letGo(head, start + 10 * MINUTE);
  }

  private static List<Path> letGo(Head head, long before) {
    head.settle(before);
    head.truncate(0, head.referenceEnd());
    return head.finishTruncation(true);
  }

  private record Folder(Head head) implements AutoCloseable {
    Folder(Path folder) {
      this(new Head(new FileDisk(), folder, 7));
    }

    @Override
    public void close() throws IOException {
      head.close();
    }
  }
}
