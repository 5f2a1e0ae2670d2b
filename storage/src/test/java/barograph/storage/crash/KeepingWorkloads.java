package barograph.storage.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What becomes of samples by and by: checkpoints, blocks, merges, retention.
final class KeepingWorkloads {
  private KeepingWorkloads() {}

  static List<Workload> checkpoints() {
    return List.of(
        Workload.of(
            "checkpoints",
            Workload::checkpointing,
            play -> {
              for (int i = 0; i < 4; i++) {
                play.batch().row("t", i * 15, 4).add("u", "u" + i, i * 15, i).send();
                play.maintain();
              }
            }),
        Workload.of(
            "a checkpoint while samples come in",
            Workload::checkpointing,
            play -> {
              play.batch().row("t", 0, 4).send();
              play.whenMaking(
                  file -> file.contains("checkpoint-"),
                  () -> {
                    play.batch().row("t", 15, 4).row("new", 15, 2).send();
                    play.batch().row("t", 16, 5).send();
                  });
              play.maintain();
              play.batch().row("t", 30, 6).send();
            }),
        Workload.of(
            "a checkpoint with sealed chunks, while a stream is sealed",
            Workload::checkpointing,
            play -> {
              play.batch().run("t", "s", 0, 0.01, 250).send();
              play.whenMaking(
                  file -> file.contains("checkpoint-"),
                  () -> play.batch().run("t", "s", 3, 0.01, 130).send());
              play.whenMaking(
                  file -> file.contains("head/chunks-"),
                  () -> play.batch().run("t", "s", 5, 0.01, 130).send());
              play.maintain();
              play.batch().run("t", "s", 7, 0.01, 130).send();
              play.maintain();
            }),
        Workload.of(
            "segments that are full",
            play -> {
              play.disk().capacity(12L << 20);
              for (int i = 0; i < 6; i++) {
                play.batch().add("t", longName(play, i), i, i).send();
              }
            }),
        Workload.of(
            "segments dropped by a checkpoint",
            Workload::checkpointing,
            play -> {
              for (int i = 0; i < 3; i++) {
                play.restart();
                play.batch().row("t", i * 15, 3).send();
                play.kill();
                play.batch().row("t", i * 15 + 5, 3).send();
              }
              play.maintain();
              play.batch().row("t", 100, 3).send();
            }));
  }

  /// A name that does not compress, a quarter of a mebibyte long.
  private static String longName(Play play, int number) {
    var name = new StringBuilder("long" + number + "_");
    while (name.length() < 250_000) {
      name.append(Long.toString(play.random().nextLong() >>> 1, 36));
    }
    return name.toString();
  }

  static List<Workload> blocks() {
    return List.of(
        Workload.of(
            "from head to block",
            play -> {
              play.fill(0, 100);
              play.maintain();
              play.fill(100, 120);
            }),
        Workload.of(
            "several cuts",
            play -> {
              for (int minute = 0; minute < 4; minute++) {
                play.fill(minute * 60, minute * 60 + 60);
                play.maintain();
              }
            }),
        Workload.of(
            "cuts and checkpoints",
            Workload::checkpointing,
            play -> {
              for (int minute = 0; minute < 3; minute++) {
                play.fill(minute * 60, minute * 60 + 60);
                play.maintain();
              }
            }),
        Workload.of(
            "a cut while samples come in",
            play -> {
              play.fill(0, 100);
              play.whenMaking(
                  file -> file.contains("block.bg"),
                  () -> play.batch().row("t", 100, 4).row("n", 100, 2).send());
              play.maintain();
              play.fill(110, 130);
            }),
        Workload.of(
            "everything into blocks at once",
            play -> {
              play.fill(0, 150);
              play.compactNow();
              play.fill(160, 180);
              play.compactNow();
            }),
        Workload.of(
            "a cut of sealed chunks",
            Workload::checkpointing,
            play -> {
              play.batch().run("t", "s", 0, 0.2, 400).run("c", "c", 0, 0.2, 300).send();
              play.maintain();
              play.batch().run("t", "s", 85, 0.2, 100).send();
              play.maintain();
            }),
        Workload.of(
            "retention by time",
            options -> options.withRetention(Duration.ofMinutes(2), 0),
            play -> {
              for (int minute = 0; minute < 6; minute++) {
                play.fill(minute * 60, minute * 60 + 60);
                play.maintain();
              }
            }),
        Workload.of(
            "retention by size",
            options -> options.withRetention(Duration.ZERO, 2500),
            play -> {
              for (int minute = 0; minute < 6; minute++) {
                play.fill(minute * 60, minute * 60 + 60);
                play.maintain();
              }
            }),
        Workload.of("series that end and come again", KeepingWorkloads::comeAgain));
  }

  private static void comeAgain(Play play) throws IOException {
    play.batch().row("old", 0, 3).row("t", 0, 1).send();
    play.batch().row("old", 10, 3).row("t", 10, 1).send();
    for (int minute = 5; minute <= 25; minute += 5) {
      play.batch().row("t", minute * 60, 1).send();
      play.maintain();
    }
    play.batch().row("old", 26 * 60, 3).row("t", 26 * 60, 1).send();
    play.maintain();
    play.restart();
    play.batch().row("old", 27 * 60, 4).send();
  }

  static List<Workload> merging() {
    return List.of(
        Workload.of(
            "blocks that are merged by and by",
            play -> {
              for (int minute = 0; minute < 8; minute++) {
                play.fill(minute * 60, minute * 60 + 60, 20);
                play.maintain();
              }
            }),
        Workload.of(
            "blocks that are merged at once",
            play -> {
              for (int minute = 0; minute < 3; minute++) {
                play.fill(minute * 60, minute * 60 + 60, 15);
                play.compactNow();
              }
            }),
        Workload.of(
            "a merge while samples come in",
            play -> {
              for (int minute = 0; minute < 3; minute++) {
                play.fill(minute * 60, minute * 60 + 60, 20);
                play.maintain();
              }
              play.whenMaking(
                  file -> file.contains("block.bg"),
                  () -> play.batch().row("t", 200, 3).row("n", 200, 2).send());
              play.compactNow();
              play.fill(240, 280, 20);
            }));
  }
}
