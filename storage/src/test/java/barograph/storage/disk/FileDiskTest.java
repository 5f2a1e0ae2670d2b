package barograph.storage.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What both disks promise, the real one and the simulated one.
class FileDiskTest {
  @TempDir private Path root;

  static Stream<Disk> disks() {
    return Stream.of(new FileDisk(), new SimulatedDisk());
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String text(Disk disk, Path file) throws IOException {
    return new String(disk.readAll(file), UTF_8);
  }

  @ParameterizedTest
  @MethodSource("disks")
  void readsBackWhatWasAppended(Disk disk) throws IOException {
    disk.createFolder(root.resolve("a/b"));
    Path file = root.resolve("a/b/c");
    try (var out = disk.create(file, 0)) {
      out.write(bytes("hello "));
      out.write(bytes("xxworld").position(2));
      assertThat(out.position()).isEqualTo(11);
      out.force();
    }
    assertThat(text(disk, file)).isEqualTo("hello world");
    assertThat(disk.size(file)).isEqualTo(11);
    var some = ByteBuffer.allocate(100);
    assertThat(disk.read(file, 6, some)).isEqualTo(5);
    assertThat(disk.read(file, 600, ByteBuffer.allocate(1))).isZero();
    try (var arena = Arena.ofConfined()) {
      MemorySegment mapped = disk.map(file, arena);
      assertThat(mapped.byteSize()).isEqualTo(11);
      assertThat(mapped.get(ValueLayout.JAVA_BYTE, 4)).isEqualTo((byte) 'o');
      assertThat(mapped.isReadOnly()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("disks")
  void reservedSpaceIsZerosThatAreWrittenOverAndCutOff(Disk disk) throws IOException {
    disk.createFolder(root);
    Path file = root.resolve("f");
    try (var out = disk.create(file, 700_000)) {
      assertThat(disk.size(file)).isEqualTo(700_000);
      out.write(bytes("abc"));
      out.reserve(10);
      assertThat(disk.size(file)).as("reserving never shortens").isEqualTo(700_000);
      out.reserve(800_000);
      assertThat(disk.size(file)).isEqualTo(800_000);
      out.truncate(5);
      assertThat(out.position()).isEqualTo(3);
    }
    assertThat(text(disk, file)).isEqualTo("abc\0\0");
    try (var again = disk.reopen(file, 2)) {
      again.write(bytes("CDEF"));
      again.truncate(4);
      assertThat(again.position()).isEqualTo(4);
    }
    assertThat(text(disk, file)).isEqualTo("abCD");
  }

  @ParameterizedTest
  @MethodSource("disks")
  void namesAreListedRenamedAndDeleted(Disk disk) throws IOException {
    Path folder = root.resolve("n");
    assertThat(disk.list(folder)).isEmpty();
    disk.createFolder(folder);
    disk.createFolder(folder);
    for (String name : new String[] {"b", "a", "c"}) {
      disk.create(folder.resolve(name), 0).close();
    }
    assertThat(disk.list(folder))
        .containsExactly(folder.resolve("a"), folder.resolve("b"), folder.resolve("c"));
    disk.rename(folder.resolve("a"), folder.resolve("c"));
    disk.delete(folder.resolve("b"));
    disk.delete(folder.resolve("b"));
    assertThat(disk.list(folder)).containsExactly(folder.resolve("c"));
    assertThat(disk.exists(folder.resolve("c"))).isTrue();
    assertThat(disk.isFolder(folder.resolve("c"))).isFalse();
    assertThatIOException().isThrownBy(() -> disk.delete(folder));
    disk.rename(folder, root.resolve("m"));
    assertThat(disk.exists(root.resolve("m/c"))).isTrue();
    disk.deleteTree(root.resolve("m"));
    assertThat(disk.isFolder(root.resolve("m"))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("disks")
  void aFileIsCreatedOnceAndOpenedOnlyIfThere(Disk disk) throws IOException {
    disk.createFolder(root);
    disk.create(root.resolve("f"), 0).close();
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> disk.create(root.resolve("f"), 0));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> disk.reopen(root.resolve("g"), 0));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> disk.size(root.resolve("g")));
  }

  @ParameterizedTest
  @MethodSource("disks")
  void aLockIsHeldByOne(Disk disk) throws IOException {
    disk.createFolder(root);
    try (var held = disk.lock(root.resolve("lock"))) {
      assertThat(held).isNotNull();
      assertThatIOException().isThrownBy(() -> disk.lock(root.resolve("lock")));
    }
    disk.lock(root.resolve("lock")).close();
  }

  @Test
  void aFullDiskIsToldFromABrokenOne() throws IOException {
    var full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
    try (var out = new FileDisk().reopen(full, 0)) {
      var bytes = bytes("abc");
      assertThatExceptionOfType(DiskFullException.class)
          .isThrownBy(() -> out.write(bytes))
          .withMessageStartingWith("cannot write to /dev/full: ");
      assertThat(bytes.position()).isZero();
      assertThat(out.position()).isZero();
    }
  }

  @Test
  void checksumsAgreeHoweverTheBytesAreHeld() {
    byte[] digits = "123456789".getBytes(UTF_8);
    assertThat(Checksum.of(digits)).as("the check value of CRC32C").isEqualTo(0xe3069283);
    assertThat(Checksum.of(ByteBuffer.wrap(digits))).isEqualTo(0xe3069283);
    assertThat(Checksum.of(MemorySegment.ofArray(digits), 0, 9)).isEqualTo(0xe3069283);
  }
}
