package barograph.ingest.exposition;

import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Reads a page in OpenMetrics 1.0 text line by line, in place.
///
/// As strict as the reference reader and no stricter: one blank between tokens, no other remarks
/// than the three, `# EOF` and nothing behind it; but the order of families, the suffixes of names
/// and the sense of values are the sender's business. Timestamps are seconds, cut to milliseconds.
public final class OpenMetricsPage extends LinePage {
  private static final String[] KEYWORDS = {"HELP", "TYPE", "UNIT", "EOF"};
  private static final String INVALID = "INVALID";
  private static final String NO_END = "data does not end with # EOF";

  private boolean exemplified;
  private int[] exemplarOffsets = new int[16];
  private int exemplarLabels;
  private double exemplarValue;
  private boolean exemplarTimestamped;
  private long exemplarMillis;

  @Override
  public int position() {
    return at;
  }

  @Override
  public Line next() throws BadPageException {
    lineStart = at;
    if (at >= end) {
      throw new BadPageException(NO_END);
    }
    int c = page[at];
    if (c == '#') {
      return remarkLine();
    }
    clearLabels();
    subjectStart = -1;
    subjectEnd = -1;
    if ((kind(c) & FIRST) != 0) {
      subjectStart = at;
      at = nameEnd(at, COLON);
      subjectEnd = at;
      c = page(at);
    } else if (c != '{') {
      throw unexpected("expected a valid start token", at, at, INVALID);
    }
    if (c == '{') {
      at = braces(at + 1, false);
    }
    if (subjectStart < 0) {
      throw new BadPageException(
          "metric name not set while parsing: " + Quoted.bytes(page, lineStart, at));
    }
    return Line.SERIES;
  }

  private Line remarkLine() throws BadPageException {
    String keyword = keyword();
    if (keyword.equals("EOF")) {
      if (at < end && page[at] == '\n') {
        at++;
      }
      if (at < end) {
        throw new BadPageException("unexpected data after # EOF");
      }
      return Line.END;
    }
    int c = page(at);
    if (c == '"') {
      subjectStart = at + 1;
      at = quotedEnd(at, "expected metric name after " + keyword, true);
      subjectEnd = at - 1;
    } else if ((kind(c) & FIRST) != 0) {
      subjectStart = at;
      at = nameEnd(at, COLON);
      subjectEnd = at;
    } else {
      throw unexpected("expected metric name after " + keyword, at, at, INVALID);
    }
    if (page(at) != ' ') {
      throw new BadPageException("expected text in " + keyword);
    }
    textStart = at + 1;
    textEnd = textStart;
    while (page(textEnd) != '\n') {
      textEnd++;
    }
    at = textEnd + 1;
    return switch (keyword) {
      case "HELP" -> help();
      case "UNIT" -> unit();
      default -> Line.TYPE;
    };
  }

  /// The word behind `# ` with which the line begins; reading then stands behind it and its blank.
  private String keyword() throws BadPageException {
    int furthest = lineStart + 1;
    if (page(furthest) == ' ') {
      furthest++;
      for (String keyword : KEYWORDS) {
        String wanted = keyword.equals("EOF") ? keyword : keyword + " ";
        int i = lineStart + 2;
        int matched = 0;
        while (matched < wanted.length() && page(i) == wanted.charAt(matched)) {
          matched++;
          i++;
        }
        if (matched == wanted.length()) {
          at = i;
          return keyword;
        }
        furthest = Math.max(furthest, i);
      }
    }
    throw unexpected("expected a valid start token", lineStart, furthest, INVALID);
  }

  private Line help() throws BadPageException {
    if (!Utf8.isValid(page, textStart, textEnd)) {
      throw new BadPageException(
          "help text %s is not a valid utf8 string"
              .formatted(Quoted.bytes(page, textStart, textEnd)));
    }
    return Line.HELP;
  }

  private Line unit() throws BadPageException {
    int length = textEnd - textStart;
    int from = subjectEnd - length;
    boolean suffix = length == 0 || (from > subjectStart && page[from - 1] == '_');
    for (int i = 0; suffix && i < length; i++) {
      suffix = page[from + i] == page[textStart + i];
    }
    if (!suffix) {
      throw new BadPageException(
          "unit %s not a suffix of metric %s"
              .formatted(
                  Quoted.bytes(page, textStart, textEnd),
                  Quoted.bytes(page, subjectStart, subjectEnd)));
    }
    return Line.UNIT;
  }

