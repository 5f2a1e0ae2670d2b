package barograph.storage.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryDiskTest {
  private static final Path FOLDER = Path.of("data");
  private static final Path FILE = FOLDER.resolve("one");

  private final MemoryDisk disk = new MemoryDisk(100);

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  private String text(Path file) throws IOException {
    return new String(disk.readAll(file), US_ASCII);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    try (var file = disk.create(FILE, 0)) {
      file.write(bytes("hello "));
      file.write(bytes("world"));
      file.overwrite(0, bytes("J"));

      assertThat(file.position()).isEqualTo(11);
    }
    try (var file = disk.reopen(FILE, 6)) {
      file.write(bytes("W"));
    }

    assertThat(text(FILE)).isEqualTo("Jello World");
    try (var arena = Arena.ofConfined()) {
      assertThat(disk.map(FILE, arena).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo("Jello World".getBytes(US_ASCII));
    }
  }

  @Test
  void whatIsReservedIsZeroAndTakesNoRoom() throws IOException {
    try (var file = disk.create(FILE, 1000)) {
      file.write(bytes("abc"));

      assertThat(disk.size(FILE)).isEqualTo(1000);
      assertThat(disk.freeBytes(FOLDER)).isEqualTo(97);
      assertThat(disk.readAll(FILE)).startsWith('a', 'b', 'c', 0).endsWith(0);
    }
  }

  @Test
  void whatIsCutOffIsGone() throws IOException {
    try (var file = disk.create(FILE, 0)) {
      file.write(bytes("abcdef"));
      file.truncate(2);
      file.reserve(4);

      assertThat(file.position()).isEqualTo(2);
      assertThat(disk.readAll(FILE)).containsExactly('a', 'b', 0, 0);
      assertThat(disk.freeBytes(FOLDER)).isEqualTo(98);
    }
  }

  @Test
  void aFullDiskSaysSoAndHasRoomAgainAfterADeletion() throws IOException {
    try (var file = disk.create(FILE, 0)) {
      file.write(ByteBuffer.allocate(80));

      assertThatThrownBy(() -> file.write(ByteBuffer.allocate(21)))
          .isInstanceOf(DiskFullException.class)
          .hasMessage("cannot write to %s: 100 bytes of memory are used up", FILE);
      assertThat(file.position()).isEqualTo(80);
    }
    disk.delete(FILE);

    assertThat(disk.freeBytes(FOLDER)).isEqualTo(100);
    assertThat(disk.exists(FILE)).isFalse();
  }

  @Test
  void aFolderIsListedInOrderAndWhatIsBelowItIsNot() throws IOException {
    disk.createFolder(FOLDER.resolve("b").resolve("c"));
    disk.create(FOLDER.resolve("a"), 0).close();
    disk.create(FOLDER.resolve("b").resolve("d"), 0).close();

    assertThat(disk.list(FOLDER)).containsExactly(FOLDER.resolve("a"), FOLDER.resolve("b"));
    assertThat(disk.isFolder(FOLDER.resolve("b"))).isTrue();
    assertThat(disk.isFolder(FOLDER.resolve("a"))).isFalse();
    assertThat(disk.list(Path.of("elsewhere"))).isEmpty();
  }

  @Test
  void whatIsRenamedTakesAllBelowItAlong() throws IOException {
    disk.createFolder(FOLDER.resolve("old"));
    try (var file = disk.create(FOLDER.resolve("old").resolve("x"), 0)) {
      file.write(bytes("x"));
    }
    disk.rename(FOLDER.resolve("old"), FOLDER.resolve("new"));

    assertThat(disk.list(FOLDER)).containsExactly(FOLDER.resolve("new"));
    assertThat(text(FOLDER.resolve("new").resolve("x"))).isEqualTo("x");
  }

  @Test
  void whatAFileReplacesGivesItsRoomBack() throws IOException {
    try (var old = disk.create(FILE, 0);
        var fresh = disk.create(FOLDER.resolve("fresh"), 0)) {
      old.write(ByteBuffer.allocate(40));
      fresh.write(bytes("new"));
    }
    disk.rename(FOLDER.resolve("fresh"), FILE);

    assertThat(text(FILE)).isEqualTo("new");
    assertThat(disk.freeBytes(FOLDER)).isEqualTo(97);
  }

  @Test
  void aFileIsMadeOnceAndHasToBeThereToBeRead() throws IOException {
    disk.create(FILE, 0).close();

    assertThatThrownBy(() -> disk.create(FILE, 0)).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> disk.size(FOLDER.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.rename(FOLDER.resolve("none"), FILE))
        .isInstanceOf(NoSuchFileException.class);
  }
}
