package barograph.storage.crash;

import barograph.storage.block.BlockDamage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Starts of all kinds, damage, and a disk that is full.
final class TroubleWorkloads {
  private TroubleWorkloads() {}

  static List<Workload> starting() {
    return List.of(
        Workload.of(
            "a snapshot while samples come in",
            play -> {
              play.fill(0, 100);
              play.maintain();
              play.whenMaking(
                  file -> file.contains("block.bg"), () -> play.batch().row("t", 100, 4).send());
              play.step(() -> play.store().snapshot(true));
              play.fill(110, 130);
            }),
        Workload.of(
            "a clean stop and a restart",
            play -> {
              play.batch().row("t", 0, 4).send();
              play.restart();
              play.batch().row("t", 15, 4).send();
            }),
        Workload.of(
            "two restarts",
            play -> {
              play.fill(0, 100);
              play.maintain();
              play.restart();
              play.restart();
              play.fill(100, 130);
            }),
        Workload.of(
            "kills and restarts",
            play -> {
              play.fill(0, 40);
              play.kill();
              play.kill();
              play.fill(40, 100);
              play.maintain();
              play.kill();
              play.fill(100, 120);
            }),
        Workload.of(
            "a kill between block and checkpoint",
            play -> {
              play.fill(0, 100);
              play.maintain();
              play.kill();
              play.maintain();
              play.batch().row("t", 110, 3).send();
              play.kill();
            }));
  }

  static List<Workload> trouble() {
    return List.of(
        Workload.of(
            "a damaged block is put aside",
            play -> {
              play.fill(0, 100);
              play.maintain();
              play.fill(100, 160);
              play.maintain();
              play.restartAfter(() -> damage(play, "blocks", 20));
              play.fill(160, 180);
              play.maintain();
            }),
        Workload.of(
            "a damaged log is read as far as it goes",
            play -> {
              play.fill(0, 60);
              damage(play, "wal", 1400);
              play.kill();
              play.fill(60, 90);
              play.restart();
            }),
        Workload.of(
            "a damaged checkpoint is put aside",
            play -> {
              play.fill(0, 60);
              play.restartAfter(() -> damage(play, "head", 20));
              play.fill(60, 90);
              play.restart();
            }),
        Workload.of(
            "a full disk, then space",
            play -> {
              play.fill(0, 30);
              play.disk().capacity(1L << 20);
              play.mayFailFor(() -> play.batch().row("t", 40, 4).row("n", 40, 2000).send());
              play.mayFailFor(play::maintain);
              play.disk().capacity(1L << 30);
              play.sendUntilTaken("again", 50);
              play.fill(60, 80);
            }),
        Workload.of(
            "a disk that is full when a block is cut",
            play -> {
              play.fill(0, 100);
              play.disk().capacity((1L << 20) + 3000);
              play.mayFailFor(play::maintain);
              play.disk().capacity(1L << 30);
              play.maintain();
              play.fill(100, 120);
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
    long bit = Math.min(octet, size - 1) * 8 + 1;
    if (file.endsWith("block.bg")) {
      BlockDamage.flip(play.disk(), file, bit);
    } else {
      play.disk().flipBit(file, bit);
    }
  }
}
