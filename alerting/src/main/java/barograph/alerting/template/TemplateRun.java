package barograph.alerting.template;

import barograph.alerting.template.Node.Command;
import barograph.alerting.template.Node.Operand;
import barograph.alerting.template.Node.Pipeline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One expansion of a template: its output so far and its variables.
final class TemplateRun {
  private static final int MAX_CALL_DEPTH = 1_000;

  /// Longest text that one expansion may give: a loop in a template must not take the server down.
  private static final int MAX_OUTPUT = 4 << 20;

  private final Map<String, Definition> templates;
  private final FunctionTable functions;
  private final TemplateOutput output;
  private final List<Slot> variables = new ArrayList<>();
  private int firstVisible;
  private int callDepth;

  /// The template at work.
  private Definition here = new Definition("", "", "", List.of());

  TemplateRun(Map<String, Definition> templates, FunctionTable functions, TemplateOutput output) {
    this.templates = templates;
    this.functions = functions;
    this.output = output;
  }

  /// A variable and what it holds.
  private static final class Slot {
    final String name;
    @Nullable Object value;

    Slot(String name, @Nullable Object value) {
      this.name = name;
      this.value = value;
    }
  }

  /// How a list of nodes ended.
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  void expand(String name, @Nullable Object data) {
    variables.add(new Slot("$", data));
    var root = templates.get(name);
    if (root != null) {
      here = root;
      walk(root.body(), data);
    }
  }