  /// Reads what follows an opening brace; the position behind the closing one.
  private int braces(int from, boolean ofExemplar) throws BadPageException {
    int i = from;
    while (page(i) != '}') {
      int nameStart = i;
      boolean quoted = page(i) == '"';
      if (quoted) {
        i = quotedEnd(i, "expected label name", !ofExemplar);
      } else if ((kind(page(i)) & FIRST) != 0 && page(i) != ':') {
        i = nameEnd(i, (byte) 0);
      } else {
        throw unexpected("expected label name", i, tokenEnd(i), tokenName(i));
      }
      int quote = quoted ? 1 : 0;
      if (!ofExemplar && (page(i) == ',' || page(i) == '}')) {
        name(nameStart + quote, i - quote);
        i = page(i) == ',' ? i + 1 : i;
        continue;
      }
      if (page(i) != '=') {
        throw unexpected(
            ofExemplar && (page(i) == ',' || page(i) == '}')
                ? "expected label name"
                : "expected equal",
            i,
            tokenEnd(i),
            tokenName(i));
      }
      int valueStart = i + 2;
      i = labelValueEnd(i + 1);
      if (ofExemplar) {
        addExemplarLabel(nameStart + quote, valueStart - 2 - quote, valueStart, i - 1);
      } else {
        addLabel(nameStart + quote, valueStart - 2 - quote, valueStart, i - 1);
      }
      if (page(i) == ',') {
        i++;
      } else if (page(i) != '}') {
        throw unexpected("expected comma or brace close", i, tokenEnd(i), tokenName(i));
      }
    }
    return i + 1;
  }

  private void name(int from, int to) throws BadPageException {
    if (subjectStart >= 0) {
      throw new BadPageException(
          "metric name already set while parsing: "
              + Quoted.bytes(page, lineStart, Math.min(end, to + 2)));
    }
    subjectStart = from;
    subjectEnd = to;
  }

  private int labelValueEnd(int from) throws BadPageException {
    if (page(from) != '"') {
      throw unexpected("expected label value", from, from, INVALID);
    }
    int behind = quotedEnd(from, "expected label value", false);
    if (!Utf8.isValid(page, from + 1, behind - 1)) {
      throw new BadPageException("invalid UTF-8 label value: " + Quoted.bytes(page, from, behind));
    }
    return behind;
  }

  /// The position behind the quote that ends the string beginning at `from`.
  private int quotedEnd(int from, String expected, boolean overLines) throws BadPageException {
    int i = from + 1;
    for (; i < end && (overLines || page[i] != '\n'); i++) {
      if (page[i] == '"') {
        return i + 1;
      }
      if (page[i] == '\\' && page(i + 1) != '\n') {
        i++;
      }
    }
    throw unexpected(expected, from, i, INVALID);
  }

  @Override
  public void readValue() throws BadPageException {
    exemplified = false;
    timestamped = false;
    value = number("expected value after metric");
    if (page[at] == '\n') {
      at++;
      return;
    }
    requireSense();
    if (!exemplarFollows("expected next entry after metric")) {
      timestamped = true;
      timestampMillis = millis("invalid timestamp");
      if (page[at] == '\n') {
        at++;
        return;
      }
      if (!exemplarFollows("expected next entry after timestamp")) {
        throw unexpected("expected next entry after timestamp", at, wordEnd(at + 1), "TIMESTAMP");
      }
    }
    readExemplar();
  }

  /// Refuses what can neither be a timestamp nor an exemplar. The reference reader passes over it
  /// and then misses the beginning of a line, which is what its words are about.
  private void requireSense() throws BadPageException {
    boolean remark = page(at + 1) == '#' && page(at + 2) == ' ';
    int lost = remark ? at + 3 : at + 1;
    int c = page(lost);
    if (remark ? c == '{' : c != ' ' && c != '\n') {
      return;
    }
    lineStart = lost;
    int behind = c == ' ' ? wordEnd(lost + 1) : lost;
    String token = c == '\n' ? "LINEBREAK" : behind > lost + 1 ? "TIMESTAMP" : INVALID;
    throw unexpected("expected a valid start token", lost, c == '\n' ? lost + 1 : behind, token);
  }

