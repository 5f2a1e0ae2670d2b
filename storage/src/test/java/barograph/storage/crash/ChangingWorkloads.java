package barograph.storage.crash;

import java.util.List;

/// What changes samples of before: deletions, and samples that come late.
final class ChangingWorkloads {
  private ChangingWorkloads() {}

  static List<Workload> deleting() {
    return List.of(
        Workload.of(
            "samples deleted from the head",
            play -> {
              play.fill(0, 50, 10);
              play.delete("t_1", 10, 30);
              play.fill(50, 60, 10);
              play.delete("t_2", 0, 100);
              play.restart();
              play.fill(60, 80, 10);
            }),
        Workload.of(
            "samples deleted from a block and the head",
            Workload::checkpointing,
            play -> {
              play.fill(0, 110, 10);
              play.maintain();
              play.delete("t_0", 30, 80);
              play.delete("u", 0, 200);
              play.maintain();
              play.fill(110, 130, 10);
              play.kill();
              play.fill(130, 150, 10);
            }),
        Workload.of(
            "what was deleted is cleaned away",
            play -> {
              play.fill(0, 110, 10);
              play.maintain();
              play.delete("t_0", 30, 100);
              play.delete("t_1", 0, 59);
              play.cleanTombstones();
              play.fill(110, 130, 10);
              play.compactNow();
            }),
        Workload.of(
            "a deletion while a block is cut",
            play -> {
              play.fill(0, 100, 10);
              play.delete("t_2", 20, 70);
              play.maintain();
              play.delete("t_1", 50, 95);
              play.maintain();
              play.fill(100, 120, 10);
              play.compactNow();
            }));
  }

  static List<Workload> late() {
    return List.of(
        Workload.of(
            "late samples",
            Workload::checkpointing,
            play -> {
              play.fill(0, 60);
              play.batch().add("t", "t_0", 15.5, 1).add("t", "t_1", 25, 2).send();
              play.maintain();
              play.batch().run("t", "t_0", 31.5, 0.5, 8).add("n", "new", 5, 3).send();
              play.restart();
              play.batch().add("t", "t_0", 16.5, 4).add("n", "new", 2, 5).send();
              play.kill();
              play.fill(60, 80);
            }),
        Workload.of(
            "late samples of what is in blocks",
            play -> {
              play.fill(0, 110);
              play.maintain();
              play.batch().add("t", "t_0", 15.5, 1).add("t", "late", 20, 2).send();
              play.batch().add("t", "t_0", 17.5, 1).add("t", "t_1", 95, 2).send();
              play.fill(110, 160);
              play.maintain();
              play.batch().add("t", "t_0", 12.5, 6).send();
              play.compactNow();
              play.batch().add("t", "t_2", 13.5, 7).send();
              play.restart();
              play.fill(170, 190);
            }),
        Workload.of(
            "late samples that replace what is in blocks",
            play -> {
              play.fill(0, 110);
              play.maintain();
              play.expectRefusals();
              play.batch().add("t", "t_0", 10, 1001).add("t", "t_1", 20, 1002).send();
              play.kill();
              play.batch().add("t", "t_0", 10, 1003).send();
              play.compactNow();
              play.batch().add("t", "t_0", 10, 1004).send();
              play.restart();
              play.compactNow();
            }),
        Workload.of(
            "late samples and deletions",
            Workload::checkpointing,
            play -> {
              play.fill(0, 110);
              play.batch().add("t", "t_0", 15.5, 1).add("t", "t_1", 95, 2).send();
              play.delete("t_0", 0, 50);
              play.maintain();
              play.batch().add("t", "t_0", 16.5, 3).send();
              play.delete("t_0", 16, 17);
              play.kill();
              play.batch().add("t", "t_0", 16.5, 4).send();
              play.cleanTombstones();
              play.compactNow();
            }));
  }
}
