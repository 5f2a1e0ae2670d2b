package barograph.ingest.discovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Reads files that list groups of targets, as YAML or JSON.
public interface TargetFiles {

  /// The groups that `file` lists.
  ///
  /// @throws IOException if it cannot be read, or lists something else
  List<TargetGroup> read(Path file) throws IOException;
}
