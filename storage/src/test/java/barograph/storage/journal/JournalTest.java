package barograph.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.disk.AppendFile;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.Disk;
import barograph.storage.testkit.SimulatedDisk;
import barograph.storage.testkit.SimulatedDisk.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
  private static final Path FOLDER = Path.of("/data/state");
  private static final Path FILE = FOLDER.resolve("alerts.journal");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Journal open(Disk disk, List<String> records) throws IOException {
    return Journal.open(
        disk, FOLDER, "alerts", bytes -> records.add(new String(bytes, StandardCharsets.UTF_8)));
  }

  private static List<String> read(Disk disk) throws IOException {
    var records = new ArrayList<String>();
    open(disk, records).close();
    return records;
  }

  private static List<String> numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "record " + i).toList();
  }

  private static SimulatedDisk withRecords(int count) throws IOException {
    var disk = new SimulatedDisk();
    try (var journal = open(disk, new ArrayList<>())) {
      numbered(0, count).forEach(record -> journal.append(bytes(record)).join());
    }
    return disk;
  }

  @Test
  void givesBackItsRecordsInOrder(@TempDir Path folder) throws IOException {
    try (var journal = Journal.open(folder, "audit", record -> {})) {
      var _ = journal.append(bytes("one"));
      var _ = journal.append(bytes(""));
      var _ = journal.append(bytes("three"));
    }
    var found = new ArrayList<String>();
    try (var journal =
        Journal.open(
            folder, "audit", bytes -> found.add(new String(bytes, StandardCharsets.UTF_8)))) {
      assertThat(journal.damages()).isEmpty();
      journal.append(bytes("four")).join();
    }
    assertThat(found).containsExactly("one", "", "three");
  }

  @Test
  void aRewritingTakesThePlaceOfAllThatWasBefore() throws IOException {
    var disk = withRecords(100);
    try (var journal = open(disk, new ArrayList<>())) {
      long before = journal.bytes();
      var _ = journal.append(bytes("lost in the rewriting"));
      journal.rewrite(List.of(bytes("a"), bytes("b"))).join();
      journal.append(bytes("c")).join();
      assertThat(journal.bytes()).isLessThan(before);
    }
    assertThat(read(disk)).containsExactly("a", "b", "c");
  }

  @Test
  void aRecordThatIsTooLongIsRefused() throws IOException {
    try (var journal = open(new SimulatedDisk(), new ArrayList<>())) {
      assertThatThrownBy(() -> journal.append(new byte[(16 << 20) + 1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected at most 16777216");
    }
  }

  @Test
  void aClosedJournalTakesNothing() throws IOException {
    var journal = open(new SimulatedDisk(), new ArrayList<>());
    journal.close();
    assertThat(journal.append(bytes("late"))).isCompletedExceptionally();
  }

  /// What was sent, and what was acknowledged once the disk had seen so many operations.
  private record Acknowledged(long operations, List<String> state) {}

  /// Appends and rewrites at random; the states in their order, with when each was safe.
  private static List<Acknowledged> run(SimulatedDisk disk, Random random) throws IOException {
    var states = new ArrayList<Acknowledged>();
    var state = new ArrayList<String>();
    try (var journal = open(disk, new ArrayList<>())) {
      states.add(new Acknowledged(disk.operations(), List.of()));
      for (int i = 0; i < 40; i++) {
        CompletableFuture<@Nullable Void> done;
        if (random.nextInt(8) == 0) {
          state.removeIf(record -> random.nextBoolean());
          done = journal.rewrite(state.stream().map(JournalTest::bytes).toList());
        } else {
          state.add("record %d %s".formatted(i, "x".repeat(random.nextInt(700))));
          done = journal.append(bytes(state.getLast()));
        }
        done.join();
        states.add(new Acknowledged(disk.operations(), List.copyOf(state)));
      }
    }
    return states;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void whereverItStopsWhatWasAcknowledgedIsThere(long seed) throws IOException {
    var disk = SimulatedDisk.recording();
    var states = run(disk, new Random(seed));
    for (long k = 0; k <= disk.operations(); k++) {
      int known = -1;
      for (int i = 0; i < states.size(); i++) {
        known = states.get(i).operations <= k ? i : known;
      }
      var next = known + 1 < states.size() ? states.get(known + 1).state : List.<String>of();
      var now = known < 0 ? List.<String>of() : states.get(known).state;
      for (int cut = 0; cut < 4; cut++) {
        var then = disk.after(k);
        var left = cut == 0 ? then.afterKill() : then.afterPowerCut(seed * 1000 + k * 10 + cut);
        var found = new ArrayList<String>();
        try (var journal = open(left, found)) {
          assertThat(journal.damages()).as("operation %d, cut %d", k, cut).isEmpty();
          journal.append(bytes("goes on")).join();
        }
        assertThat(found).as("operation %d, cut %d", k, cut).isIn(now, next);
        found.add("goes on");
        assertThat(read(left.afterPowerCut(cut))).isEqualTo(found);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aFlippedBitCostsOneRecordAndIsReported(long seed) throws IOException {
    var random = new Random(seed);
    var sent = numbered(0, 20);
    for (int flip = 0; flip < 60; flip++) {
      var disk = withRecords(20);
      disk.flipBit(FILE, random.nextLong(disk.size(FILE) * 8));
      var found = new ArrayList<String>();
      try (var journal = open(disk, found)) {
        assertThat(sent).containsAll(found);
        assertThat(found).hasSizeGreaterThanOrEqualTo(19);
        if (found.size() < 20 && found.contains("record 19")) {
          assertThat(journal.damages()).hasSize(1);
        }
      }
      assertThat(disk.list(FOLDER.resolve("quarantine"))).hasSize(1);
      assertThat(read(disk)).as("it reads the same again").isEqualTo(found);
    }
  }

  @Test
  void onAFullDiskRecordsFailAndLaterOnesAreTaken() throws IOException {
    var disk = withRecords(3);
    try (var journal = open(disk, new ArrayList<>())) {
      disk.failFrom(disk.operations(), Fault.FULL);
      assertThatThrownBy(() -> journal.append(bytes("no room")).join())
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("the disk is full");
      assertThatThrownBy(() -> journal.rewrite(List.of(bytes("no room"))).join())
          .hasMessageContaining("the disk is full");
      disk.heal();
      journal.append(bytes("room")).join();
    }
    assertThat(read(disk)).containsExactly("record 0", "record 1", "record 2", "room");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BROKEN", "FORCE_FAILS"})
  void onAFailingDiskNothingIsAcknowledgedAnyMore(String fault) throws IOException {
    var disk = withRecords(3);
    try (var journal = open(disk, new ArrayList<>())) {
      disk.failFrom(disk.operations(), Fault.valueOf(fault));
      assertThat(journal.append(bytes("a")).handle((done, why) -> why).join()).isNotNull();
      disk.heal();
      assertThatThrownBy(() -> journal.append(bytes("b")).join())
          .hasMessageContaining("has failed");
    }
    assertThat(read(disk.afterPowerCut(1))).startsWith("record 0", "record 1", "record 2");
  }

  @Test
  void anotherReleasesFormatIsRefused() throws IOException {
    var disk = withRecords(1);
    ByteBuffer header = JournalFormat.header();
    header.putInt(4, 2).putInt(12, Checksum.of(header.slice(0, 12)));
    try (AppendFile file = disk.reopen(FILE, 0)) {
      file.write(header);
    }
    assertThatThrownBy(() -> read(disk)).hasMessageContaining("has format 2, expected 1");
  }
}
