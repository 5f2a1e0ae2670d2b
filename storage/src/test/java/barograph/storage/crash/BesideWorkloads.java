package barograph.storage.crash;

import java.util.List;

/// What a store keeps beside floats: native histograms, exemplars and metadata.
final class BesideWorkloads {
  private BesideWorkloads() {}

  static List<Workload> histograms() {
    return List.of(
        Workload.of(
            "histograms beside floats",
            play -> {
              fill(play, 0, 60);
              play.kill();
              fill(play, 60, 90);
              play.restart();
              fill(play, 90, 120);
            }),
        Workload.of(
            "histograms from head to block, merged",
            Workload::checkpointing,
            play -> {
              for (int minute = 0; minute < 3; minute++) {
                fill(play, minute * 60, minute * 60 + 60);
                play.maintain();
              }
              play.compactNow();
              fill(play, 180, 200);
            }),
        Workload.of(
            "late histograms",
            Workload::checkpointing,
            play -> {
              fill(play, 0, 60);
              play.batch().histogram("t", "h_0", 15.5).add("t", "h_1", 25.5, 2).send();
              play.maintain();
              play.batch().histogram("t", "h_0", 16.5).histogram("n", "new", 5).send();
              play.restart();
              play.batch().histogram("t", "h_1", 17.5).histogram("n", "new", 2).send();
              play.kill();
              fill(play, 60, 80);
            }),
        Workload.of(
            "late histograms of what is in blocks",
            play -> {
              fill(play, 0, 110);
              play.maintain();
              play.batch().histogram("t", "h_0", 15.5).add("t", "h_1", 17.5, 1).send();
              fill(play, 110, 160);
              play.maintain();
              play.batch().histogram("t", "h_0", 12.5).send();
              play.compactNow();
              play.batch().histogram("t", "h_0", 13.5).send();
              play.restart();
              fill(play, 170, 190);
              play.compactNow();
            }),
        Workload.of(
            "histograms deleted",
            Workload::checkpointing,
            play -> {
              fill(play, 0, 110);
              play.maintain();
              play.batch().histogram("t", "h_0", 95.5).send();
              play.delete("h_0", 30, 100);
              play.delete("h_1", 0, 200);
              play.kill();
              fill(play, 110, 130);
              play.cleanTombstones();
              play.compactNow();
            }));
  }

  private static void fill(Play play, int from, int to) {
    for (int second = from; second < to; second += 10) {
      play.batch()
          .histogram("t", "h_0", second)
          .histogram("t", "h_1", second)
          .add("t", "float", second, second)
          .send();
    }
  }

  static List<Workload> told() {
    return List.of(
        Workload.of(
            "exemplars and metadata",
            Workload::checkpointing,
            play -> {
              for (int i = 0; i < 4; i++) {
                play.batch().row("t", i * 20, 2).send();
                play.exemplar("t", "t_0", i * 20 + 1);
                play.metadata("t_" + i % 2, "help number " + i);
                if (i == 1) {
                  play.kill();
                } else {
                  play.maintain();
                }
              }
              play.restart();
              play.exemplar("t", "t_1", 100);
            }));
  }
}
