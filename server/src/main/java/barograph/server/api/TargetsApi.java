package barograph.server.api;

import barograph.ingest.Ingest;
import barograph.ingest.scrape.Targets;
import barograph.query.PromqlText;
import barograph.query.ast.Durations;
import barograph.query.ast.PromqlException;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Parameters;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.Reader;
import barograph.storage.model.Matcher;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is scraped, and what it says about its metrics.
public final class TargetsApi {
  private final Ingest ingest;
  private final URI externalUrl;
  private final Reader reader;

  /// @param reader remembers what targets have said that are gone
  public TargetsApi(Ingest ingest, URI externalUrl, Reader reader) {
    this.ingest = ingest;
    this.externalUrl = externalUrl;
    this.reader = reader;
  }

  public void addTo(Router router) {
    router.add("GET", "/api/v1/targets", Lane.CONTROL, Endpoint.of(this::targets));
    router.add("GET", "/api/v1/scrape_pools", Lane.CONTROL, Endpoint.of(request -> pools()));
    router.add("GET", "/api/v1/metadata", Lane.CONTROL, Endpoint.of(this::metadata));
    router.add("GET", "/api/v1/targets/metadata", Lane.CONTROL, Endpoint.of(this::targetMetadata));
  }

  private Response pools() {
    return Endpoint.success(
        json -> json.beginObject().key("scrapePools").strings(ingest.pools()).endObject());
  }

  private Response targets(Request request) {
    String pool = request.query().first("scrapePool");
    String state = request.query().first("state");
    boolean active = state.isEmpty() || state.equals("any") || state.equals("active");
    boolean dropped = state.isEmpty() || state.equals("any") || state.equals("dropped");
    var targets = ingest.targets();
    return Endpoint.success(json -> {
      json.beginObject().key("activeTargets").beginArray();
      for (var target : targets.active()) {
        if (active && (pool.isEmpty() || pool.equals(target.pool()))) {
          write(json, target);
        }
      }
      json.endArray().key("droppedTargets").beginArray();
      for (var target : targets.dropped()) {
        if (dropped && (pool.isEmpty() || pool.equals(target.pool()))) {
          json.beginObject().key("discoveredLabels").labels(target.discovered());
          json.field("scrapePool", target.pool()).endObject();
        }
      }
      json.endArray().key("droppedTargetCounts");
      if (dropped) {
        json.beginObject();
        for (String name : ingest.pools()) {
          if (pool.isEmpty() || pool.equals(name)) {
            json.field(name, targets.droppedCounts().getOrDefault(name, 0));
          }
        }
        json.endObject();
      } else {
        json.nothing();
      }
      json.endObject();
    });
  }

  private void write(Json json, Targets.Active target) {
    json.beginObject().key("discoveredLabels").labels(target.discovered());
    json.key("labels").labels(target.labels());
    json.field("scrapePool", target.pool()).field("scrapeUrl", target.url());
    json.field("globalUrl", globalUrl(target.url())).field("lastError", target.lastError());
    @Nullable Long last = target.lastScrapeMillis();
    json.field("lastScrape", last == null ? Times.never() : Times.text(Instant.ofEpochMilli(last)));
    json.key("lastScrapeDuration").decimal(seconds(target.lastDuration()));
    json.field("health", target.health().words());
    json.field("scrapeInterval", Durations.format(target.interval().toMillis()));
    json.field("scrapeTimeout", Durations.format(target.timeout().toMillis())).endObject();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  /// The target's address as others reach it: this machine is named as the outside names it.
  private String globalUrl(String url) {
    URI uri = URI.create(url);
    @Nullable String host = uri.getHost();
    boolean local = host != null && Set.of("localhost", "127.0.0.1", "[::1]").contains(host);
    if (!local || host == null) {
      return url;
    }
    @Nullable String outside = externalUrl.getHost();
    return outside == null ? url : url.replaceFirst("//[^/:]+", "//" + outside);
  }

  private Response metadata(Request request) {
    var form = request.form();
    int limit = signed(form, "limit");
    int perMetric = signed(form, "limit_per_metric");
    String only = form.first("metric");
    var byMetric = new LinkedHashMap<String, Set<MetadataEntry>>();
    for (var entry : ingest.metadata()) {
      if (!only.isEmpty() && !only.equals(entry.metric())) {
        continue;
      }
      if (limit >= 0 && byMetric.size() >= limit && !byMetric.containsKey(entry.metric())) {
        continue;
      }
      var entries = byMetric.computeIfAbsent(entry.metric(), absent -> new LinkedHashSet<>());
      if (perMetric <= 0 || entries.size() < perMetric) {
        entries.add(new MetadataEntry(entry.type(), entry.unit(), entry.help()));
      }
    }
    reader
        .metadata()
        .forEach((metric, told) -> {
          boolean wanted = only.isEmpty() || only.equals(metric);
          if (wanted && (limit < 0 || byMetric.size() < limit)) {
            byMetric.computeIfAbsent(
                metric,
                absent -> Set.of(new MetadataEntry(told.type().text(), told.unit(), told.help())));
          }
        });
    return Endpoint.success(json -> {
      json.beginObject();
      for (Map.Entry<String, Set<MetadataEntry>> metric : byMetric.entrySet()) {
        json.name(metric.getKey()).beginArray();
        for (var entry : metric.getValue()) {
          json.beginObject().field("type", entry.type()).field("unit", entry.unit());
          json.field("help", entry.help()).endObject();
        }
        json.endArray();
      }
      json.endObject();
    });
  }

  private record MetadataEntry(String type, String unit, String help) {}

  private Response targetMetadata(Request request) {
    var form = request.form();
    int limit = signed(form, "limit");
    String metric = form.first("metric");
    String selector = form.first("match_target");
    List<Matcher> matchers = List.of();
    if (!selector.isEmpty()) {
      try {
        matchers = PromqlText.matchers(selector);
      } catch (PromqlException e) {
        throw ApiError.badParameter("match_target", String.valueOf(e.getMessage()));
      }
    }
    var found = new ArrayList<Targets.Metadata>();
    for (var entry : ingest.metadata()) {
      boolean wanted =
          (metric.isEmpty() || metric.equals(entry.metric()))
              && matchers.stream().allMatch(m -> m.matches(entry.target().get(m.name())));
      if (wanted && (limit < 0 || found.size() < limit)) {
        found.add(entry);
      }
    }
    return Endpoint.success(json -> {
      json.beginArray();
      for (var entry : found) {
        json.beginObject().key("target").labels(entry.target());
        if (metric.isEmpty()) {
          json.field("metric", entry.metric());
        }
        json.field("type", entry.type()).field("help", entry.help());
        json.field("unit", entry.unit()).endObject();
      }
      json.endArray();
    });
  }

  private static int signed(Parameters form, String name) {
    String text = form.first(name);
    try {
      return text.isEmpty() ? -1 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw ApiError.badData("%s must be a number".formatted(name));
    }
  }
}
