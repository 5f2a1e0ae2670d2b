package barograph.ingest.scrape;

import barograph.ingest.discovery.StaticTargets;
import barograph.ingest.discovery.TargetGroup;
import barograph.ingest.relabel.Relabeling;
import barograph.storage.model.Labels;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// From what was discovered to what is visited: completes a target's labels from its job, relabels
/// them, and reads address, path and beat back out of them.
final class TargetNaming {
  private static final String ADDRESS = "__address__";
  private static final String SCHEME = "__scheme__";
  private static final String PATH = "__metrics_path__";
  private static final String INTERVAL = "__scrape_interval__";
  private static final String TIMEOUT = "__scrape_timeout__";
  private static final String PARAM = "__param_";
  private static final String UNRESERVED = "-._~!$&'()*+,;=:@/";

  private final ScrapeConfig config;
  private final Relabeling rules;

  TargetNaming(ScrapeConfig config) {
    this.config = config;
    this.rules = Relabeling.of(config.labelling().targetRules());
  }

  /// What became of the discovered addresses of a job.
  ///
  /// @param targets to visit, each identity once
  /// @param dropped labels of those that relabelling dropped
  /// @param faults what was wrong with the others
  record Outcome(List<Target> targets, List<Labels> dropped, List<String> faults) {}

  /// What becomes of the job's own targets and of those that were discovered.
  Outcome all(List<TargetGroup> found) {
    var targets = new LinkedHashMap<Target.Identity, Target>();
    var dropped = new ArrayList<Labels>();
    var faults = new ArrayList<String>();
    var groups = new ArrayList<TargetGroup>();
    for (StaticTargets group : config.staticTargets()) {
      groups.add(TargetGroup.of(group.addresses(), group.labels()));
    }
    groups.addAll(found);
    for (TargetGroup group : groups) {
      for (Labels own : group.targets()) {
        Labels discovered = discovered(own, group.labels());
        try {
          @Nullable Target target = target(discovered);
          if (target == null) {
            dropped.add(discovered);
          } else {
            targets.putIfAbsent(target.identity(), target);
          }
        } catch (IllegalArgumentException e) {
          faults.add(
              "target %s of job %s: %s"
                  .formatted(own.get(ADDRESS), config.jobName(), e.getMessage()));
        }
      }
    }
    return new Outcome(List.copyOf(targets.values()), dropped, faults);
  }

  private Labels discovered(Labels own, Labels groupLabels) {
    var labels = new LinkedHashMap<String, String>();
    labels.put("job", config.jobName());
    labels.put(INTERVAL, DurationText.of(config.timing().interval()));
    labels.put(TIMEOUT, DurationText.of(config.timing().timeout()));
    labels.put(PATH, config.asking().metricsPath());
    labels.put(SCHEME, config.asking().scheme());
    config
        .asking()
        .params()
        .forEach((name, values) -> {
          if (!values.isEmpty()) {
            labels.put(PARAM + name, values.getFirst());
          }
        });
    labels.putAll(groupLabels.toMap());
    labels.putAll(own.toMap());
    return Labels.of(labels);
  }

  /// The target that `discovered` describes, or null if relabelling drops it.
  ///
  /// @throws IllegalArgumentException if it cannot be visited
  private @Nullable Target target(Labels discovered) {
    @Nullable Labels relabelled = rules.apply(discovered);
    if (relabelled == null) {
      return null;
    }
    String address = relabelled.get(ADDRESS);
    if (address.isEmpty()) {
      throw new IllegalArgumentException("no address");
    }
    if (address.contains("/")) {
      throw new IllegalArgumentException("\"%s\" is not a valid hostname".formatted(address));
    }
    Duration interval = DurationText.parse(relabelled.get(INTERVAL));
    Duration timeout = DurationText.parse(relabelled.get(TIMEOUT));
    if (interval.isZero() || timeout.isZero()) {
      throw new IllegalArgumentException("scrape interval and timeout cannot be 0");
    }
    if (timeout.compareTo(interval) > 0) {
      throw new IllegalArgumentException(
          "scrape timeout cannot be greater than scrape interval (\"%s\" > \"%s\")"
              .formatted(relabelled.get(TIMEOUT), relabelled.get(INTERVAL)));
    }
    Labels kept = relabelled.filter(name -> !name.startsWith("__"));
    if (!kept.has("instance")) {
      kept = kept.with("instance", address);
    }
    return new Target(discovered, kept, uri(relabelled, address), interval, timeout);
  }

  private URI uri(Labels labels, String address) {
    Map<String, List<String>> params = new TreeMap<>(config.asking().params());
    for (int i = 0; i < labels.size(); i++) {
      if (labels.name(i).startsWith(PARAM)) {
        String name = labels.name(i).substring(PARAM.length());
        var values = new ArrayList<>(params.getOrDefault(name, List.of()));
        if (values.isEmpty()) {
          values.add(labels.value(i));
        } else {
          values.set(0, labels.value(i));
        }
        params.put(name, values);
      }
    }
    var query = new ArrayList<String>();
    params.forEach((name, values) ->
        values.forEach(value -> query.add(queryEscaped(name) + "=" + queryEscaped(value))));
    String scheme = labels.get(SCHEME);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("unsupported scheme \"%s\"".formatted(scheme));
    }
    URI uri =
        URI.create(
            scheme
                + "://"
                + address
                + pathEscaped(labels.get(PATH))
                + (query.isEmpty() ? "" : "?" + String.join("&", query)));
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("\"%s\" is not a valid hostname".formatted(address));
    }
    return uri;
  }

  private static String queryEscaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String pathEscaped(String path) {
    var text = new StringBuilder(path.startsWith("/") || path.isEmpty() ? "" : "/");
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= '0' && b <= '9')
              || (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || UNRESERVED.indexOf(b) >= 0;
      text.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
    }
    return text.toString();
  }
}
