package barograph.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.model.Damage;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import barograph.storage.testkit.ProcessDisk;
import barograph.storage.testkit.SimulatedDisk;
import barograph.storage.testkit.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogTailTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final long BEGIN = NOW.minus(Duration.ofHours(1)).toEpochMilli();
  private static final long CAP = 1L << 30;

  /// Where a segment's frames begin.
  private static final int FIRST_FRAME = 1024;

  /// A sample as it was sent or received.
  private record Told(Labels labels, long time, double value) {}

  /// Remembers what a tail says.
  private static final class Hearing implements LogTail.Receiver {
    private final List<Double> received = new ArrayList<>();
    private final List<Damage> lost = new ArrayList<>();

    @Override
    public void sample(int ref, long timestampMillis, double value) {
      received.add(value);
    }

    @Override
    public void lost(Damage damage) {
      lost.add(damage);
    }
  }

  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<Told> sent = new ArrayList<>();
  private int steps;

  private Store open() throws IOException {
    var options = StoreOptions.in(FOLDER).withCheckpoints(Duration.ofDays(1), 1);
    return Store.open(options, disk, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
  }

  /// Sends a row of three series and a single sample.
  private void send(Store store) {
    var batch = new SampleBatch();
    long time = BEGIN + steps * 1000L;
    for (int i = 0; i < 4; i++) {
      Labels labels = Labels.of("__name__", "m" + i, "instance", "a");
      double value = steps * 0.5 + i;
      long itsTime = i == 3 ? time + 500 : time;
      batch.add(store.appender().seriesFor(labels, "target"), itsTime, value);
      sent.add(new Told(labels, itsTime, value));
    }
    steps++;
    assertThat(store.appender().append(batch).join().complete()).isTrue();
  }

  private static List<Told> readAll(LogTail tail) throws IOException {
    var received = new ArrayList<Told>();
    while (tail.read(
        200,
        (ref, time, value) ->
            received.add(new Told(Objects.requireNonNull(tail.labels(ref)), time, value)))) {
      // Two hundred bytes more.
    }
    return received;
  }

  @Test
  void handsOverWhatWasAcceptedInOrder() throws IOException {
    try (Store store = open()) {
      send(store);
      sent.clear();
      LogTail tail = store.tail("forward", CAP);
      assertThat(readAll(tail)).as("of before").isEmpty();
      for (int i = 0; i < 50; i++) {
        send(store);
      }
      assertThat(readAll(tail)).isEqualTo(sent);
      assertThat(readAll(tail)).isEmpty();
    }
  }

  @Test
  void goesOnAfterAKillWhereItWasReleased() throws IOException {
    Store store = open();
    LogTail tail = store.tail("forward", CAP);
    send(store);
    send(store);
    assertThat(readAll(tail)).isEqualTo(sent);
    tail.release();
    sent.clear();
    send(store);
    send(store);
    assertThat(readAll(tail)).hasSize(8);
    SimulatedDisk left = disk.afterKill();
    store.close();
    var options = StoreOptions.in(FOLDER);
    try (Store again =
        Store.open(options, left, InstantSource.fixed(NOW), StoreWatcher.NONE, false)) {
      assertThat(readAll(again.tail("forward", CAP))).as("not released").isEqualTo(sent);
    }
  }

  @Test
  void theLogIsKeptUntilItIsReleased() throws IOException {
    try (Store store = open()) {
      LogTail tail = store.tail("forward", CAP);
      for (int i = 0; i < 5; i++) {
        send(store);
        store.maintenance().maintain();
      }
      int kept = disk.list(FOLDER.resolve("wal")).size();
      assertThat(readAll(tail)).isEqualTo(sent);
      tail.release();
      send(store);
      store.maintenance().maintain();
      assertThat(disk.list(FOLDER.resolve("wal"))).hasSizeLessThan(kept);
      assertThat(readAll(tail)).isEqualTo(sent.subList(20, 24));
      store.forgetTail("forward");
      send(store);
      store.maintenance().maintain();
      assertThat(disk.list(FOLDER.resolve("wal"))).hasSize(1);
    }
  }

  @Test
  void whatIsDeletedUnreadBeyondTheCapIsTold() throws IOException {
    try (Store store = open()) {
      LogTail tail = store.tail("forward", 1);
      for (int i = 0; i < 5; i++) {
        send(store);
        store.maintenance().maintain();
      }
      assertThat(disk.list(FOLDER.resolve("wal"))).hasSize(1);
      send(store);
      var receiver = new Hearing();
      assertThat(tail.read(1 << 20, receiver)).isFalse();
      assertThat(receiver.received).containsExactly(2.5, 3.5, 4.5, 5.5);
      assertThat(receiver.lost)
          .singleElement()
          .satisfies(damage -> {
            assertThat(damage.samples()).isEqualTo(20);
            var range = Objects.requireNonNull(damage.lost());
            assertThat(range.startMillis()).isEqualTo(BEGIN);
            assertThat(range.endMillis()).isEqualTo(BEGIN + 4_500);
          });
    }
  }

  @Test
  void whatWasDeletedUnreadIsToldAfterAKillToo() throws IOException {
    Store store = open();
    LogTail tail = store.tail("forward", 1);
    byte[] note = {1, 2, 3};
    tail.release(tail.mark(), note);
    for (int i = 0; i < 3; i++) {
      send(store);
      store.maintenance().maintain();
    }
    SimulatedDisk left = disk.afterKill();
    store.close();
    var options = StoreOptions.in(FOLDER).withCheckpoints(Duration.ofDays(1), 1);
    try (Store again =
        Store.open(options, left, InstantSource.fixed(NOW), StoreWatcher.NONE, false)) {
      LogTail same = again.tail("forward", 1);
      assertThat(same.note()).isEqualTo(note);
      send(again);
      again.maintenance().maintain();
      var first = new Hearing();
      same.read(1 << 20, first);
      assertThat(first.lost).singleElement().extracting(Damage::samples).isEqualTo(16L);
      assertThat(Objects.requireNonNull(first.lost.getFirst().lost()).startMillis())
          .isEqualTo(BEGIN);
      same.release();
      left = left.afterKill();
    }
    try (Store last =
        Store.open(options, left, InstantSource.fixed(NOW), StoreWatcher.NONE, false)) {
      var second = new Hearing();
      last.tail("forward", 1).read(1 << 20, second);
      assertThat(second.lost).as("told before").isEmpty();
    }
  }

  @Test
  void whatSeveralPartsOfTheLogHeldIsToldWhenTheyAreDeletedTogether() throws IOException {
    Store store = open();
    store.tail("forward", CAP);
    for (int i = 0; i < 3; i++) {
      send(store);
      store.maintenance().maintain();
    }
    LogTail tail = store.tail("forward", 1);
    send(store);
    store.maintenance().maintain();
    var receiver = new Hearing();
    tail.read(1 << 20, receiver);
    assertThat(receiver.lost).singleElement().extracting(Damage::samples).isEqualTo(16L);
    store.close();
  }

  @Test
  void whatIsDeletedUnreadIsToldEvenIfNobodyKnowsHowMuchItWas() throws IOException {
    Store store = open();
    store.tail("forward", CAP);
    for (int i = 0; i < 3; i++) {
      send(store);
      store.maintenance().maintain();
    }
    damageHeaders(disk, 2);
    LogTail tail = store.tail("forward", 1);
    send(store);
    store.maintenance().maintain();
    SimulatedDisk left = disk.afterKill();
    var receiver = new Hearing();
    tail.read(1 << 20, receiver);
    store.close();
    for (Hearing each : List.of(receiver, heardAfterStart(left, 1))) {
      assertThat(each.lost)
          .singleElement()
          .satisfies(damage -> {
            assertThat(damage.samples()).isEqualTo(-1);
            assertThat(damage.lost()).isNull();
          });
    }
  }

  @Test
  void aPartOfTheLogThatCannotBeReadIsALossEvenIfTheNextOneCannotSayIt() throws IOException {
    Store store = open();
    store.tail("forward", CAP);
    for (int i = 0; i < 4; i++) {
      send(store);
      store.maintenance().maintain();
    }
    SimulatedDisk left = disk.afterKill();
    store.close();
    damageHeaders(left, 2);
    damageHeaders(left, 3);
    Hearing receiver = heardAfterStart(left, CAP);
    assertThat(receiver.received).hasSize(8);
    assertThat(receiver.lost).extracting(Damage::samples).containsExactly(-1L, 4L);
  }

  /// Both copies.
  private static void damageHeaders(SimulatedDisk disk, long number) throws IOException {
    Path segment = FOLDER.resolve("wal").resolve("%016x".formatted(number));
    disk.flipBit(segment, 20 * 8L);
    disk.flipBit(segment, (FIRST_FRAME / 2 + 20) * 8L);
  }

  @Test
  void whatWasToldAndNotReleasedIsToldAgain() throws IOException {
    Store store = open();
    LogTail tail = store.tail("forward", 1);
    for (int i = 0; i < 3; i++) {
      send(store);
      store.maintenance().maintain();
      tail.read(1 << 20, new Hearing());
    }
    SimulatedDisk left = disk.afterKill();
    store.close();
    Hearing receiver = heardAfterStart(left, 1);
    assertThat(receiver.lost).singleElement().extracting(Damage::samples).isEqualTo(12L);
  }

  /// What the tail hears of a store that is started on this disk.
  private static Hearing heardAfterStart(SimulatedDisk left, long capBytes) throws IOException {
    try (Store again =
        Store.open(
            StoreOptions.in(FOLDER), left, InstantSource.fixed(NOW), StoreWatcher.NONE, false)) {
      var receiver = new Hearing();
      again.tail("forward", capBytes).read(1 << 20, receiver);
      return receiver;
    }
  }

  /// A start sees what a killed process has written and not synced, and a power cut takes it then.
  @Test
  void zerosBehindTheLastFrameAreNoLossIfTheNextPartHasLostItsHeader() throws IOException {
    Store store = open();
    store.tail("forward", CAP);
    send(store);
    SimulatedDisk left = disk.afterKill();
    store.close();
    for (int start = 0; start < 2; start++) {
      Store again =
          Store.open(
              StoreOptions.in(FOLDER), left, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
      SimulatedDisk next = left.afterKill();
      again.close();
      left = next;
    }
    Path second = left.list(FOLDER.resolve("wal")).get(1);
    left.delete(second);
    try (var blank = left.create(second, 0)) {
      blank.write(ByteBuffer.allocate(4 * FIRST_FRAME));
    }
    Hearing receiver = heardAfterStart(left, CAP);
    assertThat(receiver.received).hasSize(4);
    assertThat(receiver.lost).isEmpty();
  }

  @Test
  void aPartOfTheLogThatWasOnlyBegunIsNoLoss() throws IOException {
    Store store = open();
    store.tail("forward", CAP);
    send(store);
    SimulatedDisk left = disk.afterKill();
    store.close();
    left.create(FOLDER.resolve("wal").resolve("0000000000000002"), 0).close();
    Hearing receiver = heardAfterStart(left, CAP);
    assertThat(receiver.received).hasSize(4);
    assertThat(receiver.lost).isEmpty();
  }

  /// What is acknowledged before it is synced has holes after a power cut. Of what was synced
  /// nothing may be missing, and of the rest nobody was told that it is stored for good.
  @Test
  void whatAPowerCutTearsOfTheUnsyncedIsNoLoss() throws IOException {
    var options = StoreOptions.in(FOLDER).withDurability(StoreOptions.Durability.ASYNC);
    Store store = Store.open(options, disk, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
    store.tail("forward", CAP);
    for (int i = 0; i < 12; i++) {
      send(store);
    }
    int holes = 0;
    for (long seed = 1; seed <= 60; seed++) {
      try (Store again =
          Store.open(
              options,
              disk.afterPowerCut(seed),
              InstantSource.fixed(NOW),
              StoreWatcher.NONE,
              false)) {
        var receiver = new Hearing();
        again.tail("forward", CAP).read(1 << 20, receiver);
        assertThat(receiver.lost).as("seed %d", seed).isEmpty();
        List<Double> all = sent.stream().map(Told::value).toList();
        if (!receiver.received.equals(all.subList(0, receiver.received.size()))) {
          holes++;
        }
      }
    }
    assertThat(holes).as("power cuts that have left something behind a hole").isPositive();
    store.close();
  }

  @Test
  void aFrameThatWasSyncedAndIsDamagedIsALossInAnyPartOfTheLog() throws IOException {
    Store store = open();
    store.tail("forward", CAP);
    for (int i = 0; i < 3; i++) {
      send(store);
    }
    SimulatedDisk left = disk.afterKill();
    store.close();
    Path segment = left.list(FOLDER.resolve("wal")).getFirst();
    left.flipBit(segment, (FIRST_FRAME + 20) * 8L);
    for (int start = 0; start < 2; start++) {
      try (Store again =
          Store.open(
              StoreOptions.in(FOLDER), left, InstantSource.fixed(NOW), StoreWatcher.NONE, false)) {
        var receiver = new Hearing();
        again.tail("forward", CAP).read(1 << 20, receiver);
        assertThat(receiver.lost).hasSize(1);
        left = left.afterKill();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Fault.class)
  void nothingIsDeletedUnreadIfThatCannotBeWrittenDown(Fault fault) throws IOException {
    var process = new ProcessDisk(disk);
    var options = StoreOptions.in(FOLDER).withCheckpoints(Duration.ofDays(1), 1);
    Store store = Store.open(options, process, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
    LogTail tail = store.tail("forward", 1);
    // A journal so long is written anew for the next record.
    tail.release(tail.mark(), new byte[1 << 17]);
    send(store);
    process.whenMaking(
        file -> file.toString().contains("forward.journal"),
        () -> disk.failOnce(disk.operations(), fault));
    assertThatThrownBy(() -> store.maintenance().maintain())
        .hasMessageContaining("cannot keep the position of forward");
    SimulatedDisk left = disk.afterKill();
    store.close();
    Hearing receiver = heardAfterStart(left, CAP);
    assertThat(receiver.received).hasSize(4);
    assertThat(receiver.lost).isEmpty();
  }

  @Test
  void whereverAKillMeetsADeletionWhatWaitsIsEitherHandedOverOrTold() throws IOException {
    var recording = SimulatedDisk.recording();
    var options = StoreOptions.in(FOLDER).withCheckpoints(Duration.ofDays(1), 1);
    Store store =
        Store.open(options, recording, InstantSource.fixed(NOW), StoreWatcher.NONE, false);
    store.tail("forward", 1);
    send(store);
    long from = recording.operations();
    store.maintenance().maintain();
    long to = recording.operations();
    store.close();
    for (long operation = from; operation <= to; operation++) {
      SimulatedDisk left = recording.after(operation).afterKill();
      Hearing receiver = heardAfterStart(left, CAP);
      long told = receiver.lost.stream().mapToLong(Damage::samples).sum();
      assertThat(receiver.received.size() + told).as("operation %d", operation).isEqualTo(4);
    }
  }

  @Test
  void comesBackWithItsNoteAndReadsNoFurtherThanAMark() throws IOException {
    Store store = open();
    LogTail tail = store.tail("forward", CAP);
    send(store);
    assertThat(readAll(tail)).hasSize(4);
    LogTail.Mark begin = tail.mark();
    sent.clear();
    send(store);
    assertThat(readAll(tail)).hasSize(4);
    LogTail.Mark end = tail.mark();
    tail.release(begin, new byte[] {1, 2, 3});
    send(store);
    assertThat(readAll(tail)).hasSize(4);
    SimulatedDisk left = disk.afterKill();
    store.close();
    var options = StoreOptions.in(FOLDER);
    try (Store again =
        Store.open(options, left, InstantSource.fixed(NOW), StoreWatcher.NONE, false)) {
      LogTail same = again.tail("forward", CAP);
      assertThat(same.note()).containsExactly(1, 2, 3);
      assertThat(same.waitingBytes()).isPositive();
      var received = new ArrayList<Told>();
      while (same.read(
          1,
          end,
          (ref, time, value) ->
              received.add(new Told(Objects.requireNonNull(same.labels(ref)), time, value)))) {
        // A frame more.
      }
      assertThat(received).isEqualTo(sent.subList(0, 4));
      assertThat(same.mark()).isEqualTo(end);
      assertThat(again.tails()).containsExactly("forward");
    }
  }

  @Test
  void aSilentSeriesIsKnownUntilItsSamplesAreReleased() throws IOException {
    try (Store store = open()) {
      LogTail tail = store.tail("forward", CAP);
      send(store);
      Labels busy = Labels.of("__name__", "busy");
      var batch = new SampleBatch();
      batch.add(store.appender().seriesFor(busy, ""), NOW.toEpochMilli(), 1);
      assertThat(store.appender().append(batch).join().complete()).isTrue();
      store.compactNow();
      store.maintenance().maintain();
      assertThat(store.status().series()).isEqualTo(5);
      assertThat(readAll(tail).subList(0, 4)).isEqualTo(sent);
      tail.release();
      store.maintenance().maintain();
      assertThat(store.status().series()).as("the busy one").isEqualTo(1);
    }
  }

  @Test
  void tellsWhatCameLateFromWhatCameInOrder() throws IOException {
    try (Store store = open()) {
      LogTail tail = store.tail("forward", CAP);
      int ref = store.appender().seriesFor(Labels.of("__name__", "m"), "");
      for (long time : new long[] {BEGIN + 2000, BEGIN + 1000}) {
        var batch = new SampleBatch();
        batch.add(ref, time, 1);
        assertThat(store.appender().append(batch).join().complete()).isTrue();
      }
      var exemplar = new Exemplar(Labels.of("trace_id", "7"), 3, BEGIN + 2000);
      store.appender().appendExemplars(List.of(new SeriesExemplar(ref, exemplar))).join();
      var heard = new ArrayList<String>();
      tail.read(
          1 << 20,
          new LogTail.Receiver() {
            @Override
            public void sample(int ref, long timestampMillis, double value) {
              heard.add("sample at " + (timestampMillis - BEGIN));
            }

            @Override
            public void late(int ref, long timestampMillis, double value) {
              heard.add("late at " + (timestampMillis - BEGIN));
            }

            @Override
            public void exemplar(int ref, Exemplar exemplar) {
              heard.add("exemplar of " + exemplar.value());
            }
          });
      assertThat(heard).containsExactly("sample at 2000", "late at 1000", "exemplar of 3.0");
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverHappensEverythingComesOnceAndInOrder(long seed) throws IOException {
    var random = new Random(seed);
    var received = new ArrayList<Told>();
    Store store = open();
    LogTail tail = store.tail("forward", CAP);
    for (int i = 0; i < 200; i++) {
      switch (random.nextInt(8)) {
        case 0 -> {
          received.addAll(readAll(tail));
          tail.release();
        }
        case 1 -> store.maintenance().maintain();
        case 2 -> {
          received.addAll(readAll(tail));
          tail.release();
          store.close();
          store = open();
          tail = store.tail("forward", CAP);
        }
        default -> send(store);
      }
    }
    received.addAll(readAll(tail));
    assertThat(received).isEqualTo(sent);
    store.close();
  }
}
