package barograph.alerting.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a parsed template.
sealed interface Node {

  /// What stands outside of the braces.
  record Text(String text) implements Node {}

  /// `{{ pipeline }}`, whose value is printed unless it goes to a variable.
  record Action(Pipeline pipeline) implements Node {}

  record If(Pipeline condition, List<Node> then, List<Node> otherwise) implements Node {}

  record With(Pipeline subject, List<Node> then, List<Node> otherwise) implements Node {}

  record Range(Pipeline over, List<Node> body, List<Node> otherwise) implements Node {}

  record Break() implements Node {}

  record Continue() implements Node {}

  /// `{{ template "name" pipeline }}`
  record Call(String template, @Nullable Pipeline data, int at) implements Node {}

  /// Commands, each of which hands its value to the next as its last argument.
  ///
  /// @param variables that take the value; for `range` there may be two
  /// @param declares whether they are new
  record Pipeline(List<String> variables, boolean declares, List<Command> commands, int at) {}

  /// An operand, or a function or method with its arguments.
  ///
  /// @param text as it is written, for messages
  record Command(List<Operand> words, String text, int at) {}

  /// What may stand in a command; `at` and `text` say where and how it is written.
  sealed interface Operand {
    int at();

    String text();
  }

  record Dot(int at) implements Operand {
    @Override
    public String text() {
      return ".";
    }
  }

  record Nil(int at) implements Operand {
    @Override
    public String text() {
      return "nil";
    }
  }

  /// A [String], [Long], [Double] or [Boolean].
  record Literal(Object value, String text, int at) implements Operand {}

  /// `$name.field.field`
  record Variable(String name, List<String> fields, String text, int at) implements Operand {}

  /// `.field.field`
  record Field(List<String> fields, String text, int at) implements Operand {}

  record Function(String text, int at) implements Operand {}

  /// `(pipeline).field.field`, also without fields.
  record Group(Pipeline pipeline, List<String> fields, String text, int at) implements Operand {}
}