  private void readExemplar() throws BadPageException {
    exemplarLabels = 0;
    at = braces(at + 4, true);
    exemplarValue = number("expected value after exemplar labels");
    exemplified = true;
    exemplarTimestamped = page[at] != '\n';
    if (exemplarTimestamped) {
      requireWord("expected timestamp or comment");
      exemplarMillis = millis("invalid exemplar timestamp");
      if (page[at] != '\n') {
        int behind = wordEnd(at + 1);
        throw unexpected(
            "expected next entry after exemplar timestamp",
            at,
            behind,
            behind == at + 1 ? INVALID : "TIMESTAMP");
      }
    }
    at++;
  }

  /// Whether ` # {` stands here; if not, a word must.
  private boolean exemplarFollows(String expected) throws BadPageException {
    if (page(at + 1) == '#' && page(at + 2) == ' ') {
      if (page(at + 3) != '{') {
        throw unexpected(expected, at, at + 3, INVALID);
      }
      return true;
    }
    requireWord(expected);
    return false;
  }

  /// Refuses anything but one blank and then a word.
  private void requireWord(String expected) throws BadPageException {
    if (wordEnd(at + 1) == at + 1) {
      throw unexpected(expected, at, at + 1, INVALID);
    }
  }

  private int wordEnd(int from) {
    int i = from;
    while (page(i) != ' ' && page(i) != '\n') {
      i++;
    }
    return i;
  }

  /// Reads one blank and a number.
  private double number(String expected) throws BadPageException {
    if (page(at) != ' ') {
      throw unexpected(expected, at, at, page(at) == '{' ? "BOPEN" : INVALID);
    }
    requireWord(expected);
    return word();
  }

  private double word() throws BadPageException {
    int from = at + 1;
    at = wordEnd(from);
    try {
      return DecimalText.parse(page, from, at);
    } catch (BadPageException e) {
      throw new BadPageException(
          e.getMessage() + " while parsing: " + Quoted.bytes(page, lineStart, at));
    }
  }

  private long millis(String complaint) throws BadPageException {
    double seconds = word();
    if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
      String shown = Double.isNaN(seconds) ? "NaN" : seconds > 0 ? "+Inf" : "-Inf";
      throw new BadPageException(String.format(Locale.ROOT, "%s %s", complaint, shown));
    }
    return (long) (seconds * 1000);
  }

  private void addExemplarLabel(int nameStart, int nameEnd, int valueStart, int valueEnd)
      throws BadPageException {
    if (4 * exemplarLabels == exemplarOffsets.length) {
      exemplarOffsets = Arrays.copyOf(exemplarOffsets, 2 * exemplarOffsets.length);
    }
    if (!Utf8.isValid(page, nameStart, nameEnd)) {
      throw new BadPageException(
          "invalid metric name or label names: " + Quoted.bytes(page, nameStart, nameEnd));
    }
    int base = 4 * exemplarLabels++;
    exemplarOffsets[base] = nameStart;
    exemplarOffsets[base + 1] = nameEnd;
    exemplarOffsets[base + 2] = valueStart;
    exemplarOffsets[base + 3] = valueEnd;
  }

  @Override
  public boolean hasExemplar() {
    return exemplified;
  }

  @Override
  public PageExemplar exemplar() {
    var labels = new Labels.Builder();
    for (int i = 0; i < 4 * exemplarLabels; i += 4) {
      String name =
          new String(
              page,
              exemplarOffsets[i],
              exemplarOffsets[i + 1] - exemplarOffsets[i],
              StandardCharsets.UTF_8);
      if (!name.isEmpty()) {
        labels.set(name, unescaped(exemplarOffsets[i + 2], exemplarOffsets[i + 3], true));
      }
    }
    return new PageExemplar(labels.build(), exemplarValue, exemplarTimestamped, exemplarMillis);
  }

  @Override
  public String remark() {
    return unescaped(textStart, textEnd, true);
  }
}
