package barograph.storage.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Finds third-party test data, which is not part of the repository.
///
/// It lies in the folder that `BAROGRAPH_SHARED` names, else in `../shared` beside the checkout. A
/// test that needs it is skipped where it is absent.
public final class SharedData {
  private SharedData() {}

  /// The file or folder `name` of the shared data; skips the calling test without it.
  public static Path require(String name) {
    String named = System.getenv("BAROGRAPH_SHARED");
    Path root = named != null ? Path.of(named) : repositoryRoot().resolveSibling("shared");
    Path found = root.resolve(name);
    Assumptions.assumeTrue(
        Files.exists(found),
        () ->
            "shared test data %s is absent; put it beside the checkout or name its folder by BAROGRAPH_SHARED"
                .formatted(found));
    return found;
  }

  /// The folder that holds the checkout, found from a module's folder or from the root itself.
  public static Path repositoryRoot() {
    Path here = Path.of("").toAbsolutePath();
    for (Path at = here; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("barograph")) || Files.isDirectory(at.resolve("web-ui"))) {
        return at;
      }
    }
    throw new AssertionError("no checkout around " + here);
  }
}
