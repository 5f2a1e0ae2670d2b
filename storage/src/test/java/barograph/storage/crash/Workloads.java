package barograph.storage.crash;

import barograph.storage.StoreOptions;
import barograph.storage.StoreOptions.Durability;
import barograph.storage.model.Staleness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Everything that a store does, in small pieces.
final class Workloads {

  private Workloads() {}

  static List<Workload> all() {
    var all = new ArrayList<Workload>();
    all.addAll(appending());
    all.addAll(checkpoints());
    all.addAll(blocks());
    all.addAll(merging());
    all.addAll(deleting());
    all.addAll(late());
    all.addAll(starting());
    all.addAll(trouble());
    return all;
  }

  private static Workload workload(String name, Workload.Steps steps) {
    return workload(name, options -> options, steps);
  }

  private static Workload workload(
      String name, UnaryOperator<StoreOptions> options, Workload.Steps steps) {
    return new Workload(name, options, steps);
  }

  private static StoreOptions checkpointing(StoreOptions options) {
    return options.withCheckpoints(Duration.ofHours(1), 1);
  }

  private static List<Workload> appending() {
    return List.of(
        workload(
            "rows of one target",
            play -> {
              for (int i = 0; i < 6; i++) {
                play.batch().row("t", i * 15, 5).send();
              }
            }),
        workload(
            "loose samples",
            play -> {
              for (int i = 0; i < 12; i++) {
                play.batch().add("t", "s" + i % 3, i * 7.3, i).send();
              }
            }),
        workload(
            "runs of one series",
            play -> {
              for (int i = 0; i < 5; i++) {
                play.batch().run("t", "s", i * 100, 1.5, 30).send();
              }
            }),
        workload(
            "new series and new targets in every batch",
            play -> {
              for (int i = 0; i < 6; i++) {
                play.batch().row("t", i * 15, 2 + i).row("t" + i, i * 15, 2).send();
              }
            }),
        workload(
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
        workload(
            "a big batch",
            play -> {
              play.batch().row("t", 0, 3).send();
              play.batch().row("big", 1, 1500).send();
              play.batch().row("big", 2, 1500).send();
              play.batch().row("t", 15, 3).send();
            }),
        workload("special floats", Workloads::specialFloats),
        workload("gaps, and series that come and go", Workloads::gaps),
        workload("streams that are full and sealed", Workloads::seals),
        workload("refusals between good samples", Workloads::refusals),
        workload(
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

  private static List<Workload> checkpoints() {
    return List.of(
        workload(
            "checkpoints",
            Workloads::checkpointing,
            play -> {
              for (int i = 0; i < 4; i++) {
                play.batch().row("t", i * 15, 4).add("u", "u" + i, i * 15, i).send();
                play.maintain();
              }
            }),
        workload(
            "a checkpoint while samples come in",
            Workloads::checkpointing,
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
        workload(
            "a checkpoint with sealed chunks, while a stream is sealed",
            Workloads::checkpointing,
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
        workload(
            "segments that are full",
            play -> {
              play.disk().capacity(12L << 20);
              for (int i = 0; i < 6; i++) {
                play.batch().add("t", longName(play, i), i, i).send();
              }
            }),
        workload(
            "segments dropped by a checkpoint",
            Workloads::checkpointing,
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

  /// Samples from one second to another.
  private static void fill(Play play, int from, int to) {
    fill(play, from, to, 10);
  }

  private static void fill(Play play, int from, int to, int step) {
    for (int second = from; second < to; second += step) {
      play.batch().row("t", second, 3).add("u", "u", second + 0.1, second).send();
    }
  }

  private static List<Workload> blocks() {
    return List.of(
        workload(
            "from head to block",
            play -> {
              fill(play, 0, 100);
              play.maintain();
              fill(play, 100, 120);
            }),
        workload(
            "several cuts",
            play -> {
              for (int minute = 0; minute < 4; minute++) {
                fill(play, minute * 60, minute * 60 + 60);
                play.maintain();
              }
            }),
        workload(
            "cuts and checkpoints",
            Workloads::checkpointing,
            play -> {
              for (int minute = 0; minute < 3; minute++) {
                fill(play, minute * 60, minute * 60 + 60);
                play.maintain();
              }
            }),
        workload(
            "a cut while samples come in",
            play -> {
              fill(play, 0, 100);
              play.whenMaking(
                  file -> file.contains("block.bg"),
                  () -> play.batch().row("t", 100, 4).row("n", 100, 2).send());
              play.maintain();
              fill(play, 110, 130);
            }),
        workload(
            "everything into blocks at once",
            play -> {
              fill(play, 0, 150);
              play.compactNow();
              fill(play, 160, 180);
              play.compactNow();
            }),
        workload(
            "a cut of sealed chunks",
            Workloads::checkpointing,
            play -> {
              play.batch().run("t", "s", 0, 0.2, 400).run("c", "c", 0, 0.2, 300).send();
              play.maintain();
              play.batch().run("t", "s", 85, 0.2, 100).send();
              play.maintain();
            }),
        workload(
            "retention by time",
            options -> options.withRetention(Duration.ofMinutes(2), 0),
            play -> {
              for (int minute = 0; minute < 6; minute++) {
                fill(play, minute * 60, minute * 60 + 60);
                play.maintain();
              }
            }),
        workload(
            "retention by size",
            options -> options.withRetention(Duration.ZERO, 2500),
            play -> {
              for (int minute = 0; minute < 6; minute++) {
                fill(play, minute * 60, minute * 60 + 60);
                play.maintain();
              }
            }),
        workload("series that end and come again", Workloads::comeAgain));
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

  private static List<Workload> merging() {
    return List.of(
        workload(
            "blocks that are merged by and by",
            play -> {
              for (int minute = 0; minute < 8; minute++) {
                fill(play, minute * 60, minute * 60 + 60, 20);
                play.maintain();
              }
            }),
        workload(
            "blocks that are merged at once",
            play -> {
              for (int minute = 0; minute < 3; minute++) {
                fill(play, minute * 60, minute * 60 + 60, 15);
                play.compactNow();
              }
            }),
        workload(
            "a merge while samples come in",
            play -> {
              for (int minute = 0; minute < 3; minute++) {
                fill(play, minute * 60, minute * 60 + 60, 20);
                play.maintain();
              }
              play.whenMaking(
                  file -> file.contains("block.bg"),
                  () -> play.batch().row("t", 200, 3).row("n", 200, 2).send());
              play.compactNow();
              fill(play, 240, 280, 20);
            }));
  }

  private static List<Workload> deleting() {
    return List.of(
        workload(
            "samples deleted from the head",
            play -> {
              fill(play, 0, 50, 10);
              play.delete("t_1", 10, 30);
              fill(play, 50, 60, 10);
              play.delete("t_2", 0, 100);
              play.restart();
              fill(play, 60, 80, 10);
            }),
        workload(
            "samples deleted from a block and the head",
            Workloads::checkpointing,
            play -> {
              fill(play, 0, 110, 10);
              play.maintain();
              play.delete("t_0", 30, 80);
              play.delete("u", 0, 200);
              play.maintain();
              fill(play, 110, 130, 10);
              play.kill();
              fill(play, 130, 150, 10);
            }),
        workload(
            "what was deleted is cleaned away",
            play -> {
              fill(play, 0, 110, 10);
              play.maintain();
              play.delete("t_0", 30, 100);
              play.delete("t_1", 0, 59);
              play.cleanTombstones();
              fill(play, 110, 130, 10);
              play.compactNow();
            }),
        workload(
            "a deletion while a block is cut",
            play -> {
              fill(play, 0, 100, 10);
              play.delete("t_2", 20, 70);
              play.maintain();
              play.delete("t_1", 50, 95);
              play.maintain();
              fill(play, 100, 120, 10);
              play.compactNow();
            }));
  }

  private static List<Workload> late() {
    return List.of(
        workload(
            "late samples",
            Workloads::checkpointing,
            play -> {
              fill(play, 0, 60);
              play.batch().add("t", "t_0", 15.5, 1).add("t", "t_1", 25, 2).send();
              play.maintain();
              play.batch().run("t", "t_0", 31.5, 0.5, 8).add("n", "new", 5, 3).send();
              play.restart();
              play.batch().add("t", "t_0", 16.5, 4).add("n", "new", 2, 5).send();
              play.kill();
              fill(play, 60, 80);
            }),
        workload(
            "late samples of what is in blocks",
            play -> {
              fill(play, 0, 110);
              play.maintain();
              play.batch().add("t", "t_0", 15.5, 1).add("t", "late", 20, 2).send();
              play.batch().add("t", "t_0", 17.5, 1).add("t", "t_1", 95, 2).send();
              fill(play, 110, 160);
              play.maintain();
              play.batch().add("t", "t_0", 12.5, 6).send();
              play.compactNow();
              play.batch().add("t", "t_2", 13.5, 7).send();
              play.restart();
              fill(play, 170, 190);
            }),
        workload(
            "late samples that replace what is in blocks",
            play -> {
              fill(play, 0, 110);
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
        workload(
            "late samples and deletions",
            Workloads::checkpointing,
            play -> {
              fill(play, 0, 110);
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

  private static List<Workload> starting() {
    return List.of(
        workload(
            "a snapshot while samples come in",
            play -> {
              fill(play, 0, 100);
              play.maintain();
              play.whenMaking(
                  file -> file.contains("block.bg"), () -> play.batch().row("t", 100, 4).send());
              play.step(() -> play.store().snapshot(true));
              fill(play, 110, 130);
            }),
        workload(
            "a clean stop and a restart",
            play -> {
              play.batch().row("t", 0, 4).send();
              play.restart();
              play.batch().row("t", 15, 4).send();
            }),
        workload(
            "two restarts",
            play -> {
              fill(play, 0, 100);
              play.maintain();
              play.restart();
              play.restart();
              fill(play, 100, 130);
            }),
        workload(
            "kills and restarts",
            play -> {
              fill(play, 0, 40);
              play.kill();
              play.kill();
              fill(play, 40, 100);
              play.maintain();
              play.kill();
              fill(play, 100, 120);
            }),
        workload(
            "a kill between block and checkpoint",
            play -> {
              fill(play, 0, 100);
              play.maintain();
              play.kill();
              play.maintain();
              play.batch().row("t", 110, 3).send();
              play.kill();
            }));
  }

  private static List<Workload> trouble() {
    return List.of(
        workload(
            "a damaged block is put aside",
            play -> {
              fill(play, 0, 100);
              play.maintain();
              fill(play, 100, 160);
              play.maintain();
              play.restartAfter(() -> damage(play, "blocks", 20));
              fill(play, 160, 180);
              play.maintain();
            }),
        workload(
            "a damaged log is read as far as it goes",
            play -> {
              fill(play, 0, 60);
              damage(play, "wal", 1400);
              play.kill();
              fill(play, 60, 90);
              play.restart();
            }),
        workload(
            "a damaged checkpoint is put aside",
            play -> {
              fill(play, 0, 60);
              play.restartAfter(() -> damage(play, "head", 20));
              fill(play, 60, 90);
              play.restart();
            }),
        workload(
            "a full disk, then space",
            play -> {
              fill(play, 0, 30);
              play.disk().capacity(1L << 20);
              play.mayFailFor(() -> play.batch().row("t", 40, 4).row("n", 40, 2000).send());
              play.mayFailFor(play::maintain);
              play.disk().capacity(1L << 30);
              play.sendUntilTaken("again", 50);
              fill(play, 60, 80);
            }),
        workload(
            "a disk that is full when a block is cut",
            play -> {
              fill(play, 0, 100);
              play.disk().capacity((1L << 20) + 3000);
              play.mayFailFor(play::maintain);
              play.disk().capacity(1L << 30);
              play.maintain();
              fill(play, 100, 120);
            }));
  }

  /// Turns a bit over in a folder's last file, if there is one; whatever is in it may be gone.
  private static void damage(Play play, String folder, int octet) throws IOException {
    List<Path> files = play.files(folder);
    if (files.isEmpty()) {
      return;
    }
    Path file = files.getLast();
    long size = play.disk().size(file);
    if (size == 0) {
      return;
    }
    play.ledger().damaged(play.disk().operations());
    play.ledger().mayGo(key -> true, play.disk().operations());
    play.disk().flipBit(file, Math.min(octet, size - 1) * 8 + 1);
  }
}
