package barograph.ingest.discovery;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Asks an address for a list of targets.
final class HttpDiscoverer implements Discoverer {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final DiscoveryConfig.Http config;
  private final DiscoveryWeb web;

  HttpDiscoverer(DiscoveryConfig.Http config, DiscoveryWeb web) {
    this.config = config;
    this.web = web;
  }

  @Override
  public Duration pause() {
    return config.refresh();
  }

  @Override
  public void look(Consumer<List<TargetGroup>> found) throws IOException, InterruptedException {
    double seconds = config.refresh().toMillis() / 1000.0;
    var answer =
        web.get(
                new DiscoveryWeb.Request(
                    config.url(),
                    Map.of(
                        "Accept",
                        "application/json",
                        "X-Prometheus-Refresh-Interval-Seconds",
                        "%.6f".formatted(seconds)),
                    TIMEOUT,
                    config.client()))
            .expectOk();
    String type = answer.headers().getOrDefault("content-type", "").strip();
    if (!type.toLowerCase(Locale.ROOT).matches("application/json(;\\s*charset=\"?utf-8\"?)?")) {
      throw new IOException("unsupported content type \"%s\"".formatted(type));
    }
    found.accept(GroupList.read(answer.body(), Map.of("__meta_url", config.url().toString())));
  }
}