  private Flow walk(List<Node> nodes, @Nullable Object dot) {
    for (var node : nodes) {
      var flow = walk(node, dot);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow walk(Node node, @Nullable Object dot) {
    switch (node) {
      case Node.Text(var text) -> {
        output.literal(text);
        checkLength(0);
      }
      case Node.Action(var pipeline) -> {
        var value = value(pipeline, dot);
        if (pipeline.variables().isEmpty()) {
          output.value(value);
          checkLength(pipeline.at());
        }
      }
      case Node.If(var condition, var then, var otherwise) -> {
        return scoped(() -> walk(Values.isTrue(value(condition, dot)) ? then : otherwise, dot));
      }
      case Node.With(var subject, var then, var otherwise) -> {
        return scoped(() -> {
          var value = value(subject, dot);
          return Values.isTrue(value) ? walk(then, value) : walk(otherwise, dot);
        });
      }
      case Node.Range range -> {
        return scoped(() -> loop(range, dot));
      }
      case Node.Break _ -> {
        return Flow.BREAK;
      }
      case Node.Continue _ -> {
        return Flow.CONTINUE;
      }
      case Node.Call call -> call(call, dot);
    }
    return Flow.ON;
  }

  /// A piece of work whose variables end with it.
  private interface Scope {
    Flow run();
  }

  private Flow scoped(Scope scope) {
    int mark = variables.size();
    var flow = scope.run();
    variables.subList(mark, variables.size()).clear();
    return flow;
  }

  private Flow loop(Node.Range range, @Nullable Object dot) {
    var over = valueOf(range.over().commands(), dot);
    var keys = new ArrayList<@Nullable Object>();
    var items = new ArrayList<@Nullable Object>();
    switch (over) {
      case null -> {}
      case Collection<?> list ->
          list.forEach(item -> {
            keys.add((long) keys.size());
            items.add(item);
          });
      case Map<?, ?> map ->
          map.forEach((key, value) -> {
            keys.add(key);
            items.add(value);
          });
      case Long count -> {
        if (count > MAX_OUTPUT) {
          throw error(range.over().at(), "range", "range can't iterate over " + count);
        }
        for (long i = 0; i < count; i++) {
          keys.add(i);
          items.add(i);
        }
      }
      default ->
          throw error(
              range.over().at(),
              range.over().commands().getFirst().text(),
              "range can't iterate over " + GoFormat.plain(over));
    }
    if (items.isEmpty()) {
      return walk(range.otherwise(), dot);
    }
    for (int i = 0; i < items.size(); i++) {
      int mark = variables.size();
      bind(range.over(), keys.get(i), items.get(i));
      var flow = walk(range.body(), items.get(i));
      variables.subList(mark, variables.size()).clear();
      if (flow == Flow.BREAK) {
        break;
      }
    }
    return Flow.ON;
  }

  /// Gives a loop's variables their values: the item, or key and item.
  private void bind(Pipeline over, @Nullable Object key, @Nullable Object item) {
    var names = over.variables();
    if (names.size() == 1) {
      assign(names.get(0), item, over.declares());
    } else if (names.size() == 2) {
      assign(names.get(0), key, over.declares());
      assign(names.get(1), item, over.declares());
    }
  }

  private void assign(String variable, @Nullable Object value, boolean declares) {
    if (declares) {
      variables.add(new Slot(variable, value));
    } else {
      slot(variable).value = value;
    }
  }

  private Slot slot(String variable) {
    for (int i = variables.size() - 1; i >= firstVisible; i--) {
      if (variables.get(i).name.equals(variable)) {
        return variables.get(i);
      }
    }
    throw new TemplateException("undefined variable: " + variable);
  }

  private void call(Node.Call call, @Nullable Object dot) {
    var body = templates.get(call.template());
    if (body == null) {
      throw error(
          call.at(),
          "{{template \"%s\"}}".formatted(call.template()),
          "template \"%s\" not defined".formatted(call.template()));
    }
    if (++callDepth > MAX_CALL_DEPTH) {
      throw error(
          call.at(),
          call.template(),
          "exceeded maximum template depth (%d)".formatted(MAX_CALL_DEPTH));
    }
    var data = call.data() == null ? null : value(call.data(), dot);
    var caller = here;
    int outer = firstVisible;
    int mark = variables.size();
    firstVisible = mark;
    variables.add(new Slot("$", data));
    here = body;
    walk(body.body(), data);
    here = caller;
    variables.subList(mark, variables.size()).clear();
    firstVisible = outer;
    callDepth--;
  }

  /// The value of a pipeline, which also goes to the pipeline's variable.
  private @Nullable Object value(Pipeline pipeline, @Nullable Object dot) {
    var value = valueOf(pipeline.commands(), dot);
    for (var variable : pipeline.variables()) {
      assign(variable, value, pipeline.declares());
    }
    return value;
  }

  private @Nullable Object valueOf(List<Command> commands, @Nullable Object dot) {
    @Nullable Object value = null;
    for (int i = 0; i < commands.size(); i++) {
      value = command(commands.get(i), dot, i > 0, value);
    }
    return value;
  }

  /// @param piped whether `before` is the command's last argument
  private @Nullable Object command(
      Command command, @Nullable Object dot, boolean piped, @Nullable Object before) {
    var first = command.words().getFirst();
    if (first instanceof Node.Function(var function, int at)) {
      return function(command, function, at, dot, piped, before);
    }
    if (command.words().size() > 1 || piped) {
      var arguments = arguments(command, dot, piped, before);
      return method(first, arguments, dot);
    }
    return operand(first, dot);
  }

  private @Nullable Object function(
      Command command,
      String function,
      int at,
      @Nullable Object dot,
      boolean piped,
      @Nullable Object before) {
    if (function.equals("and") || function.equals("or")) {
      return shortCircuit(command, function, dot, piped, before);
    }
    var arguments = arguments(command, dot, piped, before);
    try {
      return functions.named(function).call(new Arguments(arguments));
    } catch (WrongTypeException e) {
      throw error(at, function, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
      throw error(
          command.at(), command.text(), "error calling %s: %s".formatted(function, e.getMessage()));
    }
  }

  /// `and` and `or` give the argument that decides, and look at none behind it.
  private @Nullable Object shortCircuit(
      Command command,
      String function,
      @Nullable Object dot,
      boolean piped,
      @Nullable Object before) {
    boolean goesOn = function.equals("and");
    @Nullable Object value = null;
    int count = command.words().size() - 1;
    if (count == 0 && !piped) {
      throw error(
          command.at(),
          command.text(),
          "wrong number of args for %s: want at least 1 got 0".formatted(function));
    }
    for (int i = 1; i <= count; i++) {
      value = operand(command.words().get(i), dot);
      if (Values.isTrue(value) != goesOn) {
        return value;
      }
    }
    return piped ? before : value;
  }

  private List<@Nullable Object> arguments(
      Command command, @Nullable Object dot, boolean piped, @Nullable Object before) {
    var arguments = new ArrayList<@Nullable Object>();
    for (var word : command.words().subList(1, command.words().size())) {
      arguments.add(operand(word, dot));
    }
    if (piped) {
      arguments.add(before);
    }
    return arguments;
  }

  private @Nullable Object operand(Operand operand, @Nullable Object dot) {
    return switch (operand) {
      case Node.Dot _ -> dot;
      case Node.Nil _ -> null;
      case Node.Literal literal -> literal.value();
      case Node.Field(var fields, var text, int at) -> fields(dot, fields, text, at);
      case Node.Variable(var variable, var fields, var text, int at) ->
          fields(slot(variable).value, fields, text, at);
      case Node.Group(var pipeline, var fields, var text, int at) ->
          fields(value(pipeline, dot), fields, text, at);
      case Node.Function(var function, int at) -> {
        try {
          yield functions.named(function).call(new Arguments(List.of()));
        } catch (IllegalArgumentException e) {
          throw error(at, function, "error calling %s: %s".formatted(function, e.getMessage()));
        }
      }
    };
  }

  /// A method with arguments, such as `$time.Format "15:04"`.
  private @Nullable Object method(
      Operand operand, List<@Nullable Object> arguments, @Nullable Object dot) {
    var receiver =
        switch (operand) {
          case Node.Field(var fields, var text, int at) -> fields(dot, butLast(fields), text, at);
          case Node.Variable(var variable, var fields, var text, int at) when !fields.isEmpty() ->
              fields(slot(variable).value, butLast(fields), text, at);
          case Node.Group(var pipeline, var fields, var text, int at) when !fields.isEmpty() ->
              fields(value(pipeline, dot), butLast(fields), text, at);
          case Node.Dot _,
              Node.Nil _,
              Node.Literal _,
              Node.Function _,
              Node.Variable _,
              Node.Group _ ->
              throw error(operand.at(), operand.text(), "can't give argument to non-function");
        };
    var text = operand.text();
    var method = text.substring(text.lastIndexOf('.') + 1);
    try {
      return Values.method(receiver, method, arguments);
    } catch (IllegalArgumentException e) {
      throw error(operand.at(), text, String.valueOf(e.getMessage()));
    }
  }

  private static List<String> butLast(List<String> fields) {
    return fields.subList(0, fields.size() - 1);
  }

  private @Nullable Object fields(@Nullable Object from, List<String> fields, String text, int at) {
    var value = from;
    for (var field : fields) {
      try {
        value = Values.field(value, field);
      } catch (IllegalArgumentException e) {
        throw error(at, text, String.valueOf(e.getMessage()));
      }
    }
    return value;
  }

  private void checkLength(int at) {
    if (output.length() > MAX_OUTPUT) {
      throw error(at, "output", "the text grows beyond %d characters".formatted(MAX_OUTPUT));
    }
  }

  private TemplateException error(int at, String words, String message) {
    return Places.runError(here, at, words, message);
  }
}
