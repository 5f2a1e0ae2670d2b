package barograph.alerting.template;

import barograph.alerting.template.Node.Command;
import barograph.alerting.template.Node.Operand;
import barograph.alerting.template.Node.Pipeline;
import barograph.alerting.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads a template by recursive descent.
///
/// Knows the names of functions and of the variables in scope, so that a misspelt one is found when
/// a file is loaded and not when an alert fires.
final class TemplateParser {
  private static final Set<String> BLOCK_ENDS = Set.of("end", "else");
  private static final int MAX_DEPTH = 100;

  private final String name;
  private final String source;
  private final List<Token> tokens;
  private final Set<String> functions;
  private final Map<String, Definition> defined = new HashMap<>();
  private List<String> variables = new ArrayList<>(List.of("$"));
  private int next;
  private int loops;
  private int depth;

  TemplateParser(String name, String source, Set<String> functions) {
    this.name = name;
    this.source = source;
    this.functions = functions;
    tokens = Lexer.tokens(name, source);
  }

  /// The templates of the text by name, itself under its own.
  Map<String, Definition> parse() {
    var root = nodes(true);
    if (!peek().is(Kind.END)) {
      take();
      skipSpace();
      throw error("unexpected {{%s}}".formatted(peek().text()));
    }
    put(name, root);
    return Map.copyOf(defined);
  }

  /// Nodes up to the end of the text, or to an `end` or `else`, which is left to be read.
  private List<Node> nodes(boolean top) {
    if (++depth > MAX_DEPTH) {
      throw error("blocks are nested more than %d deep".formatted(MAX_DEPTH));
    }
    var nodes = new ArrayList<Node>();
    while (!peek().is(Kind.END)) {
      if (peek().is(Kind.TEXT)) {
        nodes.add(new Node.Text(take().text()));
        continue;
      }
      int mark = next;
      take();
      skipSpace();
      var word = peek();
      if (word.is(Kind.WORD) && BLOCK_ENDS.contains(word.text())) {
        next = mark;
        break;
      }
      action(nodes, top);
    }
    depth--;
    return List.copyOf(nodes);
  }

  private void action(List<Node> nodes, boolean top) {
    var word = peek();
    switch (word.is(Kind.WORD) ? word.text() : "") {
      case "if" -> {
        take();
        nodes.add(branch("if"));
      }
      case "with" -> {
        take();
        nodes.add(branch("with"));
      }
      case "range" -> {
        take();
        nodes.add(branch("range"));
      }
      case "break", "continue" -> {
        take();
        close(word.text());
        if (loops == 0) {
          throw error("{{%s}} outside {{range}}".formatted(word.text()));
        }
        nodes.add(word.text().equals("break") ? new Node.Break() : new Node.Continue());
      }
      case "define" -> {
        if (!top) {
          throw error("unexpected {{define}} in a block");
        }
        take();
        define();
      }
      case "block" -> {
        take();
        nodes.add(block());
      }
      case "template" -> {
        take();
        var called = templateName("template");
        var data = peek().is(Kind.CLOSE) ? null : pipeline("template clause", Kind.CLOSE);
        close("template clause");
        nodes.add(new Node.Call(called, data, word.at()));
      }
      default -> {
        nodes.add(new Node.Action(pipeline("command", Kind.CLOSE)));
        close("command");
      }
    }
  }

  /// An `if`, `with` or `range` behind its keyword, up to and with its `end`.
  private Node branch(String kind) {
    int scope = variables.size();
    var pipeline = pipeline(kind, Kind.CLOSE);
    close(kind);
    loops += kind.equals("range") ? 1 : 0;
    var body = nodes(false);
    loops -= kind.equals("range") ? 1 : 0;
    List<Node> otherwise = List.of();
    if (blockEnd(kind).equals("else")) {
      if (isSpaceThen(kind) && !kind.equals("range")) {
        skipSpace();
        take();
        otherwise = List.of(branch(kind));
        forget(scope);
        return node(kind, pipeline, body, otherwise);
      }
      close("else");
      otherwise = nodes(false);
      if (!blockEnd(kind).equals("end")) {
        throw error("expected end; found {{else}}");
      }
    }
    close("end");
    forget(scope);
    return node(kind, pipeline, body, otherwise);
  }

