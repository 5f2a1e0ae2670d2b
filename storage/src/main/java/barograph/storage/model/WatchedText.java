package barograph.storage.model;

/// A text that a regular expression reads character by character, and that asks on the way whether
/// to go on: an expression of a thousand instructions takes seconds for a megabyte.
public final class WatchedText implements CharSequence {
  /// Steps of an expression between two questions: some milliseconds.
  private static final int STEPS_PER_LOOK = 1 << 20;

  private final String text;
  private final int charactersPerLook;
  private final Allowance allowance;
  private int untilLook;

  private WatchedText(String text, int charactersPerLook, Allowance allowance) {
    this.text = text;
    this.charactersPerLook = charactersPerLook;
    this.untilLook = charactersPerLook;
    this.allowance = allowance;
  }

  /// `text`, watched if it is too long to be read in one go.
  ///
  /// @param programSize the instructions of the expression, each of which may take a step with each
  ///   character
  /// @param allowance asked for no memory, so that it may refuse
  public static CharSequence of(String text, int programSize, Allowance allowance) {
    return isLong(text.length(), programSize)
        ? new WatchedText(text, Math.max(1, STEPS_PER_LOOK / programSize), allowance)
        : text;
  }

  /// Whether so many characters are too much to be read in one go.
  static boolean isLong(long characters, int programSize) {
    return characters * programSize > STEPS_PER_LOOK;
  }

  @Override
  public char charAt(int index) {
    if (--untilLook <= 0) {
      untilLook = charactersPerLook;
      allowance.take(0);
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
