package barograph.ingest.forward;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.forward.Endpoint.Shards;
import org.junit.jupiter.api.Test;

class ShardCountTest {
  private static final long SECOND = 1_000_000_000L;

  private final ShardCount count = new ShardCount(new Shards(1, 50), 0);

  @Test
  void growsWithTheTimeThatASampleTakes() {
    count.sent(100_000, 80 * SECOND);
    count.decide(10 * SECOND, 0);
    assertThat(count.shards()).isEqualTo(8);
  }

  @Test
  void catchesUpATwentiethEachSecond() {
    count.sent(10_000, 10 * SECOND);
    count.decide(10 * SECOND, 0);
    assertThat(count.shards()).isEqualTo(1);
    count.sent(10_000, 10 * SECOND);
    count.decide(20 * SECOND, 100_000);
    // A thousandth of a second a sample, for 0.4 * 11,000 + 0.6 * 1,000 that come and 5,000 more.
    assertThat(count.desired()).isEqualTo(10);
    assertThat(count.shards()).isEqualTo(10);
  }

  @Test
  void smallDifferencesChangeNothing() {
    count.sent(100_000, 80 * SECOND);
    count.decide(10 * SECOND, 0);
    count.sent(100_000, 100 * SECOND);
    count.decide(20 * SECOND, 0);
    assertThat(count.shards()).isEqualTo(8);
    count.sent(100_000, 10 * SECOND);
    count.decide(30 * SECOND, 0);
    assertThat(count.shards()).isEqualTo(1);
  }

  @Test
  void staysWithinItsLimits() {
    count.sent(1_000, 8_000 * SECOND);
    count.decide(10 * SECOND, 0);
    assertThat(count.shards()).isEqualTo(50);
  }
}
