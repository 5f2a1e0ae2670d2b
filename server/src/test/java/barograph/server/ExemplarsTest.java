package barograph.server;

import static barograph.server.RunningServer.configure;
import static barograph.server.RunningServer.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.SeriesExemplar;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.model.Exemplar;
import barograph.storage.model.Labels;
import barograph.storage.model.MetricMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the store keeps beside samples is still there after a restart, and answered.
class ExemplarsTest {
  @Test
  void exemplarsAndMetadataOfAnEarlierLifeAreAnswered(@TempDir Path home) throws IOException {
    configure(home, "{}");
    try (Store store =
        Store.open(
            StoreOptions.in(home.resolve("data")), InstantSource.system(), StoreWatcher.NONE)) {
      for (String code : List.of("200", "500")) {
        Labels series = Labels.of("__name__", "requests_total", "code", code);
        int ref = store.appender().seriesFor(series, "t");
        store
            .appender()
            .appendExemplars(
                List.of(
                    new SeriesExemplar(
                        ref, new Exemplar(Labels.of("trace", "a" + code), 0.25, 1_500)),
                    new SeriesExemplar(
                        ref, new Exemplar(Labels.of("trace", "b" + code), 1, 2_000))))
            .join();
      }
      store
          .appender()
          .tellOf(
              Map.of(
                  "requests_total",
                  new MetricMetadata(MetricMetadata.Type.COUNTER, "All of them.", "")))
          .join();
    }
    try (var server = RunningServer.open(home)) {
      String query = encoded("rate(requests_total{code=\"500\"}[5m]) / vector(2)");
      assertThat(server.get("/api/v1/query_exemplars?start=1&end=1.9&query=" + query).body())
          .isEqualTo(
              "{\"status\":\"success\",\"data\":[{\"seriesLabels\":"
                  + "{\"__name__\":\"requests_total\",\"code\":\"500\"},\"exemplars\":"
                  + "[{\"labels\":{\"trace\":\"a500\"},\"value\":\"0.25\",\"timestamp\":1.500}]}]}");
      String both = encoded("requests_total{code=\"500\"} + requests_total{code=\"200\"}");
      assertThat(server.data("/api/v1/query_exemplars?query=" + both).size()).isEqualTo(2);
      assertThat(server.get("/api/v1/query_exemplars?query=" + encoded("rate(")).statusCode())
          .isEqualTo(400);
      assertThat(server.get("/api/v1/metadata?metric=requests_total").body())
          .isEqualTo(
              "{\"status\":\"success\",\"data\":{\"requests_total\":"
                  + "[{\"type\":\"counter\",\"unit\":\"\",\"help\":\"All of them.\"}]}}");
    }
  }
}
