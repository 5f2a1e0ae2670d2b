package barograph.query.promqltest;

import barograph.query.ast.Durations;
import barograph.query.parse.QueryParser;
import barograph.storage.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A script, read: its commands in order.
record Script(List<Command> commands) {
  private static final Pattern LOAD =
      Pattern.compile("^load(?:_(with_nhcb))?\\s+(.+?)$", Pattern.CASE_INSENSITIVE);
  private static final Pattern INSTANT =
      Pattern.compile(
          "^eval(?:_(fail|warn|ordered|info))?\\s+instant\\s+(?:at\\s+(.+?))?\\s+(.+)$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern RANGE =
      Pattern.compile(
          "^eval(?:_(fail|warn|info))?\\s+range\\s+from\\s+(.+)\\s+to\\s+(.+)\\s+step\\s+(.+?)\\s+(.+)$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern EXPECT =
      Pattern.compile(
          "^expect\\s+(ordered|fail|warn|no_warn|info|no_info)(?:\\s+(regex|msg):(.+))?$");
  private static final Pattern EXPECT_RANGE =
      Pattern.compile("^expect range vector\\s+from\\s+(.+)\\s+to\\s+(.+)\\s+step\\s+(.+)$");

  /// A command, with the line that it starts at.
  sealed interface Command {
    record Clear() implements Command {}

    /// Samples to be stored.
    ///
    /// @param withCustomBuckets whether classic histograms become native ones too
    record Load(long stepMillis, List<SeriesLine> series, boolean withCustomBuckets)
        implements Command {}

    record Eval(
        int line,
        String query,
        long startMillis,
        long endMillis,
        long stepMillis,
        Expected expected)
        implements Command {
      boolean isRange() {
        return stepMillis > 0;
      }
    }
  }

  /// A series with its values.
  record SeriesLine(Labels labels, List<ValueSequence.Item> values) {}

  /// A pattern that an error or annotation must fit.
  record TextRule(@Nullable String exact, @Nullable Pattern pattern) {
    boolean fits(String text) {
      return exact != null ? text.equals(exact) : pattern == null || pattern.matcher(text).find();
    }
  }

  /// What an evaluation should yield.
  static final class Expected {
    final List<SeriesLine> series = new ArrayList<>();
    @Nullable Double scalar;
    @Nullable String text;
    boolean ordered;
    @Nullable TextRule failure;
    final List<TextRule> warnings = new ArrayList<>();
    final List<TextRule> infos = new ArrayList<>();
    boolean noWarnings;
    boolean noInfos;
    boolean rangeVector;
    long rangeStartMillis;
    long rangeStepMillis;
  }

  static Script parse(String text) {
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      lines[i] = lines[i].strip();
      if (lines[i].startsWith("#")) {
        lines[i] = "";
      }
    }
    var commands = new ArrayList<Command>();
    int at = 0;
    while (at < lines.length) {
      String line = lines[at];
      if (line.isEmpty()) {
        at++;
        continue;
      }
      String word = line.split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
      int end = at + 1;
      while (end < lines.length && !lines[end].isEmpty()) {
        end++;
      }
      if (word.equals("clear")) {
        commands.add(new Command.Clear());
        at++;
      } else if (word.startsWith("load")) {
        commands.add(load(lines, at, end));
        at = end;
      } else if (word.startsWith("eval")) {
        commands.add(eval(lines, at, end));
        at = end;
      } else {
        throw new IllegalArgumentException("line %d: no command: %s".formatted(at + 1, line));
      }
    }
    return new Script(commands);
  }

  private static Command load(String[] lines, int at, int end) {
    Matcher head = LOAD.matcher(lines[at]);
    if (!head.matches()) {
      throw new IllegalArgumentException("line %d: bad load: %s".formatted(at + 1, lines[at]));
    }
    var series = new ArrayList<SeriesLine>();
    for (int i = at + 1; i < end; i++) {
      if (!lines[i].contains("@st ")) {
        series.add(seriesLine(lines[i]));
      }
    }
    return new Command.Load(duration(head.group(2)), series, head.group(1) != null);
  }

  private static Command eval(String[] lines, int at, int end) {
    var expected = new Expected();
    Matcher instant = INSTANT.matcher(lines[at]);
    Matcher range = RANGE.matcher(lines[at]);
    String mode;
    String query;
    long start;
    long stop;
    long step;
    if (range.matches()) {
      mode = range.group(1);
      start = duration(range.group(2));
      stop = duration(range.group(3));
      step = duration(range.group(4));
      query = range.group(5);
    } else if (instant.matches()) {
      mode = instant.group(1);
      start = instant.group(2) == null ? 0 : duration(instant.group(2));
      stop = start;
      step = 0;
      query = instant.group(3);
    } else {
      throw new IllegalArgumentException("line %d: bad eval: %s".formatted(at + 1, lines[at]));
    }
    var anything = new TextRule(null, null);
    switch (mode == null ? "" : mode) {
      case "fail" -> expected.failure = anything;
      case "warn" -> expected.warnings.add(anything);
      case "info" -> expected.infos.add(anything);
      case "ordered" -> expected.ordered = true;
      default -> {}
    }
    for (int i = at + 1; i < end; i++) {
      expectation(lines[i], expected);
    }
    return new Command.Eval(at + 1, query, start, stop, step, expected);
  }

  private static void expectation(String line, Expected expected) {
    Matcher rule = EXPECT.matcher(line);
    Matcher rangeVector = EXPECT_RANGE.matcher(line);
    if (rule.matches()) {
      rule(rule, expected);
    } else if (rangeVector.matches()) {
      expected.rangeVector = true;
      expected.rangeStartMillis = duration(rangeVector.group(1));
      expected.rangeStepMillis = duration(rangeVector.group(3));
    } else if (line.startsWith("expect string")) {
      String quoted = line.substring("expect string".length()).strip();
      expected.text = QueryParserStrings.unquote(quoted);
    } else if (line.startsWith("expected_fail_message")) {
      expected.failure =
          new TextRule(line.substring("expected_fail_message".length()).strip(), null);
    } else if (line.startsWith("expected_fail_regexp")) {
      expected.failure =
          new TextRule(
              null, Pattern.compile(line.substring("expected_fail_regexp".length()).strip()));
    } else if (line.startsWith("{{")) {
      throw new IllegalArgumentException("no scalar is a histogram: " + line);
    } else {
      try {
        expected.scalar = ValueSequence.number(line);
      } catch (NumberFormatException e) {
        expected.series.add(seriesLine(line));
      }
    }
  }

  private static void rule(Matcher rule, Expected expected) {
    TextRule text;
    String body = rule.group(3) == null ? null : rule.group(3).strip();
    if (body == null) {
      text = new TextRule(null, null);
    } else if (rule.group(2).equals("msg")) {
      text = new TextRule(body, null);
    } else {
      text = new TextRule(null, Pattern.compile(body));
    }
    switch (rule.group(1)) {
      case "ordered" -> expected.ordered = true;
      case "fail" -> expected.failure = text;
      case "warn" -> expected.warnings.add(text);
      case "info" -> expected.infos.add(text);
      case "no_warn" -> expected.noWarnings = true;
      default -> expected.noInfos = true;
    }
  }

  static SeriesLine seriesLine(String line) {
    int end = 0;
    while (end < line.length()
        && line.charAt(end) != '{'
        && !Character.isWhitespace(line.charAt(end))) {
      end++;
    }
    if (end < line.length() && line.charAt(end) == '{') {
      end = endOfBraces(line, end);
    }
    String series = line.substring(0, end);
    var labels = series.equals("{}") ? Labels.EMPTY : QueryParser.parseSeries(series);
    return new SeriesLine(labels, ValueSequence.parse(line.substring(end)));
  }

  private static int endOfBraces(String line, int open) {
    char quote = 0;
    for (int i = open; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == '\\' && quote != '`') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '"' || c == '\'' || c == '`') {
        quote = c;
      } else if (c == '}') {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("braces without end: " + line);
  }

  private static long duration(String text) {
    return text.startsWith("-")
        ? -Durations.parseMillis(text.substring(1))
        : Durations.parseMillis(text);
  }
}
