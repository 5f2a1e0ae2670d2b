package barograph.storage.crash;

import barograph.storage.StoreOptions.Durability;
import barograph.storage.model.Staleness;
import java.io.IOException;
import java.util.List;

/// Samples of every shape, taken in order.
final class AppendingWorkloads {
  private AppendingWorkloads() {}

  static List<Workload> appending() {
    return List.of(
        Workload.of(
            "rows of one target",
            play -> {
              for (int i = 0; i < 6; i++) {
                play.batch().row("t", i * 15, 5).send();
              }
            }),
        Workload.of(
            "loose samples",
            play -> {
              for (int i = 0; i < 12; i++) {
                play.batch().add("t", "s" + i % 3, i * 7.3, i).send();
              }
            }),
        Workload.of(
            "runs of one series",
            play -> {
              for (int i = 0; i < 5; i++) {
                play.batch().run("t", "s", i * 100, 1.5, 30).send();
              }
            }),
        Workload.of(
            "new series and new targets in every batch",
            play -> {
              for (int i = 0; i < 6; i++) {
                play.batch().row("t", i * 15, 2 + i).row("t" + i, i * 15, 2).send();
              }
            }),
        Workload.of(
            "mixed targets",
            play -> {
              for (int i = 0; i < 5; i++) {
                play.batch()
                    .row("a", i * 10, 4)
                    .add("b", "alone", i * 10 + 0.017, i)
                    .row("c", i * 10 + 0.5, 3)
                    .run("d", "run", i * 10, 0.9, 6)
                    .send();
              }
            }),
        Workload.of(
            "a big batch",
            play -> {
              play.batch().row("t", 0, 3).send();
              play.batch().row("big", 1, 1500).send();
              play.batch().row("big", 2, 1500).send();
              play.batch().row("t", 15, 3).send();
            }),
        Workload.of("special floats", AppendingWorkloads::specialFloats),
        Workload.of("gaps, and series that come and go", AppendingWorkloads::gaps),
        Workload.of("streams that are full and sealed", AppendingWorkloads::seals),
        Workload.of("refusals between good samples", AppendingWorkloads::refusals),
        Workload.of(
            "async durability",
            options -> options.withDurability(Durability.ASYNC),
            play -> {
              for (int i = 0; i < 8; i++) {
                play.batch().row("t", i * 15, 4).send();
              }
              play.restart();
              play.batch().row("t", 200, 4).send();
            }));
  }

  private static void specialFloats(Play play) {
    double[] values = {
      0.0,
      -0.0,
      Double.NaN,
      Staleness.MARKER,
      Double.longBitsToDouble(0x7ff8000000abcdefL),
      Double.longBitsToDouble(0xfff4000000000001L),
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.MIN_VALUE,
      -Double.MAX_VALUE,
      0.1,
      1L << 53,
      1e300
    };
    for (int i = 0; i < values.length; i++) {
      play.batch()
          .add("t", "special", i * 5, values[i])
          .add("t", "ordinary", i * 5, i)
          .add("t", "sometimes", i * 5, i % 3 == 0 ? values[i] : 7)
          .send();
    }
  }

  private static void gaps(Play play) throws IOException {
    for (int i = 0; i < 30; i++) {
      var batch = play.batch().add("t", "always", i * 10, i);
      if (i % 7 != 3) {
        batch.add("t", "mostly", i * 10, i * 0.5);
      }
      if (i / 10 % 2 == 0) {
        batch.add("t", "phases", i * 10 + (i % 4 == 0 ? 0.003 : 0), 1);
      }
      batch.send();
      if (i % 10 == 9) {
        play.maintain();
      }
    }
  }

  private static void seals(Play play) throws IOException {
    play.batch()
        .run("t", "noise", 0, 0.01, 300)
        .run("t", "also", 0, 0.01, 130)
        .run("own", "own", 0.003, 0.013, 250)
        .send();
    play.restart();
    play.batch().run("t", "noise", 10, 0.01, 150).send();
    play.maintain();
    play.batch().run("own", "own", 10, 0.01, 5).send();
  }

  private static void refusals(Play play) throws IOException {
    play.expectRefusals();
    play.batch().row("t", 100, 4).send();
    play.batch()
        .add("t", "t_0", 100, 1e9)
        .add("t", "t_1", 110, 5)
        .add("t", "t_2", -1e7, 5)
        .add("t", "t_3", 1e7, 5)
        .send();
    play.batch().row("t", 200, 4).send();
    play.maintain();
    play.batch().add("t", "t_0", 20, 3).row("t", 210, 4).send();
  }
}
