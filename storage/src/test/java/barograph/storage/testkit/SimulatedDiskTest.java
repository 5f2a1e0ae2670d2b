package barograph.storage.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest {
  private static final Path FOLDER = Path.of("/d");
  private static final Path FILE = Path.of("/d/f");

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  /// Everything that a file may hold after a power cut; "none" where it has no name.
  private static Set<String> outcomes(SimulatedDisk disk) throws IOException {
    var seen = new HashSet<String>();
    for (long seed = 0; seed < 200; seed++) {
      var left = disk.afterPowerCut(seed);
      seen.add(left.exists(FILE) ? new String(left.readAll(FILE), UTF_8) : "none");
    }
    return seen;
  }

  @Test
  void whatIsNotSyncedMayOrMayNotOutliveAPowerCut() throws IOException {
    var disk = new SimulatedDisk();
    disk.createFolder(FOLDER);
    var out = disk.create(FILE, 0);
    out.write(bytes("a"));
    assertThat(outcomes(disk)).containsExactlyInAnyOrder("none", "", "a");
    out.force();
    assertThat(outcomes(disk)).containsExactlyInAnyOrder("none", "a");
    disk.syncFolder(FOLDER);
    assertThat(outcomes(disk)).containsExactly("a");
    out.write(bytes("b"));
    out.write(bytes("c"));
    assertThat(outcomes(disk)).containsExactlyInAnyOrder("a", "ab", "abc", "a\0c");
  }

  @Test
  void aLongWriteMayBeTornBetweenSectors() throws IOException {
    var disk = new SimulatedDisk();
    disk.createFolder(FOLDER);
    var out = disk.create(FILE, 1024);
    out.force();
    disk.syncFolder(FOLDER);
    out.write(bytes("x".repeat(1024)));
    assertThat(outcomes(disk))
        .containsExactlyInAnyOrder(
            "\0".repeat(1024),
            "x".repeat(512) + "\0".repeat(512),
            "\0".repeat(512) + "x".repeat(512),
            "x".repeat(1024));
  }

  @Test
  void aFailedSyncLosesThePagesForGood() throws IOException {
    var disk = new SimulatedDisk();
    disk.createFolder(FOLDER);
    var out = disk.create(FILE, 0);
    disk.syncFolder(FOLDER);
    out.write(bytes("a"));
    disk.failFrom(0, SimulatedDisk.Fault.FORCE_FAILS);
    assertThatExceptionOfType(IOException.class).isThrownBy(out::force);
    disk.heal();
    out.force();
    assertThat(new String(disk.readAll(FILE), UTF_8)).isEqualTo("a");
    assertThat(outcomes(disk)).containsExactly("");
  }

  @Test
  void aFullDiskTakesHalfOfAWriteAndStillWhatIsReserved() throws IOException {
    var disk = new SimulatedDisk();
    disk.createFolder(FOLDER);
    var out = disk.create(FILE, 4);
    disk.capacity(6);
    assertThat(disk.freeBytes(FOLDER)).isEqualTo(2);
    out.write(bytes("abcd"));
    assertThatExceptionOfType(DiskFullException.class).isThrownBy(() -> out.write(bytes("efghij")));
    assertThat(out.position()).isEqualTo(4);
    disk.capacity(100);
    out.write(bytes("EFGHIJ"));
    assertThat(new String(disk.readAll(FILE), UTF_8)).isEqualTo("abcdEFGHIJ");
  }

  @Test
  void aRecordingDiskGoesBackToAnyOperation() throws IOException {
    var disk = SimulatedDisk.recording();
    disk.createFolder(FOLDER);
    var out = disk.create(FILE, 0);
    long before = disk.operations();
    out.write(bytes("a"));
    disk.delete(FILE);
    assertThat(disk.after(before).readAll(FILE)).isEmpty();
    assertThat(new String(disk.after(before + 1).readAll(FILE), UTF_8)).isEqualTo("a");
    assertThat(disk.after(disk.operations()).exists(FILE)).isFalse();
  }
}
