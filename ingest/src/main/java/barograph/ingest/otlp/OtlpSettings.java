package barograph.ingest.otlp;

import java.util.Set;

/// How OpenTelemetry's metrics become series.
///
/// @param strategy how names are written
/// @param promoteAll whether every attribute of a resource becomes a label of its series
/// @param promoted attributes of a resource that do, if not all
/// @param ignored attributes of a resource that do not, if all the others do
/// @param keepIdentifying whether `target_info` also has the attributes that `job` and `instance`
///   are made of
/// @param convertHistograms whether histograms with explicit bounds become native ones
/// @param promoteScope whether a scope's name, version and attributes become labels
/// @param takeDeltas whether samples that tell differences are stored as they come; else refused
public record OtlpSettings(
    Strategy strategy,
    boolean promoteAll,
    Set<String> promoted,
    Set<String> ignored,
    boolean keepIdentifying,
    boolean convertHistograms,
    boolean promoteScope,
    boolean takeDeltas) {
  public static final OtlpSettings DEFAULT =
      new OtlpSettings(
          Strategy.UNDERSCORES_WITH_SUFFIXES,
          false,
          Set.of(),
          Set.of(),
          false,
          false,
          false,
          false);

  /// How names are written, by its configured name.
  public enum Strategy {
    UNDERSCORES_WITH_SUFFIXES("UnderscoreEscapingWithSuffixes", true, true),
    UNDERSCORES_WITHOUT_SUFFIXES("UnderscoreEscapingWithoutSuffixes", true, false),
    UTF8_WITH_SUFFIXES("NoUTF8EscapingWithSuffixes", false, true),
    AS_SENT("NoTranslation", false, false);

    private final String configName;
    private final boolean escapes;
    private final boolean suffixes;

    Strategy(String configName, boolean escapes, boolean suffixes) {
      this.configName = configName;
      this.escapes = escapes;
      this.suffixes = suffixes;
    }

    /// As a configuration file writes it.
    public String configName() {
      return configName;
    }

    /// Whether characters outside of the classic names become underscores.
    boolean escapes() {
      return escapes;
    }

    /// Whether unit and kind are told at the end of a metric's name.
    boolean suffixes() {
      return suffixes;
    }
  }

  public OtlpSettings {
    promoted = Set.copyOf(promoted);
    ignored = Set.copyOf(ignored);
  }

  /// These settings with differences taken or refused.
  public OtlpSettings takingDeltas(boolean taken) {
    return new OtlpSettings(
        strategy,
        promoteAll,
        promoted,
        ignored,
        keepIdentifying,
        convertHistograms,
        promoteScope,
        taken);
  }

  /// Whether an attribute of a resource becomes a label.
  boolean promotes(String attribute) {
    return promoteAll ? !ignored.contains(attribute) : promoted.contains(attribute);
  }
}
