package barograph.server.cli;

import barograph.storage.Verification;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/// `barograph verify <data path>`: tells what of a data folder is damaged, while no server works in
/// it, and changes nothing.
public final class Verify {
  private static final int SOUND = 0;
  private static final int DAMAGED = 1;
  private static final int CANNOT_TELL = 2;

  private Verify() {}

  /// Looks through `folder` and says what it finds, a line for each.
  ///
  /// @return the exit code: 0 if all is well, 1 if anything is damaged, 2 if that cannot be told
  public static int run(Path folder, PrintStream out, PrintStream complaints) {
    try {
      var damages = Verification.of(folder);
      damages.forEach(out::println);
      out.printf("%s: %s%n", folder, damages.isEmpty() ? "sound" : damages.size() + " damaged");
      return damages.isEmpty() ? SOUND : DAMAGED;
    } catch (IOException e) {
      complaints.println("barograph: cannot verify: " + e.getMessage());
      return CANNOT_TELL;
    }
  }
}
