package barograph.storage.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.crash.Quiet;
import barograph.storage.disk.Checksum;
import barograph.storage.disk.UnknownFormatException;
import barograph.storage.golden.GoldenStore.Written;
import barograph.storage.testkit.ProcessDisk;
import barograph.storage.testkit.SharedData;
import barograph.storage.testkit.SimulatedDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Opens what earlier releases wrote, and refuses what later ones will have written.
///
/// `golden/<release>` has the folder as `data.zip` and its samples as `samples.txt`.
/// `-Dgolden.write=0.2.0` writes those of a new release, once.
@ExtendWith(Quiet.class)
class GoldenFolderTest {
  private static final Path GOLDEN =
      SharedData.repositoryRoot().resolve("storage/src/test/resources/golden");

  static Stream<Path> releases() throws IOException {
    try (var folders = Files.list(GOLDEN)) {
      return folders.filter(Files::isDirectory).sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("releases")
  void everySampleOfAnEarlierReleaseIsRead(Path release) throws IOException {
    SimulatedDisk disk = unpack(release);
    try (var store = GoldenStore.open(disk, new ProcessDisk(disk))) {
      assertThat(GoldenStore.samples(store.store()))
          .isEqualTo(Files.readAllLines(release.resolve("samples.txt")));
      assertThat(store.store().status().damages()).isZero();
      store.maintain();
      store.store().compactNow();
      assertThat(GoldenStore.samples(store.store()))
          .isEqualTo(Files.readAllLines(release.resolve("samples.txt")));
    }
  }

  @Test
  void aLogOfAnUnknownFormatIsRefusedAndLeftAsItIs() throws IOException {
    refuses(
        "wal/",
        bytes -> {
          bytes[4]++;
          bytes[512 + 4]++;
        });
  }

  @Test
  void aBlockOfAnUnknownFormatIsRefusedAndLeftAsItIs() throws IOException {
    refuses(
        "block.bg",
        bytes -> {
          bytes[4]++;
          ByteBuffer.wrap(bytes)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(60, Checksum.of(bytes, 0, 60));
        });
  }

  @FunctionalInterface
  private interface Change {
    void apply(byte[] bytes);
  }

  private static void refuses(String part, Change change) throws IOException {
    var files = new TreeMap<>(GoldenStore.write().files());
    Path changed =
        files.keySet().stream()
            .filter(path -> path.toString().contains(part) && files.get(path).length > 1024)
            .findFirst()
            .orElseThrow();
    change.apply(files.get(changed));
    SimulatedDisk disk = diskWith(files);
    long before = disk.fingerprint();
    assertThatExceptionOfType(UnknownFormatException.class)
        .isThrownBy(() -> GoldenStore.open(disk, new ProcessDisk(disk)))
        .withMessageContaining("has format 2")
        .withMessageContaining("expected")
        .withMessageContaining("1");
    assertThat(disk.fingerprint()).isEqualTo(before);
  }

  @Test
  void theFolderOfANewReleaseCanBeWritten(@TempDir Path scratch) throws IOException {
    String name = System.getProperty("golden.write");
    Path release = name == null ? scratch.resolve("new") : GOLDEN.resolve(name);
    write(release);
    everySampleOfAnEarlierReleaseIsRead(release);
  }

  private static void write(Path release) throws IOException {
    Written written = GoldenStore.write();
    Files.createDirectories(release);
    var packed = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(packed)) {
      for (var file : written.files().entrySet()) {
        zip.putNextEntry(new ZipEntry(GoldenStore.FOLDER.relativize(file.getKey()).toString()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    Files.write(release.resolve("data.zip"), packed.toByteArray());
    Files.write(release.resolve("samples.txt"), written.samples());
  }

  private static SimulatedDisk unpack(Path release) throws IOException {
    var files = new TreeMap<Path, byte[]>();
    try (var zip = new ZipInputStream(Files.newInputStream(release.resolve("data.zip")))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(GoldenStore.FOLDER.resolve(entry.getName()), zip.readAllBytes());
      }
    }
    return diskWith(files);
  }

  private static SimulatedDisk diskWith(Map<Path, byte[]> files) {
    var disk = new SimulatedDisk();
    files.forEach((path, bytes) -> {
      try {
        disk.createFolder(path.getParent());
        try (var out = disk.create(path, 0)) {
          out.write(ByteBuffer.wrap(bytes));
          out.force();
        }
        disk.syncFolder(path.getParent());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    return disk;
  }
}
