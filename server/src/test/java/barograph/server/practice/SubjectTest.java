package barograph.server.practice;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.model.Labels;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubjectTest {
  private static List<Labels> pods(int pods, int paths) {
    return IntStream.range(0, pods * paths)
        .mapToObj(i ->
            Labels.of(
                "__name__",
                "hits_total",
                "job",
                "web",
                "path",
                "/" + i % paths,
                "pod",
                "pod-" + i / paths))
        .toList();
  }

  @Test
  void ofFewSeriesAllAreAskedFor() {
    assertThat(Subject.of("hits_total", pods(20, 3)))
        .contains(new Subject("hits_total", "", "pod", "pod-0", 60));
  }

  @Test
  void ofManySeriesOnlyThoseThatHaveAValueInCommon() {
    assertThat(Subject.of("hits_total", pods(100, 7)))
        .hasValueSatisfying(found -> {
          assertThat(found.selector()).matches("hits_total\\{path=\"/[0-6]\"}");
          assertThat(found.label()).isEqualTo("pod");
          assertThat(found.series()).isEqualTo(100);
        });
  }

  @Test
  void aMetricWithoutLabelsIsNone() {
    assertThat(Subject.of("up", List.of(Labels.of("__name__", "up")))).isEmpty();
    assertThat(Subject.of("up", List.of())).isEmpty();
  }

  @Test
  void aBucketsBoundIsNoLabelToGroupBy() {
    var buckets =
        IntStream.range(0, 9)
            .mapToObj(i -> Labels.of("__name__", "s_bucket", "job", "a", "le", "0." + i))
            .toList();

    assertThat(Subject.of("s_bucket", buckets)).map(Subject::label).contains("job");
  }

  @Test
  void aValueThatWantsEscapesIsPassedOver() {
    var odd = Labels.of("__name__", "m", "a", "\"\\", "b", "plain");

    assertThat(Subject.of("m", List.of(odd))).map(Subject::label).contains("b");
  }

  @Test
  void moreConditionsStandBesideItsOwn() {
    assertThat(new Subject("m", "a=\"1\"", "b", "x", 1).where("b!=\"y\""))
        .isEqualTo("m{a=\"1\",b!=\"y\"}");
    assertThat(new Subject("m", "", "b", "x", 1).where("b!=\"y\"")).isEqualTo("m{b!=\"y\"}");
  }
}