  private static Node node(String kind, Pipeline pipeline, List<Node> body, List<Node> otherwise) {
    return switch (kind) {
      case "if" -> new Node.If(pipeline, body, otherwise);
      case "with" -> new Node.With(pipeline, body, otherwise);
      default -> new Node.Range(pipeline, body, otherwise);
    };
  }

  /// Reads `{{ end` or `{{ else` and says which.
  private String blockEnd(String kind) {
    if (peek().is(Kind.END)) {
      throw error("unexpected EOF: {{%s}} without {{end}}".formatted(kind));
    }
    take();
    skipSpace();
    return take().text();
  }

  private boolean isSpaceThen(String word) {
    return peek().is(Kind.SPACE) && tokens.get(next + 1).isWord(word);
  }

  private void define() {
    var called = templateName("define clause");
    close("define clause");
    body(called);
  }

  private Node block() {
    int at = peek().at();
    var called = templateName("block clause");
    var data = pipeline("block clause", Kind.CLOSE);
    close("block clause");
    body(called);
    return new Node.Call(called, data, at);
  }

  /// The body of a template of its own: outer variables are not seen in it.
  private void body(String called) {
    var outer = variables;
    int outerLoops = loops;
    variables = new ArrayList<>(List.of("$"));
    loops = 0;
    put(called, nodes(false));
    variables = outer;
    loops = outerLoops;
    if (!blockEnd("define").equals("end")) {
      throw error("unexpected {{else}} in define clause");
    }
    close("end");
  }

  private void put(String called, List<Node> nodes) {
    defined.put(called, new Definition(called, name, source, nodes));
  }

  private String templateName(String context) {
    skipSpace();
    var token = take();
    if (!token.is(Kind.STRING)) {
      throw unexpected(token, context);
    }
    skipSpace();
    return Literals.string(token.text(), message -> error(message));
  }

  private Pipeline pipeline(String context, Kind end) {
    if (++depth > MAX_DEPTH) {
      throw error("pipelines are nested more than %d deep".formatted(MAX_DEPTH));
    }
    skipSpace();
    int at = peek().at();
    var taken = new ArrayList<String>();
    boolean declares = variables(context, taken);
    var commands = new ArrayList<Command>();
    do {
      commands.add(command(context, end));
    } while (takeIf(Kind.PIPE));
    for (int i = 1; i < commands.size(); i++) {
      if (!takesArguments(commands.get(i).words().getFirst())) {
        throw error("non executable command in pipeline stage %d".formatted(i + 1));
      }
    }
    if (declares) {
      variables.addAll(taken);
    }
    depth--;
    return new Pipeline(List.copyOf(taken), declares, List.copyOf(commands), at);
  }

  private static boolean takesArguments(Operand word) {
    return switch (word) {
      case Node.Function _, Node.Field _, Node.Variable _, Node.Group _ -> true;
      case Node.Dot _, Node.Nil _, Node.Literal _ -> false;
    };
  }

  /// Reads `$a :=`, `$a =` or, for `range`, `$a, $b :=`, if one of them stands here.
  private boolean variables(String context, List<String> taken) {
    int mark = next;
    while (peek().is(Kind.VARIABLE)) {
      var variable = take().text();
      skipSpace();
      if (takeIf(Kind.DECLARE)) {
        taken.add(variable);
        return true;
      }
      if (takeIf(Kind.ASSIGN)) {
        taken.add(variable);
        taken.forEach(this::checkVariable);
        return false;
      }
      if (!peek().is(Kind.COMMA) || !context.equals("range") || !taken.isEmpty()) {
        break;
      }
      take();
      skipSpace();
      taken.add(variable);
    }
    taken.clear();
    next = mark;
    return false;
  }

