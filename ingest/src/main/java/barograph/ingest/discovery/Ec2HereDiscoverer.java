package barograph.ingest.discovery;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks the machine for its region before the first look, and EC2 of that region from then on.
final class Ec2HereDiscoverer implements Discoverer {
  private final DiscoveryConfig.Ec2Here config;
  private final DiscoveryWeb web;
  private @Nullable Ec2Discoverer here;

  Ec2HereDiscoverer(DiscoveryConfig.Ec2Here config, DiscoveryWeb web) {
    this.config = config;
    this.web = web;
  }

  @Override
  public Duration pause() {
    return config.refresh();
  }

  @Override
  public void look(Consumer<List<TargetGroup>> found) throws IOException, InterruptedException {
    var known = here;
    if (known == null) {
      known = new Ec2Discoverer(config.in(web.awsRegion(config.about())), web);
      here = known;
    }
    known.look(found);
  }
}
