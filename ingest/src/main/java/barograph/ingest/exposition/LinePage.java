package barograph.ingest.exposition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A page of text that is read line by line, in place; what the text formats have in common.
///
/// After [#next()] has found a series, its name and labels are known by their offsets; the value
/// follows by [#readValue()]. The two are apart so that whoever has seen the same bytes before
/// skips the first. Reused from page to page; makes no object but for errors.
public abstract sealed class LinePage implements ExposedSeries permits TextPage, OpenMetricsPage {
  /// What a line is.
  public enum Line {
    /// The page is over.
    END,
    /// A remark without meaning.
    COMMENT,
    HELP,
    TYPE,
    UNIT,
    SERIES
  }

  static final byte FIRST = 1;
  static final byte LATER = 2;
  static final byte COLON = 4;

  /// By byte: may it begin a name, may it follow in one, and is it a colon, which only metrics
  /// have.
  private static final byte[] IN_NAME = inName();

  byte[] page = new byte[0];
  int end;
  int at;
  int lineStart;
  int subjectStart;
  int subjectEnd;
  int textStart;
  int textEnd;

  /// For each label where its name begins and ends, and then its value.
  private int[] offsets = new int[64];

  private int labels;
  double value;
  boolean timestamped;
  long timestampMillis;

  /// Where the next line begins.
  public abstract int position();

  /// Reads the next line; of a series only what stands before the value.
  public abstract Line next() throws BadPageException;

  /// Reads what follows the labels of the series behind which it stands, and the line's end.
  public abstract void readValue() throws BadPageException;

  /// What a `HELP`, `TYPE` or `UNIT` line says after the metric, its escapes resolved.
  public abstract String remark();

  /// Whether the sample has an exemplar, which is then [#exemplar()].
  public boolean hasExemplar() {
    return false;
  }

  /// The exemplar of the sample.
  public PageExemplar exemplar() {
    throw new IllegalStateException("the sample has no exemplar");
  }

  /// Begins at the start of a page of `length` bytes, the last of which must be a line feed.
  public final void reset(byte[] newPage, int length) {
    if (length > 0 && newPage[length - 1] != '\n') {
      throw new IllegalArgumentException("a page must end with a line feed");
    }
    page = newPage;
    end = length;
    at = 0;
  }

  /// Stands at `newEnd` in the line that begins at `newLineStart`, as if [#next()] had read so far.
  public final void resume(int newLineStart, int newEnd) {
    lineStart = newLineStart;
    at = newEnd;
  }

  final int nameEnd(int from, byte alsoAllowed) {
    int i = from;
    while (i < end && (kind(page[i]) & (LATER | alsoAllowed)) != 0) {
      i++;
    }
    return i;
  }

  final int page(int i) {
    return i < end ? page[i] : '\n';
  }

  static int kind(int c) {
    return c < 0 ? 0 : IN_NAME[c];
  }

  final int tokenEnd(int i) {
    int c = page(i);
    if (c == '=' || c == ',' || c == '}') {
      return i + 1;
    }
    if (c == '"') {
      int close = i + 1;
      while (close < end && page[close] != '"') {
        close += page[close] == '\\' ? 2 : 1;
      }
      return Math.min(end, close + 1);
    }
    return (kind(c) & FIRST) != 0 && c != ':' ? nameEnd(i, (byte) 0) : i;
  }

  final String tokenName(int i) {
    return switch (page(i)) {
      case '=' -> "EQUAL";
      case ',' -> "COMMA";
      case '}' -> "BCLOSE";
      case '"' -> "QSTRING";
      default -> (kind(page(i)) & FIRST) != 0 && page(i) != ':' ? "LNAME" : "INVALID";
    };
  }

  final BadPageException unexpected(
      String expected, int tokenStart, int tokenEnd, String tokenName) {
    int shown = Math.min(end, tokenEnd + 1);
    return new BadPageException(
        "%s, got %s (\"%s\") while parsing: %s"
            .formatted(
                expected,
                Quoted.bytes(page, Math.min(tokenStart, shown), shown),
                tokenName,
                Quoted.bytes(page, lineStart, shown)));
  }

  final void clearLabels() {
    labels = 0;
  }

  final void addLabel(int nameStart, int nameEnd, int valueStart, int valueEnd) {
    int base = 4 * labels++;
    if (base + 4 > offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
    }
    offsets[base] = nameStart;
    offsets[base + 1] = nameEnd;
    offsets[base + 2] = valueStart;
    offsets[base + 3] = valueEnd;
  }

  /// Where the line begins, the blanks before it included.
  public final int lineStart() {
    return lineStart;
  }

  /// Where reading stands: behind the labels of a series, or behind a remark's line.
  public final int end() {
    return at;
  }

  /// The metric that the line is about.
  ///
  /// @throws BadPageException if it is not UTF-8
  @Override
  public final String subject() throws BadPageException {
    return text(subjectStart, subjectEnd);
  }

  @Override
  public final int labels() {
    return labels;
  }

  /// The name of the `label`th label.
  ///
  /// @throws BadPageException if it is not UTF-8
  @Override
  public final String labelName(int label) throws BadPageException {
    return text(offsets[4 * label], offsets[4 * label + 1]);
  }

  @Override
  public final String labelValue(int label) {
    return unescaped(offsets[4 * label + 2], offsets[4 * label + 3], true);
  }

  public final double value() {
    return value;
  }

  /// Whether the sample has a timestamp of its own, which is then [#timestampMillis()].
  public final boolean timestamped() {
    return timestamped;
  }

  public final long timestampMillis() {
    return timestampMillis;
  }

  private String text(int from, int to) throws BadPageException {
    if (!Utf8.isValid(page, from, to)) {
      throw new BadPageException(
          "invalid metric name or label names: " + Quoted.bytes(page, from, to));
    }
    return unescaped(from, to, true);
  }

  final String unescaped(int from, int to, boolean quotes) {
    var raw = new String(page, from, to - from, StandardCharsets.UTF_8);
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    var text = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      char escaped = c == '\\' && i + 1 < raw.length() ? raw.charAt(i + 1) : 0;
      if (escaped == 'n') {
        text.append('\n');
        i++;
      } else if (escaped == '\\' || (escaped == '"' && quotes)) {
        text.append(escaped);
        i++;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static byte[] inName() {
    var kinds = new byte[128];
    for (int c = 0; c < 128; c++) {
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      boolean digit = c >= '0' && c <= '9';
      kinds[c] = (byte) (letter ? FIRST | LATER : digit ? LATER : c == ':' ? FIRST | COLON : 0);
    }
    return kinds;
  }
}
