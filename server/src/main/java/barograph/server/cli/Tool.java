package barograph.server.cli;

import barograph.query.EngineOptions;
import barograph.query.EngineOptions.Feature;
import barograph.server.cli.Checks.Verdict;
import barograph.server.cli.Flags.UsageException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// The commands that look at files instead of serving: `check config`, `check rules`, `test rules`.
///
/// Names, flags and exit codes are promtool's.
public final class Tool {
  private static final int GOOD = 0;
  private static final int BAD = 1;
  private static final int DOUBTFUL = 3;
  private static final String LINT_DUPLICATES = "duplicate-rules";

  private final String command;
  private final List<Path> files = new ArrayList<>();
  private boolean lintFatal;
  private boolean ignoreUnknown;
  private boolean findDuplicates = true;
  private @Nullable Pattern only;
  private EngineOptions engine = EngineOptions.defaults();

  private Tool(String command) {
    this.command = command;
  }

  /// Whether `arguments` ask for one of the commands.
  public static boolean serves(List<String> arguments) {
    return arguments.size() >= 2
        && Set.of("check config", "check rules", "test rules")
            .contains(arguments.getFirst() + " " + arguments.get(1));
  }

  /// Does what `arguments` ask for.
  ///
  /// @return the exit code: 0 if all is well, 1 if not, 3 for mere doubts with `--lint-fatal`
  /// @throws UsageException if the arguments make no sense
  public static int run(
      List<String> arguments, InputStream in, PrintStream out, PrintStream complaints) {
    var tool = new Tool(arguments.getFirst() + " " + arguments.get(1));
    arguments.subList(2, arguments.size()).forEach(tool::read);
    return tool.run(in, out, complaints);
  }

  private void read(String argument) {
    if (!argument.startsWith("--")) {
      files.add(Path.of(argument));
      return;
    }
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    String value = equals < 0 ? "" : argument.substring(equals + 1);
    switch (name) {
      case "--lint-fatal" -> lintFatal = true;
      case "--ignore-unknown-fields" -> ignoreUnknown = true;
      case "--lint" -> findDuplicates = value.equals("all") || value.equals(LINT_DUPLICATES);
      case "--run" -> only = regex(value);
      case "--enable-feature" -> List.of(value.split(",", -1)).forEach(this::enable);
      default ->
          throw new UsageException(
              "%s knows no flag %s, expected --ignore-unknown-fields, --lint=…, --lint-fatal,"
                      .formatted(command, name)
                  + " --run=… or --enable-feature=…");
    }
  }

  private static Pattern regex(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new UsageException(
          "--run is \"%s\", expected a regular expression: %s".formatted(text, e.getMessage()));
    }
  }

  private void enable(String flag) {
    for (Feature feature : Feature.values()) {
      if (feature.flag().equals(flag)) {
        engine = engine.with(feature);
      }
    }
  }

  private int run(InputStream in, PrintStream out, PrintStream complaints) {
    if (files.isEmpty() && !command.equals("check rules")) {
      throw new UsageException("%s expects the names of files".formatted(command));
    }
    if (command.equals("test rules")) {
      return new RuleTests(engine, only, ignoreUnknown).run(files, out, complaints) ? GOOD : BAD;
    }
    var checks = new Checks(out, complaints, ignoreUnknown, findDuplicates);
    var verdict =
        command.equals("check config")
            ? checks.configs(files)
            : files.isEmpty() ? checks.rules(in) : checks.rules(files);
    return switch (verdict) {
      case Verdict.GOOD -> GOOD;
      case Verdict.DOUBTFUL -> lintFatal ? DOUBTFUL : GOOD;
      case Verdict.BAD -> BAD;
    };
  }
}
