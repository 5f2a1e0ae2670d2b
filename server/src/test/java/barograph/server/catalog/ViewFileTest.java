package barograph.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewFileTest {
  private static final int BYTES = 100_000;

  @TempDir private Path folder;
  private ViewFile file;

  @BeforeEach
  void aClosedFile() throws IOException {
    file = new ViewFile(folder.resolve("views"));
    file.unseal();
    Files.write(file.map(), new byte[BYTES]);
    file.set();
  }

  @Test
  void aSealedFileIsGoneOnWithOnce() throws IOException {
    assertThat(file.unseal()).isTrue();
    assertThat(file.map()).hasSize(BYTES);
    // As after a kill: nobody has sealed it since.
    assertThat(file.unseal()).isFalse();
    assertThat(file.map()).doesNotExist();
    assertThat(file.unseal()).isFalse();
  }

  @ParameterizedTest(name = "at byte {0}")
  @ValueSource(ints = {0, 1, 65_535, 65_536, BYTES - 1})
  void aFileThatIsNotWhatWasSealedIsDeleted(int place) throws IOException {
    byte[] bytes = Files.readAllBytes(file.map());
    bytes[place] ^= 1;
    Files.write(file.map(), bytes);

    assertThat(file.unseal()).isFalse();
    assertThat(file.map()).doesNotExist();
  }

  @Test
  void aFileThatWasCutIsDeleted() throws IOException {
    Files.write(file.map(), new byte[BYTES - 1]);

    assertThat(file.unseal()).isFalse();
  }

  @Test
  void aSealWithoutItsFileIsRemoved() throws IOException {
    Files.delete(file.map());

    assertThat(file.unseal()).isFalse();
    assertThat(folder.resolve("views")).isEmptyDirectory();
  }

  @Test
  void aSealOfBytesThatAreNoTextDoesNotFit() throws IOException {
    Files.write(folder.resolve("views/metrics.sealed"), new byte[] {(byte) 0xff, (byte) 0xc0});

    assertThat(file.unseal()).isFalse();
  }
}
