package barograph.ingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.outbound.ClientSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiscoveriesTest {
  private final FakeDirectory web = new FakeDirectory();
  private final Discoveries discoveries = web.discoveries();

  @AfterEach
  void close() {
    discoveries.close();
  }

  private static DiscoveryConfig at(String url) {
    return new DiscoveryConfig.Http(URI.create(url), ClientSettings.PLAIN, Duration.ofMillis(20));
  }

  private static String targets(String... addresses) {
    return "[{\"targets\":[\"" + String.join("\",\"", addresses) + "\"]}]";
  }

  @Test
  void aDiscoveryThatFailsKeepsItsLastTargetsAndGoesOn() throws InterruptedException {
    web.json("http://sd/a", targets("a:1"));
    var found = new Found();
    try (var _ = discoveries.follow(List.of(at("http://sd/a"), at("http://sd/b")), found)) {
      found.until("a:1");
      web.json("http://sd/b", targets("b:1"));
      found.until("a:1", "b:1");
      web.answer("http://sd/a", 500, Map.of(), "");
      web.json("http://sd/b", targets("b:2"));
      found.until("a:1", "b:2");
      web.json("http://sd/a", targets("a:2"));
      found.until("a:2", "b:2");
    }
  }

  @Test
  void tellsHowOftenEachKindOfDiscoveryHasFailed() throws InterruptedException {
    web.answer("http://sd/a", 500, Map.of(), "");
    var found = new Found();
    try (var _ = discoveries.follow(List.of(at("http://sd/a")), found)) {
      while (discoveries.figures().stream().noneMatch(one -> one.failures() >= 2)) {
        LockSupport.parkNanos(1_000_000);
      }
      web.json("http://sd/a", targets("a:1"));
      found.until("a:1");
      web.json("http://sd/a", targets("a:2"));
      found.until("a:2");
    }
    DiscoveryFigures http = discoveries.figures().getFirst();
    assertThat(http.mechanism()).isEqualTo("http");
    assertThat(http.looks()).isGreaterThan(http.failures());
    assertThat(http.nanos()).isPositive();
  }

  @Test
  void whatSeveralJobsFollowIsAskedOnceAndEndsWithTheLast() throws InterruptedException {
    web.json("http://sd/a", targets("a:1"));
    var first = new Found();
    var second = new Found();
    var following = discoveries.follow(List.of(at("http://sd/a")), first);
    first.until("a:1");
    var other = discoveries.follow(List.of(at("http://sd/a")), second);
    second.until("a:1");
    following.close();
    web.json("http://sd/a", targets("a:2"));
    second.until("a:2");
    assertThat(first.isEmpty()).isTrue();
    other.close();
    var third = new Found();
    try (var _ = discoveries.follow(List.of(at("http://sd/a")), third)) {
      third.until("a:2");
    }
  }
}
