/// The sentences of PromQL.
///
/// Chains of operators are flat here: `TreeBuilder` gives each its place by the precedence table
/// of `BinaryOperator`, with a loop and not by recursion, so that a long chain costs no stack.
parser grammar Promql;

options {
  tokenVocab = PromqlLexer;
}

query: expression EOF;

// What `match[]` takes.
selectorOnly: vectorSelector EOF;

// What names a series: labels and no conditions.
seriesOnly: (metricName labelSet? | labelSet) EOF;

expression: operand (binaryOperator binaryModifiers operand)*;

operand: sign* primary postfix*;

sign: ADD | SUBTRACT;

primary
  : number # literal
  | STRING # text
  | LEFT_PAREN expression RIGHT_PAREN # parenthesized
  | aggregator (grouping arguments | arguments grouping?) # aggregation
  | functionName arguments # call
  | vectorSelector # selector
  ;

number: NUMBER | DURATION;

arguments: LEFT_PAREN (expression (COMMA expression)*)? RIGHT_PAREN;

grouping: (BY | WITHOUT) groupingLabels;

groupingLabels: LEFT_PAREN (groupingLabel (COMMA groupingLabel)* COMMA?)? RIGHT_PAREN;

vectorSelector: metricName matchers? | matchers;

matchers: LEFT_BRACE (matcher (COMMA matcher)* COMMA?)? RIGHT_BRACE;

matcher
  : STRING
  | (IDENTIFIER | STRING) (ASSIGN | NOT_EQUAL | MATCH | NOT_MATCH) STRING
  ;

labelSet: LEFT_BRACE (labelPair (COMMA labelPair)* COMMA?)? RIGHT_BRACE;

labelPair: STRING | (IDENTIFIER | STRING) ASSIGN STRING;

// Modifiers

postfix
  : LEFT_BRACKET duration (COLON duration?)? RIGHT_BRACKET # range
  | OFFSET offsetDuration # offset
  | AT (sign? number | (START | END) LEFT_PAREN RIGHT_PAREN) # at
  | (ANCHORED | SMOOTHED) # edges
  ;

// A sum or a product after `offset` needs parentheses: `a offset 5m + b` adds b.
offsetDuration: sign* durationPrimary;

duration: durationOperand (durationOperator durationOperand)*;

durationOperand: sign* durationPrimary;

durationOperator: ADD | SUBTRACT | MULTIPLY | DIVIDE | MODULO | POWER;

durationPrimary
  : number # durationLiteral
  | (STEP | RANGE) LEFT_PAREN RIGHT_PAREN # durationOfQuery
  | (MIN_OF | MAX_OF) LEFT_PAREN duration COMMA duration RIGHT_PAREN # durationChoice
  | LEFT_PAREN duration RIGHT_PAREN # durationParenthesized
  ;

binaryModifiers
  : BOOL?
    ((ON | IGNORING) groupingLabels ((GROUP_LEFT | GROUP_RIGHT) groupingLabels?)?)?
    (fill | fillLeft fillRight? | fillRight fillLeft?)?
  ;

fill: FILL fillValue;

fillLeft: FILL_LEFT fillValue;

fillRight: FILL_RIGHT fillValue;

fillValue: LEFT_PAREN sign? number RIGHT_PAREN;

// Lists of words

binaryOperator
  : ADD | SUBTRACT | MULTIPLY | DIVIDE | MODULO | POWER | ATAN2
  | EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL
  | TRIM_UPPER | TRIM_LOWER | AND | OR | UNLESS
  ;

aggregator
  : SUM | AVG | COUNT | MIN | MAX | GROUP | STDDEV | STDVAR | TOPK | BOTTOMK | COUNT_VALUES
  | QUANTILE | LIMITK | LIMIT_RATIO
  ;

functionName: IDENTIFIER | START | END | STEP | RANGE | MIN_OF | MAX_OF;

metricName
  : IDENTIFIER | METRIC_IDENTIFIER | AND | OR | UNLESS | BY | WITHOUT | OFFSET | ANCHORED | SMOOTHED
  | FILL | FILL_LEFT | FILL_RIGHT | START | END | STEP | RANGE | MIN_OF | MAX_OF | SUM | AVG | COUNT
  | MIN | MAX | GROUP | STDDEV | STDVAR | TOPK | BOTTOMK | COUNT_VALUES | QUANTILE | LIMITK
  | LIMIT_RATIO
  ;

groupingLabel
  : STRING | IDENTIFIER | METRIC_IDENTIFIER | AND | OR | UNLESS | ATAN2 | BOOL | BY | WITHOUT | ON
  | IGNORING | GROUP_LEFT | GROUP_RIGHT | FILL | FILL_LEFT | FILL_RIGHT | OFFSET | ANCHORED
  | SMOOTHED | START | END | STEP | RANGE | MIN_OF | MAX_OF | SUM | AVG | COUNT | MIN | MAX | GROUP
  | STDDEV | STDVAR | TOPK | BOTTOMK | COUNT_VALUES | QUANTILE | LIMITK | LIMIT_RATIO
  ;
