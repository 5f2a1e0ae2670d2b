/// The words of PromQL. What a word is depends on where it stands: within `{ }` there are no
/// keywords, within `[ ]` no names. Rules that a pattern cannot say (which digits make a number,
/// which escapes a string may have, what is wrong with a character) are in `LexicalRules`.
lexer grammar PromqlLexer;

options {
  superClass = LexicalRules;
  caseInsensitive = true;
}

tokens {
  DURATION
}

SPACE: [ \t\r\n]+ -> skip;
COMMENT: '#' ~[\r\n]* -> skip;

// Operators.
ADD: '+';
SUBTRACT: '-';
MULTIPLY: '*';
DIVIDE: '/';
MODULO: '%';
POWER: '^';
EQUAL: '==';
NOT_EQUAL: '!=';
LESS: '<';
LESS_EQUAL: '<=';
GREATER: '>';
GREATER_EQUAL: '>=';
TRIM_UPPER: '</';
TRIM_LOWER: '>/';
AND: 'and';
OR: 'or';
UNLESS: 'unless';
ATAN2: 'atan2';
AT: '@';

// Aggregations.
SUM: 'sum';
AVG: 'avg';
COUNT: 'count';
MIN: 'min';
MAX: 'max';
GROUP: 'group';
STDDEV: 'stddev';
STDVAR: 'stdvar';
TOPK: 'topk';
BOTTOMK: 'bottomk';
COUNT_VALUES: 'count_values';
QUANTILE: 'quantile';
LIMITK: 'limitk';
LIMIT_RATIO: 'limit_ratio';

// Keywords. The three fills are names unless a parenthesis follows.
BOOL: 'bool';
BY: 'by';
WITHOUT: 'without';
ON: 'on';
IGNORING: 'ignoring';
GROUP_LEFT: 'group_left';
GROUP_RIGHT: 'group_right';
FILL: 'fill';
FILL_LEFT: 'fill_left';
FILL_RIGHT: 'fill_right';
OFFSET: 'offset';
ANCHORED: 'anchored';
SMOOTHED: 'smoothed';

// Names that a duration or an `@` may call.
START: 'start';
END: 'end';
STEP: 'step';
RANGE: 'range';
MIN_OF: 'min_of';
MAX_OF: 'max_of';

// Digits with whatever clings to them; `LexicalRules` makes it a NUMBER or a DURATION or refuses.
NUMBER: NUMBERISH | 'inf' | 'nan';
IDENTIFIER: NAME;
METRIC_IDENTIFIER: [a-z_:] [a-z0-9_:]*;
STRING: QUOTED;
UNTERMINATED_STRING: UNTERMINATED;

LEFT_PAREN: '(';
RIGHT_PAREN: ')';
LEFT_BRACE: '{' -> mode(BRACES);
LEFT_BRACKET: '[' -> mode(BRACKETS);
RIGHT_BRACKET: ']';
COMMA: ',';
ASSIGN: '=';
UNEXPECTED: .;

mode BRACES;

BRACES_SPACE: SPACE -> skip;
BRACES_COMMENT: COMMENT -> skip;
BRACES_IDENTIFIER: NAME -> type(IDENTIFIER);
BRACES_STRING: QUOTED -> type(STRING);
BRACES_UNTERMINATED: UNTERMINATED -> type(UNTERMINATED_STRING);
BRACES_COMMA: ',' -> type(COMMA);
BRACES_ASSIGN: '=' -> type(ASSIGN);
BRACES_NOT_EQUAL: '!=' -> type(NOT_EQUAL);
MATCH: '=~';
NOT_MATCH: '!~';
RIGHT_BRACE: '}' -> mode(DEFAULT_MODE);
BRACES_UNEXPECTED: . -> type(UNEXPECTED);

mode BRACKETS;

BRACKETS_SPACE: SPACE -> skip;
BRACKETS_COMMENT: COMMENT -> skip;
BRACKETS_NUMBER: NUMBERISH -> type(NUMBER);
BRACKETS_ADD: '+' -> type(ADD);
BRACKETS_SUBTRACT: '-' -> type(SUBTRACT);
BRACKETS_MULTIPLY: '*' -> type(MULTIPLY);
BRACKETS_DIVIDE: '/' -> type(DIVIDE);
BRACKETS_MODULO: '%' -> type(MODULO);
BRACKETS_POWER: '^' -> type(POWER);
BRACKETS_STEP: 'step' -> type(STEP);
BRACKETS_RANGE: 'range' -> type(RANGE);
BRACKETS_MIN_OF: 'min_of' -> type(MIN_OF);
BRACKETS_MAX_OF: 'max_of' -> type(MAX_OF);
BRACKETS_LEFT_PAREN: '(' -> type(LEFT_PAREN);
BRACKETS_RIGHT_PAREN: ')' -> type(RIGHT_PAREN);
BRACKETS_COMMA: ',' -> type(COMMA);
COLON: ':';
BRACKETS_RIGHT: ']' -> type(RIGHT_BRACKET), mode(DEFAULT_MODE);
BRACKETS_WORD: NAME -> type(UNEXPECTED);
BRACKETS_UNEXPECTED: . -> type(UNEXPECTED);

fragment NAME: [a-z_] [a-z0-9_]*;
fragment NUMBERISH: '.'? [0-9] [0-9_.]* ([e] [+\-]? [a-z0-9_.]* | [a-df-z] [a-z0-9_.]*)?;
fragment QUOTED
  : '"' ('\\' . | ~["\\\n])* '"'
  | '\'' ('\\' . | ~['\\\n])* '\''
  | '`' ~[`]* '`'
  ;
fragment UNTERMINATED
  : '"' ('\\' . | ~["\\\n])* '\\'?
  | '\'' ('\\' . | ~['\\\n])* '\\'?
  | '`' ~[`]*
  ;
