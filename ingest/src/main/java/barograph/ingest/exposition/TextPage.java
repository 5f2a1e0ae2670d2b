package barograph.ingest.exposition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads a page in the Prometheus text format (0.0.4 and 1.0.0) line by line, in place.
///
/// After [#next()] has found a series, its name and labels are known by their offsets; the value
/// follows by [#readValue()]. The two are apart so that whoever has seen the same bytes before
/// skips the first. Reused from page to page; makes no object but for errors.
///
/// Like the format's reference reader it takes blanks before an unquoted name as part of the name,
/// allows a trailing comma, and stops at the first line that is wrong.
public final class TextPage {
  /// What a line is.
  public enum Line {
    /// The page is over.
    END,
    /// A remark without meaning.
    COMMENT,
    HELP,
    TYPE,
    SERIES
  }

  private static final byte FIRST = 1;
  private static final byte LATER = 2;
  private static final byte COLON = 4;

  /// By byte: may it begin a name, may it follow in one, and is it a colon, which only metrics
  /// have.
  private static final byte[] IN_NAME = inName();

  private byte[] page = new byte[0];
  private int end;
  private int at;
  private int lineStart;
  private int subjectStart;
  private int subjectEnd;
  private int textStart;
  private int textEnd;
  private int[] offsets = new int[64];
  private int labels;
  private double value;
  private boolean timestamped;
  private long timestampMillis;

  /// Begins at the start of a page of `length` bytes, the last of which must be a line feed.
  public void reset(byte[] newPage, int length) {
    if (length > 0 && newPage[length - 1] != '\n') {
      throw new IllegalArgumentException("a page must end with a line feed");
    }
    page = newPage;
    end = length;
    at = 0;
  }

  /// Where the next line begins, blank lines aside.
  public int position() {
    while (at < end && page[at] == '\n') {
      at++;
    }
    return at;
  }

  /// Stands at `newEnd` in the line that begins at `newLineStart`, as if [#next()] had read so far.
  public void resume(int newLineStart, int newEnd) {
    lineStart = newLineStart;
    at = newEnd;
  }

  /// Reads the next line; of a series only what stands before the value.
  public Line next() throws BadPageException {
    int i;
    do {
      lineStart = position();
      i = skipBlanks(lineStart);
      at = i;
    } while (i < end && page[i] == '\n');
    if (i >= end) {
      return Line.END;
    }
    int c = page[i];
    if (c == '#') {
      return hash(i);
    }
    labels = 0;
    if (c == '{') {
      subjectStart = -1;
      subjectEnd = -1;
      at = braces(i + 1);
      if (subjectStart < 0) {
        throw new BadPageException(
            "metric name not set while parsing: " + Quoted.bytes(page, lineStart, at));
      }
      return Line.SERIES;
    }
    if ((kind(c) & FIRST) == 0) {
      throw unexpected("expected a valid start token", i, i, "INVALID");
    }
    i = nameEnd(i, COLON);
    subjectStart = lineStart;
    subjectEnd = i;
    at = i;
    int open = skipBlanks(i);
    if (page[open] == '{') {
      at = braces(open + 1);
    }
    return Line.SERIES;
  }

  /// Reads value and timestamp of the series behind whose labels it stands, and the line's end.
  public void readValue() throws BadPageException {
    byte[] b = page;
    int start = skipBlanks(at);
    int i = start;
    while (b[i] != ' ' && b[i] != '\n' && b[i] != '\t' && b[i] != '{') {
      i++;
    }
    if (i == start) {
      throw unexpected(
          "expected value after metric", start, start, b[start] == '{' ? "BOPEN" : "INVALID");
    }
    try {
      value = DecimalText.parse(b, start, i);
    } catch (BadPageException e) {
      throw new BadPageException(
          e.getMessage() + " while parsing: " + Quoted.bytes(b, lineStart, i));
    }
    i = skipBlanks(i);
    timestamped = b[i] != '\n';
    if (timestamped) {
      i = timestamp(i);
    }
    at = i + 1;
  }

  private int timestamp(int from) throws BadPageException {
    int i = from;
    long millis = 0;
    while (page[i] >= '0' && page[i] <= '9') {
      int digit = page[i] - '0';
      if (millis > (Long.MAX_VALUE - digit) / 10) {
        while (page[i] >= '0' && page[i] <= '9') {
          i++;
        }
        throw new BadPageException(
            "strconv.ParseInt: parsing %s: value out of range while parsing: %s"
                .formatted(Quoted.bytes(page, from, i), Quoted.bytes(page, lineStart, i)));
      }
      millis = millis * 10 + digit;
      i++;
    }
    if (i == from) {
      throw unexpected("expected timestamp or new record", i, i, "INVALID");
    }
    timestampMillis = millis;
    i = skipBlanks(i);
    if (page[i] != '\n') {
      throw unexpected("expected next entry after timestamp", i, i, "INVALID");
    }
    return i;
  }

