package barograph.ingest.discovery;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// One way of finding targets at work. It is called by one thread, again and again.
interface Discoverer {

  /// Looks once, or keeps looking for as long as that goes well.
  ///
  /// @param found takes all groups that there are now, each time that they may have changed
  /// @throws IOException if the targets cannot be found now; those found before stay
  void look(Consumer<List<TargetGroup>> found) throws IOException, InterruptedException;

  /// How long to wait before looking again.
  Duration pause();
}
