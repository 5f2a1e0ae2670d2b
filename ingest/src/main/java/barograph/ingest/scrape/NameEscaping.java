package barograph.ingest.scrape;

/// How a target is asked to write names that are not the classic ones, by its configured name.
public enum NameEscaping {
  /// As they are, in quotes.
  ALLOW_UTF_8("allow-utf-8"),
  /// With an underscore for each character that is not allowed.
  UNDERSCORES("underscores"),
  /// With dots spelt out.
  DOTS("dots"),
  /// With characters by their code.
  VALUES("values");

  private final String configName;

  NameEscaping(String configName) {
    this.configName = configName;
  }

  /// As a configuration file and an `Accept` header write it.
  public String configName() {
    return configName;
  }
}
