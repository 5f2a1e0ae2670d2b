package barograph.server.api;

import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.Store;
import barograph.storage.StoreStatus;
import barograph.storage.StoreStatus.Count;
import barograph.storage.model.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the process is and how it does: `/api/v1/status/*`.
public final class StatusApi {
  /// The version of the API that clients are promised; they choose features by it.
  private static final String API_VERSION = "3.14.0";

  private final Build build;
  private final Map<String, String> flags;
  private final Supplier<ProcessState> process;
  private final Supplier<String> configYaml;
  private final Store store;

  /// What was built.
  ///
  /// @param version of Barograph
  /// @param commit the revision it was built from
  public record Build(String version, String commit, String branch, String builtAt) {}

  /// How the process runs at this moment.
  ///
  /// @param configLoadedAt when the present configuration was read
  /// @param reloadSucceeded whether the last attempt to read it did
  public record ProcessState(
      Instant startedAt,
      Instant now,
      String folder,
      String hostname,
      boolean reloadSucceeded,
      Instant configLoadedAt,
      String retention) {}

  public StatusApi(
      Build build,
      Map<String, String> flags,
      Supplier<ProcessState> process,
      Supplier<String> configYaml,
      Store store) {
    this.build = build;
    this.flags = flags;
    this.process = process;
    this.configYaml = configYaml;
    this.store = store;
  }

  public void addTo(Router router) {
    router.add("GET", "/api/v1/status/buildinfo", Lane.CONTROL, Endpoint.of(request -> build()));
    router.add("GET", "/api/v1/status/flags", Lane.CONTROL, Endpoint.of(request -> flags()));
    router.add("GET", "/api/v1/status/config", Lane.CONTROL, Endpoint.of(request -> config()));
    router.add(
        "GET", "/api/v1/status/runtimeinfo", Lane.CONTROL, Endpoint.of(request -> runtime()));
    router.add("GET", "/api/v1/status/damage", Lane.CONTROL, Endpoint.of(request -> damage()));
    router.add("GET", "/api/v1/status/tsdb", Lane.QUERY, Endpoint.of(this::tsdb));
    router.add("GET", "/api/v1/status/tsdb/blocks", Lane.CONTROL, Endpoint.of(request -> blocks()));
  }

  private Response build() {
    return Endpoint.success(json ->
        json.beginObject()
            .field("version", API_VERSION)
            .field("revision", build.commit())
            .field("branch", build.branch())
            .field("buildUser", "")
            .field("buildDate", build.builtAt())
            .field("goVersion", "")
            .field("application", "Barograph")
            .field("applicationVersion", build.version())
            .field("javaVersion", Runtime.version().toString())
            .endObject());
  }

  private Response flags() {
    return Endpoint.success(json -> {
      json.beginObject();
      flags.forEach((name, value) -> json.name(name).string(value));
      json.endObject();
    });
  }

  private Response config() {
    return Endpoint.success(json -> json.beginObject().field("yaml", configYaml.get()).endObject());
  }

  private Response runtime() {
    var now = process.get();
    return Endpoint.success(json ->
        json.beginObject()
            .field("startTime", Times.text(now.startedAt()))
            .field("CWD", now.folder())
            .field("hostname", now.hostname())
            .field("serverTime", Times.text(now.now()))
            .field("reloadConfigSuccess", now.reloadSucceeded())
            .field("lastConfigTime", Times.text(now.configLoadedAt()))
            .field("corruptionCount", store.status().damages())
            .field("goroutineCount", Thread.activeCount())
            .field("GOMAXPROCS", Runtime.getRuntime().availableProcessors())
            .field("GOMEMLIMIT", Runtime.getRuntime().maxMemory())
            .field("GOGC", "")
            .field("GODEBUG", "")
            .field("storageRetention", now.retention())
            .endObject());
  }

  private Response tsdb(Request request) {
    int limit = limit(request.query().first("limit"));
    var status = store.status();
    var cardinality = store.cardinality(limit);
    @Nullable TimeRange range = status.headRange();
    return Endpoint.success(json -> {
      json.beginObject().key("headStats").beginObject();
      json.field("numSeries", status.series()).field("numLabelPairs", status.labelPairs());
      json.field("chunkCount", status.sealedChunks() + status.series());
      json.field("minTime", range == null ? Long.MAX_VALUE : range.startMillis());
      json.field("maxTime", range == null ? Long.MIN_VALUE : range.endMillis()).endObject();
      counts(json, "seriesCountByMetricName", cardinality.seriesByMetric());
      counts(json, "labelValueCountByLabelName", cardinality.valuesByLabel());
      counts(json, "memoryInBytesByLabelName", cardinality.bytesByLabel());
      counts(json, "seriesCountByLabelValuePair", cardinality.seriesByPair());
      counts(json, "seriesCountByJob", cardinality.sources().byJob());
      counts(json, "seriesCountByTarget", cardinality.sources().byTarget());
      json.endObject();
    });
  }

  private static int limit(String text) {
    if (text.isEmpty()) {
      return 10;
    }
    int limit;
    try {
      limit = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw ApiError.badData("limit must be a positive number");
    }
    if (limit < 1) {
      throw ApiError.badData("limit must be a positive number");
    }
    if (limit > 10_000) {
      throw ApiError.badData("limit must not exceed 10000");
    }
    return limit;
  }

  private static void counts(Json json, String name, List<Count> counts) {
    json.key(name).beginArray();
    counts.forEach(count ->
        json.beginObject().field("name", count.name()).field("value", count.count()).endObject());
    json.endArray();
  }

  private Response blocks() {
    var status = store.status();
    return Endpoint.success(json -> {
      json.beginObject().key("blocks").beginArray();
      status.blocks().forEach(block -> write(json, block));
      json.endArray().endObject();
    });
  }

  /// What could not be read and what that costs: `lost` is null where the time is not known, and
  /// counts are -1 where they are not.
  private Response damage() {
    var status = store.status();
    return Endpoint.success(json -> {
      json.beginObject().field("count", status.damages());
      json.field("samplesLost", status.samplesDamaged()).key("damages").beginArray();
      status.damageReports().forEach(report -> write(json, report));
      json.endArray().endObject();
    });
  }

  private static void write(Json json, StoreStatus.DamageReport report) {
    var damage = report.damage();
    json.beginObject().field("found", Times.text(report.found()));
    json.field("file", damage.file().toString()).field("offset", damage.offset());
    json.field("bytes", damage.bytes()).field("reason", damage.reason());
    json.field("samples", damage.samples()).field("series", damage.series()).key("lost");
    TimeRange lost = damage.lost();
    if (lost == null) {
      json.nothing();
    } else {
      json.beginObject().field("minTime", lost.startMillis());
      json.field("maxTime", lost.endMillis()).endObject();
    }
    json.endObject();
  }

  private static void write(Json json, StoreStatus.BlockStatus block) {
    json.beginObject().field("ulid", block.ulid());
    json.field("minTime", block.range().startMillis()).field("maxTime", block.range().endMillis());
    json.key("stats").beginObject().field("numSamples", block.samples());
    json.field("numFloatSamples", block.samples()).field("numSeries", block.series());
    json.field("numBytes", block.bytes()).endObject();
    json.key("compaction").beginObject().field("level", block.level()).endObject();
    json.field("version", 1).endObject();
  }
}