  private Command command(String context, Kind end) {
    skipSpace();
    int at = peek().at();
    var words = new ArrayList<Operand>();
    while (!peek().is(Kind.PIPE) && !peek().is(end)) {
      words.add(operand(context));
      if (!peek().is(Kind.SPACE) && !peek().is(Kind.PIPE) && !peek().is(end)) {
        throw unexpected(peek(), context);
      }
      skipSpace();
    }
    if (words.isEmpty()) {
      throw error("missing value for " + context);
    }
    if (words.getFirst() instanceof Node.Nil) {
      throw error("nil is not a command");
    }
    if (words.size() > 1 && !takesArguments(words.getFirst())) {
      throw error("can't give argument to non-function " + words.getFirst().text());
    }
    return new Command(List.copyOf(words), source.substring(at, peek().at()).strip(), at);
  }

  private Operand operand(String context) {
    var token = take();
    return switch (token.kind()) {
      case WORD -> word(token);
      case DOT -> new Node.Dot(token.at());
      case FIELD -> {
        next--;
        var fields = fields();
        yield new Node.Field(fields, textSince(token), token.at());
      }
      case VARIABLE -> {
        checkVariable(token.text());
        var fields = fields();
        yield new Node.Variable(token.text(), fields, textSince(token), token.at());
      }
      case STRING ->
          new Node.Literal(Literals.string(token.text(), this::error), token.text(), token.at());
      case NUMBER ->
          new Node.Literal(Literals.number(token.text(), this::error), token.text(), token.at());
      case OPEN_PAREN -> {
        var pipeline = pipeline("parenthesized pipeline", Kind.CLOSE_PAREN);
        take();
        var fields = fields();
        yield new Node.Group(pipeline, fields, textSince(token), token.at());
      }
      case TEXT, OPEN, CLOSE, SPACE, PIPE, CLOSE_PAREN, ASSIGN, DECLARE, COMMA, END ->
          throw unexpected(token, context);
    };
  }

  private Operand word(Token token) {
    return switch (token.text()) {
      case "true" -> new Node.Literal(true, "true", token.at());
      case "false" -> new Node.Literal(false, "false", token.at());
      case "nil" -> new Node.Nil(token.at());
      default -> {
        if (!functions.contains(token.text())) {
          throw error("function \"%s\" not defined".formatted(token.text()));
        }
        var function = new Node.Function(token.text(), token.at());
        var fields = fields();
        yield fields.isEmpty() ? function : asked(function, fields, token);
      }
    };
  }

  /// `function.field`, which is `(function).field`.
  private Operand asked(Node.Function function, List<String> fields, Token token) {
    var call = new Command(List.of(function), token.text(), token.at());
    var pipeline = new Pipeline(List.of(), false, List.of(call), token.at());
    return new Node.Group(pipeline, fields, textSince(token), token.at());
  }

  /// The `.a.b` that directly follow.
  private List<String> fields() {
    var fields = new ArrayList<String>();
    while (peek().is(Kind.FIELD)) {
      fields.add(take().text().substring(1));
    }
    return List.copyOf(fields);
  }

  private String textSince(Token token) {
    return source.substring(token.at(), peek().at());
  }

  private void checkVariable(String variable) {
    if (!variables.contains(variable)) {
      throw error("undefined variable \"%s\"".formatted(variable));
    }
  }

  private void forget(int scope) {
    variables.subList(scope, variables.size()).clear();
  }

  private void close(String context) {
    skipSpace();
    var token = take();
    if (!token.is(Kind.CLOSE)) {
      throw unexpected(token, context);
    }
  }

  private void skipSpace() {
    while (peek().is(Kind.SPACE)) {
      next++;
    }
  }

  private boolean takeIf(Kind kind) {
    if (!peek().is(kind)) {
      return false;
    }
    take();
    return true;
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    var token = tokens.get(next);
    if (!token.is(Kind.END)) {
      next++;
    }
    return token;
  }

  private TemplateException unexpected(Token token, String context) {
    var found = token.is(Kind.END) ? "EOF" : "\"" + token.text() + "\"";
    return error("unexpected %s in %s".formatted(found, context));
  }

  private TemplateException error(String message) {
    int at = tokens.get(Math.max(0, Math.min(next, tokens.size()) - 1)).at();
    return Places.parseError(name, source, at, message);
  }
}
