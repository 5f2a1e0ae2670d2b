package barograph.alerting.template;

/// A text that its template vouches for, so that HTML takes it as it stands where it fits.
record SafeText(Kind kind, String text) {

  /// What it is vouched for as.
  enum Kind {
    HTML("template.HTML"),
    URL("template.URL");

    private final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  /// The type as Go names it.
  String type() {
    return kind.type;
  }

  @Override
  public String toString() {
    return text;
  }
}
