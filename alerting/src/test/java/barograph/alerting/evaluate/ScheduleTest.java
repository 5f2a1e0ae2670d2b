package barograph.alerting.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.XxHash64;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void putsAGroupWherePrometheusPutsIt() {
    var schedule = Schedule.of("g", "rules.yml", Duration.ofSeconds(1));
    assertThat(schedule.firstAfter(Instant.parse("2026-11-21T05:56:41Z")))
        .isEqualTo(Instant.parse("2026-11-21T05:56:41.426745134Z"));
  }

  @Test
  void takesTheNextTurnWhenOneIsJustNow() {
    var schedule = Schedule.of("g", "rules.yml", Duration.ofSeconds(1));
    assertThat(schedule.firstAfter(Instant.parse("2026-11-21T05:56:41.426745134Z")))
        .isEqualTo(Instant.parse("2026-11-21T05:56:42.426745134Z"));
  }

  @Test
  void hashesAsTheSpecificationOfXxHashSays() {
    assertThat(XxHash64.of(new byte[0])).isEqualTo(0xEF46DB3751D8E999L);
    assertThat(XxHash64.of("a".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0xD24EC4F1A98C6E5BL);
    assertThat(XxHash64.of("abc".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(0x44BC2CF5AD770999L);
  }
}
