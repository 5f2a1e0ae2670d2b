package barograph.storage.fuzz;

import barograph.storage.crash.Quiet;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;

/// The same readers under Jazzer, which changes bytes so as to reach what no bytes have reached
/// yet.
///
/// An ordinary run tries the inputs that were kept in `CoverageFuzzTestInputs`; `JAZZER_FUZZ=1 mvn
/// -pl storage test -Dtest='CoverageFuzzTest#log'` looks for others for five minutes.
@ExtendWith(Quiet.class)
class CoverageFuzzTest {
  private static void read(FuzzTarget target, byte[] input) throws IOException {
    target.read(input);
    target.read(target.repair(input));
  }

  @FuzzTest
  void chunk(byte[] input) throws IOException {
    read(FuzzTarget.CHUNK, input);
  }

  @FuzzTest
  void column(byte[] input) throws IOException {
    read(FuzzTarget.COLUMN, input);
  }

  @FuzzTest
  void histograms(byte[] input) throws IOException {
    read(FuzzTarget.HISTOGRAMS, input);
  }

  @FuzzTest
  void log(byte[] input) throws IOException {
    read(FuzzTarget.LOG, input);
  }

  @FuzzTest
  void block(byte[] input) throws IOException {
    read(FuzzTarget.BLOCK, input);
  }

  @FuzzTest
  void checkpoint(byte[] input) throws IOException {
    read(FuzzTarget.CHECKPOINT, input);
  }

  @FuzzTest
  void headFile(byte[] input) throws IOException {
    read(FuzzTarget.HEAD_FILE, input);
  }

  @FuzzTest
  void journal(byte[] input) throws IOException {
    read(FuzzTarget.JOURNAL, input);
  }
}
