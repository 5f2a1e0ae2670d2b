package barograph.storage.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.storage.chunk.ByteSink;
import barograph.storage.disk.FileDisk;
import barograph.storage.head.SealedChunks.FileState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedChunksTest {
  private static final int FILES = 4;
  private static final int CHUNKS_A_FILE = 4;

  @TempDir Path folder;
  private SealedChunks chunks = new SealedChunks(new FileDisk(), Path.of(""));
  private long time;

  @BeforeEach
  void makeSmallFiles() {
    int chunk = SealedChunks.HEADER_BYTES + 8;
    chunks = new SealedChunks(new FileDisk(), folder, 16 + CHUNKS_A_FILE * chunk, FILES);
  }

  private int append(int ref, int before) {
    var head = new ChunkHead();
    head.ref = ref;
    head.before = before;
    head.minTime = time;
    head.maxTime = time++;
    head.rows = 1;
    var bytes = new ByteSink();
    bytes.putLong(ref);
    return chunks.append(head, bytes, new ByteSink());
  }

  private List<Long> timesOf(int ref, int newest) {
    var chain = new ChunkChain(chunks);
    chain.follow(ref, newest, Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(chain.damage()).isNull();
    var times = new ArrayList<Long>();
    for (int i = 0; i < chain.size(); i++) {
      times.add(chain.get(i).minTime);
    }
    return times;
  }

  @Test
  void aNumberThatHasComeRoundIsNotTakenForTheOneBefore() throws IOException {
    int newest = 0;
    // A chunk of its own in each file, and of another series behind it, of the same number as the
    // one that is gone.
    for (int file = 0; file < 3 * FILES; file++) {
      newest = append(1, newest);
      for (int i = 1; i < CHUNKS_A_FILE; i++) {
        append(1, 0);
      }
      chunks.sync();
      if (file >= FILES - 2) {
        chunks.dropBefore(time - (FILES - 1) * CHUNKS_A_FILE);
      }
      long oldest = Math.max(0, file - (FILES - 2)) * (long) CHUNKS_A_FILE;
      assertThat(timesOf(1, newest)).allMatch(each -> each >= oldest).isNotEmpty();
      assertThat(timesOf(1, newest).getLast()).isEqualTo(oldest);
    }
  }

  @Test
  void aChunkThatSaysItStandsBeforeItselfOrBehindIsDamagedAndDoesNotLeadInACircle() {
    int first = append(1, 0);
    int itself = first + (SealedChunks.HEADER_BYTES + Long.BYTES) / 8;
    int newest = append(1, itself);
    assertThat(newest).isEqualTo(itself);
    var chain = new ChunkChain(chunks);
    chain.follow(1, newest, Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(chain.size()).isEqualTo(1);
    assertThat(chain.damage()).hasMessageContaining("stands before one that lies before it");
    var seen = new ChunkHead();
    assertThat(chunks.look(newest, Long.MAX_VALUE, seen)).isTrue();
    assertThat(chunks.look(seen.before, seen.place, new ChunkHead())).isFalse();
    assertThat(chunks.look(first, seen.place, new ChunkHead())).isTrue();
  }

  @Test
  void aFileIsNeverPutInThePlaceOfOneThatIsThere() {
    for (int i = 0; i < FILES * CHUNKS_A_FILE; i++) {
      append(1, 0);
    }
    assertThat(chunks.areFilesMany()).isTrue();
    assertThatThrownBy(() -> append(1, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("4 files");
  }

  @Test
  void aNumberIsGoneOnceNothingInItsFileIsNeeded() throws IOException {
    int number = append(1, 0);
    assertThat(chunks.isGoneBefore(number, 10)).as("its file is still growing").isFalse();
    chunks.finishFile();
    assertThat(chunks.isGoneBefore(number, 0)).isFalse();
    assertThat(chunks.isGoneBefore(number, 10)).isTrue();
    chunks.sync();
    chunks.dropBefore(10);
    assertThat(chunks.isGoneBefore(number, 0)).isTrue();
  }

  @ParameterizedTest(name = "a file called {0}")
  @ValueSource(
      strings = {
        "chunks-",
        "chunks-old",
        "chunks-0000000000000000.bak",
        "chunks-ffffffffffffffff",
        "chunks-1"
      })
  void aFileThatIsNotOursIsLeftAsItIs(String name) throws IOException {
    append(1, 0);
    chunks.finishFile();
    chunks.sync();
    Path stray = Files.writeString(folder.resolve(name), "of someone else");
    assertThat(chunks.filesOnDisk()).extracting(FileState::number).containsExactly(0L);
    assertThat(chunks.restore(List.of(), 0)).isEmpty();
    assertThat(stray).hasContent("of someone else");
    assertThat(folder.resolve("chunks-0000000000000000")).doesNotExist();
  }
}
