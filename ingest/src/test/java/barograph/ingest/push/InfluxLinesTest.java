package barograph.ingest.push;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.NaiveStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Both kinds of lines, from the body to the store.
class InfluxLinesTest {
  private final NaiveStore store = new NaiveStore();
  private final LineReceiver receiver =
      new LineReceiver(
          new PushedWrites(store, PushLimits.DEFAULT),
          InstantSource.fixed(Instant.ofEpochMilli(5000)));

  @Test
  void givesALineWithoutATimeThatOfItsArrival() {
    assertThat(influx("m v=1", "", "", Duration.ZERO).status()).isEqualTo(204);
    assertThat(influx("n v=1", "", "", Duration.ofMillis(1200)).status()).isEqualTo(204);
    assertThat(stored()).containsExactlyInAnyOrder("m_v 5000 1.0", "n_v 3800 1.0");
  }

  @Test
  void makesASampleOfEachField() {
    assertThat(
            influx(
                """
                # a remark

                cpu,host=a,core=0 idle=1.5,busy=2i,on=true,n=7u 1000000000
                my\\ disk\\,x,t\\=ag=a\\ b used=3e2
                """,
                "",
                "d"))
        .isEqualTo(new PushAnswer(204, "", 5, 0, 0, 0));
    assertThat(stored())
        .containsExactlyInAnyOrder(
            "cpu_busy{core=\"0\", db=\"d\", host=\"a\"} 1000 2.0",
            "cpu_idle{core=\"0\", db=\"d\", host=\"a\"} 1000 1.5",
            "cpu_n{core=\"0\", db=\"d\", host=\"a\"} 1000 7.0",
            "cpu_on{core=\"0\", db=\"d\", host=\"a\"} 1000 1.0",
            "my disk,x_used{db=\"d\", t=ag=\"a b\"} 5000 300.0");
  }

  @ParameterizedTest
  @CsvSource({
    "ns, 7000000, 7",
    "us, 7000, 7",
    "ms, 7, 7",
    "s, 7, 7000",
    "m, 1, 60000",
    "h, 1, 3600000"
  })
  void readsTimesInTheUnitThatIsTold(String precision, long time, long millis) {
    assertThat(influx("a b=1 " + time, precision, "").status()).isEqualTo(204);
    assertThat(stored()).containsExactly("a_b %d 1.0".formatted(millis));
  }

  @Test
  void refusesTextsByNameAndStoresWhatIsBesideThem() {
    PushAnswer answer = influx("a s=\"x y, z=1\",b=1 1000000\n", "", "");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains("1 of 2", "a: field s is a text, which is not stored");
    assertThat(stored()).containsExactly("a_b 1 1.0");
  }

  @Test
  void refusesBadLinesAndStoresTheOthers() {
    PushAnswer answer =
        influx(
            "a b=1 1\n,x=1 b=1 1\na 1\na b=x 1\na b=1 x\na b=1 1 1\na,t b=1\nc d=1 1\n", "s", "");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.samples()).isEqualTo(2);
    assertThat(answer.refused()).isEqualTo(6);
    assertThat(answer.message()).contains("line 2: no measurement: ,x=1 b=1 1");
    assertThat(influx("a b=1 1", "fortnights", "").status()).isEqualTo(400);
  }

  @Test
  void takesSeriesAsJson() {
    assertThat(
            json(
                """
                {"metric":{"__name__":"up","job":"j"},"values":[1,0.5,null,"Infinity"],"timestamps":[1000,2000,3000,4000]}
                {"timestamps":[1],"values":[2],"metric":{"__name__":"b"},"more":{"x":[1]}}
                """))
        .isEqualTo(new PushAnswer(204, "", 5, 0, 0, 0));
    assertThat(stored())
        .containsExactly(
            "b 1 2.0",
            "up{job=\"j\"} 1000 1.0",
            "up{job=\"j\"} 2000 0.5",
            "up{job=\"j\"} 3000 NaN",
            "up{job=\"j\"} 4000 Infinity");
  }

  @Test
  void refusesJsonThatMakesNoSeries() {
    PushAnswer uneven =
        json(
            """
            {"metric":{"__name__":"a"},"values":[1,2],"timestamps":[1]}
            {"metric":{"__name__":"b"},"values":[1],"timestamps":[1]}
            """);
    assertThat(uneven.status()).isEqualTo(400);
    assertThat(uneven.message()).contains("2 of 3", "series 1 has 2 values and 1 timestamps");
    assertThat(stored()).containsExactly("b 1 1.0");
    assertThat(json("[1]").status()).isEqualTo(400);
    assertThat(json("{\"metric\":{\"__name__\":1}}").status()).isEqualTo(400);
    assertThat(json("{\"values\":[{}]}").status()).isEqualTo(400);
    assertThat(json("{\"timestamps\":[1.5]}").status()).isEqualTo(400);
    assertThat(json("{\"timestamps\":[99999999999999999999]}").status()).isEqualTo(400);
    assertThat(json("{").status()).isEqualTo(400);
    assertThat(json("{\"x\":" + "[".repeat(100)).status()).isEqualTo(400);
    assertThat(json("").status()).isEqualTo(204);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void answersAnyBytesWithoutFailing(long seed) {
    var random = new Random(seed);
    String[] pieces = {
      "a",
      ",",
      "=",
      " ",
      "\n",
      "\\",
      "\"",
      "1",
      "i",
      "t",
      "#",
      "\r",
      "{",
      "}",
      "[",
      "]",
      ":",
      "\"metric\"",
      "\"values\"",
      "\"timestamps\"",
      "null",
      "\u00e9"
    };
    for (int round = 0; round < 5000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(20); i > 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
      if (body.length > 0 && random.nextBoolean()) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      assertThat(
              receiver
                  .acceptInflux("", "s", "", ByteBuffer.wrap(body), Duration.ZERO)
                  .join()
                  .status())
          .isIn(204, 400);
      assertThat(receiver.acceptJson("", ByteBuffer.wrap(body)).join().status()).isIn(204, 400);
    }
  }

  private PushAnswer influx(String lines, String precision, String database) {
    return influx(lines, precision, database, Duration.ZERO);
  }

  private PushAnswer influx(String lines, String precision, String database, Duration waited) {
    return receiver
        .acceptInflux(
            "",
            precision,
            database,
            ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8)),
            waited)
        .join();
  }

  private PushAnswer json(String lines) {
    return receiver.acceptJson("", ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8))).join();
  }

  private List<String> stored() {
    var lines = new ArrayList<String>();
    var columns = new SampleColumns();
    try (var selection = store.select(List.of(), TimeRange.ALL)) {
      for (int i = 0; i < selection.size(); i++) {
        selection.read(i, TimeRange.ALL, columns);
        for (int k = 0; k < columns.size(); k++) {
          lines.add(
              "%s %d %s"
                  .formatted(selection.labels(i), columns.timestamps()[k], columns.values()[k]));
        }
      }
    }
    return lines;
  }
}
