package barograph.storage.crash;

import barograph.storage.StoreOptions.Durability;
import java.io.IOException;
import java.util.List;

/// A reader that follows the log, as forwarding does: read, sent on, released.
final class TailWorkloads {
  private static final long ENOUGH = Long.MAX_VALUE;

  private TailWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
            "a tail that keeps up",
            play -> {
              play.batch().row("t", 0, 3).send();
              keepsUp(play);
            }),
        Workload.of(
            "a tail of what is acknowledged before it is synced",
            options -> options.withDurability(Durability.ASYNC),
            TailWorkloads::keepsUp),
        Workload.of("a tail that stops in the middle", TailWorkloads::stopsInTheMiddle),
        Workload.of(
            "a tail that is behind while checkpoints and blocks are made",
            Workload::checkpointing,
            play -> {
              play.fill(0, 20);
              play.beginTail(ENOUGH);
              for (int minute = 0; minute < 3; minute++) {
                play.fill(minute * 60 + 20, minute * 60 + 80, 20);
                play.maintain();
              }
              play.readTail();
              play.releaseTail();
              play.maintain();
              play.restart();
              play.fill(200, 240, 20);
              play.readTailOut();
              play.releaseTail();
              play.maintain();
            }),
        Workload.of(
            "a tail of late samples, histograms and series that end",
            Workload::checkpointing,
            TailWorkloads::everyKind),
        Workload.of(
            "a tail for which less is kept than waits",
            Workload::checkpointing,
            play -> {
              play.beginTail(1);
              for (int i = 0; i < 3; i++) {
                play.batch().row("t", i * 20, 3).send();
                play.maintain();
              }
              play.batch().row("t", 60, 3).send();
              play.readTailOut();
              play.releaseTail();
              play.kill();
              play.batch().row("t", 80, 3).send();
              play.maintain();
              play.restart();
              play.readTailOut();
              play.releaseTail();
            }));
  }

  private static void keepsUp(Play play) throws IOException {
    play.beginTail(ENOUGH);
    for (int i = 1; i < 5; i++) {
      play.batch().row("t", i * 15, 3).add("u", "u", i * 15, i).send();
      play.readTailOut();
      play.releaseTail();
    }
    play.restart();
    play.batch().row("t", 100, 3).send();
    play.readTailOut();
    play.releaseTail();
  }

  private static void stopsInTheMiddle(Play play) throws IOException {
    play.beginTail(ENOUGH);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 4; i++) {
        play.batch()
            .row("t", round * 100 + i * 15, 3)
            .run("r", "r", round * 100 + i * 15, 1, 5)
            .send();
      }
      play.readTail();
      play.releaseTail();
      play.readTail();
      play.kill();
    }
    play.readTailOut();
    play.releaseTail();
  }

  /// Histograms of both orders, a series that ends while the tail is behind, and one that comes
  /// again.
  private static void everyKind(Play play) throws IOException {
    play.beginTail(ENOUGH);
    play.batch().row("old", 0, 2).row("t", 0, 1).histogram("t", "h", 0).send();
    for (int minute = 5; minute <= 15; minute += 5) {
      play.batch().row("t", minute * 60, 1).histogram("t", "h", minute * 60).send();
      play.batch()
          .add("t", "t_0", minute * 60 - 7.5, 5)
          .histogram("t", "h", minute * 60 - 9)
          .send();
      play.maintain();
    }
    play.restart();
    play.readTailOut();
    play.releaseTail();
    play.maintain();
    play.batch().row("old", 16 * 60, 3).row("t", 16 * 60, 1).send();
    play.readTailOut();
  }
}
