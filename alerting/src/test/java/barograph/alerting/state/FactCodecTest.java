package barograph.alerting.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import barograph.alerting.alert.Alert;
import barograph.alerting.silence.Silence;
import barograph.alerting.state.Fact.AlertKnown;
import barograph.alerting.state.Fact.AlertRenewed;
import barograph.alerting.state.Fact.GroupDue;
import barograph.alerting.state.Fact.Place;
import barograph.alerting.state.Fact.SilenceKept;
import barograph.alerting.state.Fact.Told;
import barograph.alerting.state.FactCodec.Entry;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactCodecTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyFactComesBackAsItWas(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      var entry = randomEntry(random);
      assertThat(FactCodec.decode(FactCodec.encode(entry))).isEqualTo(entry);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void bytesThatNobodyWroteAreRefusedAndDoNoHarm(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = FactCodec.encode(randomEntry(random));
      if (random.nextBoolean()) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        FactCodec.decode(bytes);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageMatching("(?s).+");
      }
    }
  }

  @ParameterizedTest(name = "version {0}")
  @ValueSource(ints = {0, 2, 255})
  void anotherVersionIsRefused(int version) {
    byte[] bytes = FactCodec.encode(new Entry(Instant.EPOCH, List.of()));
    bytes[0] = (byte) version;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FactCodec.decode(bytes))
        .withMessage("record of alerting's state has version %d, expected 1".formatted(version));
  }

  private static Entry randomEntry(Random random) {
    var facts = new ArrayList<Fact>();
    for (int i = random.nextInt(6); i > 0; i--) {
      facts.add(randomFact(random));
    }
    return new Entry(instant(random), facts);
  }

  private static Fact randomFact(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> {
        var start = instant(random);
        var alert =
            new Alert(
                Labels.of(map(random)),
                map(random),
                start,
                start.plusNanos(random.nextLong(1L << 50)),
                text(random));
        yield new AlertKnown(alert, instant(random), random.nextBoolean(), random.nextBoolean());
      }
      case 1 -> new AlertRenewed(random.nextLong(), instant(random), instant(random));
      case 2 ->
          new Told(
              new Place(text(random), text(random), text(random), random.nextInt()),
              instant(random),
              random.longs(random.nextInt(9)).boxed().collect(Collectors.toSet()),
              random.longs(random.nextInt(9)).boxed().collect(Collectors.toSet()),
              instant(random),
              map(random));
      case 3 -> new GroupDue(text(random), text(random), instant(random), random.nextBoolean());
      default -> new SilenceKept(silence(random));
    };
  }

  private static Silence silence(Random random) {
    var matchers = new ArrayList<Matcher>();
    matchers.add(Matcher.equal("must", "be"));
    for (int i = random.nextInt(4); i > 0; i--) {
      var types = Matcher.Type.values();
      matchers.add(new Matcher(types[random.nextInt(types.length)], "n" + i, "v" + i));
    }
    var start = instant(random);
    return new Silence(
        text(random),
        matchers,
        start,
        start.plusSeconds(random.nextInt(9)),
        instant(random),
        text(random),
        text(random),
        map(random));
  }

  private static Map<String, String> map(Random random) {
    var map = new TreeMap<String, String>();
    for (int i = random.nextInt(5); i > 0; i--) {
      map.put("k" + text(random), "v" + text(random));
    }
    return map;
  }

  private static Instant instant(Random random) {
    return Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(12), 1, 0x3000)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }
}
