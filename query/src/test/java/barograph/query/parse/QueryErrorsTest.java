package barograph.query.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.query.ast.Features;
import barograph.query.ast.PromqlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Errors read as Prometheus's do, position included.
class QueryErrorsTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '\0',
      textBlock =
          """
          foo bar § 1:5: parse error: unexpected identifier "bar"
          foo 1 § 1:5: parse error: unexpected number "1"
          foo "a long string" § 1:5: parse error: unexpected string "\\"a long st"...
          foo + § 1:6: parse error: unexpected end of input
          * foo § 1:1: parse error: unexpected <op:*>
          foo = bar § 1:5: parse error: unexpected "="
          foo offset § 1:11: parse error: unexpected end of input in offset, expected number, duration, step(), or range()
          foo @ bar § 1:7: parse error: unexpected identifier "bar" in @, expected timestamp
          foo[] § 1:5: parse error: unexpected "]" in subquery or range selector, expected number, duration, step(), or range()
          foo[5m 5] § 1:8: parse error: unexpected number "5" in subquery or range, expected ":" or "]"
          foo[5m:5m 5] § 1:11: parse error: unexpected number "5" in subquery selector, expected "]"
          foo[5m § 1:7: parse error: unclosed left bracket
          foo[ § 1:5: parse error: unexpected end of input in duration expression
          foo[x] § 1:5: parse error: unexpected character in duration expression: 'x'
          foo[:5m] § 1:6: parse error: unexpected colon before duration in duration expression
          foo[5m::] § 1:8: parse error: unexpected colon ':'
          ( § 1:2: parse error: unclosed left parenthesis
          foo) § 1:5: parse error: unexpected right parenthesis ')'
          foo] § 1:4: parse error: unexpected right bracket ']'
          foo} § 1:4: parse error: unexpected character: '}'
          foo{ § 1:5: parse error: unexpected end of input inside braces
          foo{a} § 1:6: parse error: unexpected "}" in label matching, expected label matching operator
          foo{a=} § 1:7: parse error: unexpected "}" in label matching, expected string
          foo{,} § 1:5: parse error: unexpected "," in label matching, expected identifier or "}"
          foo{a="b" c="d"} § 1:11: parse error: unexpected identifier "c" in label matching, expected "," or "}"
          foo{1} § 1:5: parse error: unexpected character inside braces: '1'
          foo{{} § 1:5: parse error: unexpected left brace '{'
          foo{a!b} § 1:6: parse error: unexpected character after '!' inside braces: 'b'
          foo =~ bar § 1:5: parse error: unexpected character after '=': '~'
          foo ! bar § 1:5: parse error: unexpected character after '!': ' '
          $ § 1:1: parse error: unexpected character: '$'
          "abc § 1:1: parse error: unterminated quoted string
          `abc § 1:1: parse error: unterminated raw string
          "\\q" § 1:1: parse error: unknown escape sequence U+0071 'q'
          "\\ud800" § 1:1: parse error: escape sequence is an invalid Unicode code point
          1y1y § 1:1: parse error: bad number or duration syntax: "1y1"
          1.5h § 1:1: parse error: unknown unit "." in duration "1.5h"
          1m1h § 1:1: parse error: not a valid duration string: "1m1h"
          foo{a=~"("} § 1:5: parse error: error parsing regexp: missing closing ): `(`
          sum by a (foo) § 1:8: parse error: unexpected identifier "a" in grouping opts, expected "("
          sum by (a b) (foo) § 1:11: parse error: unexpected identifier "b" in grouping opts, expected "," or ")"
          sum by (1) (foo) § 1:9: parse error: unexpected number "1" in grouping opts, expected label
          sum(foo bar) § 1:9: parse error: unexpected identifier "bar" in aggregation
          sum() § 1:1: parse error: no arguments for aggregate expression provided
          sum(a, b) § 1:1: parse error: wrong number of arguments for aggregate expression provided, expected 1, got 2
          rate(foo,) § 1:9: parse error: trailing commas not allowed in function call args
          nosuch(foo) § 1:1: parse error: unknown function with name "nosuch"
          Rate(foo[5m]) § 1:1: parse error: unknown function with name "Rate"
          rate(foo) § 1:6: parse error: expected type range vector in call to function "rate", got instant vector
          rate() § 1:1: parse error: expected 1 argument(s) in call to "rate", got 0
          label_join(foo) § 1:1: parse error: expected at least 3 argument(s) in call to "label_join", got 1
          hour(foo, 1) § 1:1: parse error: expected at most 1 argument(s) in call to "hour", got 2
          sum(1) § 1:5: parse error: expected type instant vector in aggregation expression, got scalar
          topk(foo, foo) § 1:6: parse error: expected type scalar in aggregation parameter, got instant vector
          info(foo, bar) § 1:11: parse error: expected label selectors only, got vector selector instead
          1 == 1 § 1:3: parse error: comparisons between scalars must use BOOL modifier
          1 + bool 1 § 1:3: parse error: bool modifier can only be used on comparison operators
          foo and 1 § 1:1: parse error: set operator "and" not allowed in binary scalar expression
          foo and on(a) group_left bar § 1:1: parse error: no grouping allowed for "and" operation
          foo + on(a) group_left(a) bar § 1:5: parse error: label "a" must not occur in ON and GROUP clause at once
          foo or on(a) 5 § 1:1: parse error: vector matching only allowed between instant vectors
          "a" + 1 § 1:1: parse error: binary expression must contain only scalar and instant vector types
          -"a" § 1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"
          1[5m:1m] § 1:1: parse error: subquery is only allowed on instant vector, got scalar instead
          foo[5m][5m:1m] § 1:1: parse error: subquery is only allowed on instant vector, got matrix instead
          (foo)[5m] § 1:6: parse error: ranges only allowed for vector selectors
          foo offset 5m[5m] § 1:14: parse error: no offset modifiers allowed before range
          foo @ 5[5m] § 1:8: parse error: no @ modifiers allowed before range
          foo offset 5m offset 5m § 1:1: parse error: offset may not be set multiple times
          foo @ 5 @ 6 § 1:1: parse error: @ <timestamp> may not be set multiple times
          1 offset 5m § 1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery
          foo[0] § 1:5: parse error: duration must be greater than 0
          foo[5m/0] § 1:7: parse error: division by zero
          foo[5m%0] § 1:7: parse error: modulo by zero
          foo[1e100] § 1:5: parse error: duration out of range
          {} § 1:1: parse error: vector selector must contain at least one non-empty matcher
          foo{__name__="bar"} § 1:1: parse error: metric name must not be set twice: "foo" or "bar"
          foo anchored smoothed § 1:1: parse error: anchored and smoothed modifiers cannot be used together
          foo[5m:] anchored § 1:1: parse error: anchored modifier is not supported for subqueries
          # nothing § 1:1: parse error: no expression found in input
          """)
  void namesTheFirstFault(String query, String message) {
    assertThatThrownBy(() -> QueryParser.parse(query, Features.ALL))
        .isInstanceOf(PromqlException.class)
        .hasMessage(message);
  }

  @Test
  void knowsNoPositionInAnEmptyQuery() {
    assertThatThrownBy(() -> QueryParser.parse("", Features.ALL))
        .hasMessage("unknown position: parse error: no expression found in input");
  }

  @Test
  void missesTheRestOfAnEmptySelector() {
    assertThatThrownBy(() -> QueryParser.parseSelector(""))
        .hasMessage("unknown position: parse error: unexpected end of input");
    assertThatThrownBy(() -> QueryParser.parseSelector(" "))
        .hasMessage("1:2: parse error: unexpected end of input");
  }

  @Test
  void countsLinesAndTheBytesOfColumns() {
    assertThatThrownBy(() -> QueryParser.parse("foo{a=\"üü\"}\n + \"ü\" bar", Features.ALL))
        .hasMessage("2:9: parse error: unexpected identifier \"bar\"");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '§',
      textBlock =
          """
          info(foo) § 1:1: parse error: function "info" is not enabled
          limitk(5, foo) § 1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions
          foo anchored § 1:1: parse error: anchored modifier is experimental and not enabled
          foo + fill(1) bar § 1:1: parse error: binop fill modifiers are experimental and not enabled
          """)
  void refusesFeaturesThatAreOff(String query, String message) {
    assertThatThrownBy(() -> QueryParser.parse(query, Features.STABLE)).hasMessage(message);
    assertThat(QueryParser.parse(query, Features.ALL)).isNotNull();
  }
}
