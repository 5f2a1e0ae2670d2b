package barograph.ingest.scrape;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.ExposedSeries;
import barograph.ingest.exposition.NumberLabel;
import barograph.ingest.relabel.Relabeling;
import barograph.ingest.scrape.ScrapeConfig.Labelling;
import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a series on a target's page is called in the store: its labels on the page, joined with the
/// target's, relabelled, and held against the limits.
final class SeriesNaming {
  private static final String CONFLICT_PREFIX = "exported_";

  /// What the store takes of one series, whatever the limits are.
  private static final int MOST_LABELS = 50_000;

  private static final int MOST_CHARACTERS = 1_000_000;

  private final Labels target;
  private final boolean honorLabels;
  private final boolean legacyNames;
  private final Relabeling rules;
  private final ScrapeLimits limits;

  SeriesNaming(Labels target, Labelling labelling, ScrapeLimits limits) {
    this.target = target;
    this.honorLabels = labelling.honorLabels();
    this.legacyNames = labelling.legacyNames();
    this.rules = Relabeling.of(labelling.metricRules());
    this.limits = limits;
  }

  /// The labels of `series` as its page has it, or null if relabelling drops it.
  ///
  /// @param normalised the label whose number is written in one way only (`le` or `quantile`),
  ///   empty for none
  /// @throws BadPageException if such a series must not be stored
  @Nullable Labels name(ExposedSeries series, String normalised) throws BadPageException {
    var labels = new LinkedHashMap<String, String>();
    labels.put(Labels.METRIC_NAME, series.subject());
    for (int i = 0; i < series.labels(); i++) {
      String name = series.labelName(i);
      String value = series.labelValue(i);
      if (name.equals(normalised)) {
        value = NumberLabel.normalised(value);
      }
      if (labels.putIfAbsent(name, value) != null) {
        throw new BadPageException(
            "label name \"%s\" is not unique: invalid sample".formatted(name));
      }
    }
    if (honorLabels) {
      for (int i = 0; i < target.size(); i++) {
        labels.putIfAbsent(target.name(i), target.value(i));
      }
    } else {
      resolveConflicts(labels);
    }
    labels.remove("");
    Labels named = rules.apply(Labels.of(labels));
    if (named == null || named.isEmpty()) {
      return null;
    }
    if (!named.has(Labels.METRIC_NAME)) {
      throw new BadPageException("missing metric name (__name__ label)");
    }
    if (legacyNames && !LegacyNames.allow(named)) {
      throw new BadPageException("invalid metric name or label names: " + named);
    }
    checkStorable(named);
    checkLimits(named);
    return named;
  }

  private void resolveConflicts(Map<String, String> labels) {
    List<Map.Entry<String, String>> conflicts = new ArrayList<>();
    for (int i = 0; i < target.size(); i++) {
      @Nullable String exposed = labels.put(target.name(i), target.value(i));
      if (exposed != null && !exposed.isEmpty()) {
        conflicts.add(Map.entry(target.name(i), exposed));
      }
    }
    conflicts.sort(Comparator.comparingInt(conflict -> conflict.getKey().length()));
    for (var conflict : conflicts) {
      String name = CONFLICT_PREFIX + conflict.getKey();
      while (!labels.getOrDefault(name, "").isEmpty()) {
        name = CONFLICT_PREFIX + name;
      }
      labels.put(name, conflict.getValue());
    }
  }

  private static void checkStorable(Labels labels) throws BadPageException {
    if (labels.size() > MOST_LABELS) {
      throw new BadPageException(
          "metric %.50s has %d labels, expected at most %d"
              .formatted(labels.metricName(), labels.size(), MOST_LABELS));
    }
    long characters = 0;
    for (int i = 0; i < labels.size(); i++) {
      characters += labels.name(i).length() + labels.value(i).length();
    }
    if (characters > MOST_CHARACTERS) {
      throw new BadPageException(
          "metric %.50s has labels of %d characters, expected at most %d characters"
              .formatted(labels.metricName(), characters, MOST_CHARACTERS));
    }
  }

  private void checkLimits(Labels labels) throws BadPageException {
    if (limits.labels() > 0 && labels.size() > limits.labels()) {
      throw new BadPageException(
          "label_limit exceeded (metric: %.50s, number of labels: %d, limit: %d)"
              .formatted(labels.metricName(), labels.size(), limits.labels()));
    }
    if (limits.labelNameBytes() == 0 && limits.labelValueBytes() == 0) {
      return;
    }
    for (int i = 0; i < labels.size(); i++) {
      int nameBytes = labels.name(i).getBytes(StandardCharsets.UTF_8).length;
      if (limits.labelNameBytes() > 0 && nameBytes > limits.labelNameBytes()) {
        throw new BadPageException(
            "label_name_length_limit exceeded (metric: %.50s, label name: %.50s, length: %d, limit: %d)"
                .formatted(
                    labels.metricName(), labels.name(i), nameBytes, limits.labelNameBytes()));
      }
      int valueBytes = labels.value(i).getBytes(StandardCharsets.UTF_8).length;
      if (limits.labelValueBytes() > 0 && valueBytes > limits.labelValueBytes()) {
        throw new BadPageException(
            "label_value_length_limit exceeded (metric: %.50s, label name: %.50s, value: %.50s, length: %d, limit: %d)"
                .formatted(
                    labels.metricName(),
                    labels.name(i),
                    labels.value(i),
                    valueBytes,
                    limits.labelValueBytes()));
      }
    }
  }
}