  /// Reads what follows an opening brace; the position behind the closing one.
  private int braces(int from) throws BadPageException {
    int i = skipBlanks(from);
    while (page(i) != '}') {
      int start = i;
      boolean quoted = page(i) == '"';
      if (quoted) {
        i = quotedEnd(i, "expected label name");
      } else if ((kind(page(i)) & FIRST) != 0 && page(i) != ':') {
        i = nameEnd(i, (byte) 0);
      } else {
        throw unexpected("expected label name", i, tokenEnd(i), tokenName(i));
      }
      int nameStart = quoted ? start + 1 : start;
      int nameEnd = quoted ? i - 1 : i;
      i = skipBlanks(i);
      int c = page(i);
      if (c == ',' || c == '}') {
        if (subjectStart >= 0) {
          throw new BadPageException(
              "metric name already set while parsing: "
                  + Quoted.bytes(page, lineStart, Math.min(end, i + 2)));
        }
        subjectStart = nameStart;
        subjectEnd = nameEnd;
        i = c == ',' ? skipBlanks(i + 1) : i;
        continue;
      }
      if (c != '=') {
        throw unexpected("expected equal", i, tokenEnd(i), tokenName(i));
      }
      i = skipBlanks(i + 1);
      if (page(i) != '"') {
        throw unexpected("expected label value", i, i, "INVALID");
      }
      int valueStart = i + 1;
      i = quotedEnd(i, "expected label value");
      if (!Utf8.isValid(page, valueStart, i - 1)) {
        throw new BadPageException(
            "invalid UTF-8 label value: " + Quoted.bytes(page, valueStart - 1, i));
      }
      addLabel(nameStart, nameEnd, valueStart, i - 1);
      i = skipBlanks(i);
      if (page(i) == ',') {
        i = skipBlanks(i + 1);
      }
    }
    return i + 1;
  }

  private Line hash(int from) throws BadPageException {
    int lineEnd = from;
    while (page[lineEnd] != '\n') {
      lineEnd++;
    }
    at = lineEnd + 1;
    int i = skipBlanks(from + 1);
    if (i == from + 1 || !(wordAt(i, "HELP") || wordAt(i, "TYPE"))) {
      return Line.COMMENT;
    }
    boolean help = page[i] == 'H';
    i = skipBlanks(i + 4);
    if (page[i] == '"') {
      subjectStart = i + 1;
      i = quotedEnd(i, "expected metric name after " + (help ? "HELP" : "TYPE"));
      subjectEnd = i - 1;
      if (i > lineEnd) {
        lineEnd = i;
        while (page[lineEnd] != '\n') {
          lineEnd++;
        }
        at = lineEnd + 1;
      }
    } else if ((kind(page[i]) & FIRST) != 0) {
      subjectStart = i;
      i = nameEnd(i, COLON);
      subjectEnd = i;
    } else {
      throw unexpected("expected metric name after " + (help ? "HELP" : "TYPE"), i, i, "INVALID");
    }
    textStart = help ? Math.min(i + 1, lineEnd) : skipBlanks(i);
    textEnd = lineEnd;
    if (help && !Utf8.isValid(page, textStart, textEnd)) {
      throw new BadPageException(
          "help text %s is not a valid utf8 string"
              .formatted(Quoted.bytes(page, textStart, textEnd)));
    }
    return help ? Line.HELP : Line.TYPE;
  }

  private boolean wordAt(int i, String word) {
    for (int k = 0; k < 4; k++) {
      if (page(i + k) != word.charAt(k)) {
        return false;
      }
    }
    return page(i + 4) == ' ' || page(i + 4) == '\t';
  }

  private int nameEnd(int from, byte alsoAllowed) {
    int i = from;
    while (i < end && (kind(page[i]) & (LATER | alsoAllowed)) != 0) {
      i++;
    }
    return i;
  }

  /// The position behind the quote that ends the string beginning at `from`.
  private int quotedEnd(int from, String expected) throws BadPageException {
    byte[] b = page;
    for (int i = from + 1; i < end; i++) {
      if (b[i] == '"') {
        return i + 1;
      }
      if (b[i] == '\\') {
        i++;
      }
    }
    throw unexpected(expected, from, end, "INVALID");
  }

  private int skipBlanks(int from) {
    int i = from;
    while (i < end && (page[i] == ' ' || page[i] == '\t')) {
      i++;
    }
    return i;
  }

  private int page(int i) {
    return i < end ? page[i] : '\n';
  }

  private static int kind(int c) {
    return c < 0 ? 0 : IN_NAME[c];
  }

  private int tokenEnd(int i) {
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
    return nameEnd(i, (byte) 0);
  }

  private String tokenName(int i) {
    return switch (page(i)) {
      case '=' -> "EQUAL";
      case ',' -> "COMMA";
      case '}' -> "BCLOSE";
      case '"' -> "QSTRING";
      default -> (kind(page(i)) & FIRST) != 0 && page(i) != ':' ? "LNAME" : "INVALID";
    };
  }

  private BadPageException unexpected(
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

  private void addLabel(int nameStart, int nameEnd, int valueStart, int valueEnd) {
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
  public int lineStart() {
    return lineStart;
  }

  /// Where reading stands: behind the labels of a series, or behind a remark's line.
  public int end() {
    return at;
  }

  /// The metric that the line is about.
  ///
  /// @throws BadPageException if it is not UTF-8
  public String subject() throws BadPageException {
    return text(subjectStart, subjectEnd);
  }

  /// What a `HELP` or `TYPE` line says after the metric, its escapes resolved.
  public String remark() {
    return unescaped(textStart, textEnd, false);
  }

  public int labels() {
    return labels;
  }

  /// The name of the `label`th label.
  ///
  /// @throws BadPageException if it is not UTF-8
  public String labelName(int label) throws BadPageException {
    return text(offsets[4 * label], offsets[4 * label + 1]);
  }

  public String labelValue(int label) {
    return unescaped(offsets[4 * label + 2], offsets[4 * label + 3], true);
  }

  public double value() {
    return value;
  }

  /// Whether the sample has a timestamp of its own, which is then [#timestampMillis()].
  public boolean timestamped() {
    return timestamped;
  }

  public long timestampMillis() {
    return timestampMillis;
  }

  private String text(int from, int to) throws BadPageException {
    if (!Utf8.isValid(page, from, to)) {
      throw new BadPageException(
          "invalid metric name or label names: " + Quoted.bytes(page, from, to));
    }
    return unescaped(from, to, true);
  }

  private String unescaped(int from, int to, boolean quotes) {
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
