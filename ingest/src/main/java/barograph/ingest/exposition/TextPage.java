package barograph.ingest.exposition;

/// Reads a page in the Prometheus text format (0.0.4 and 1.0.0) line by line, in place.
///
/// Like the format's reference reader it takes blanks before an unquoted name as part of the name,
/// allows a trailing comma, and stops at the first line that is wrong.
public final class TextPage extends LinePage {
  /// Where the next line begins, blank lines aside.
  @Override
  public int position() {
    while (at < end && page[at] == '\n') {
      at++;
    }
    return at;
  }

  /// Reads the next line; of a series only what stands before the value.
  @Override
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
    clearLabels();
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
  @Override
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

  @Override
  public String remark() {
    return unescaped(textStart, textEnd, false);
  }
}
