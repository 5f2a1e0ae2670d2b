package barograph.alerting.template;

/// A word of a template's text.
///
/// @param text as it is written; for [Kind#TEXT] what is left of it after trimming
/// @param at where it begins in the template
record Token(Kind kind, String text, int at) {
  enum Kind {
    /// What stands outside of the braces.
    TEXT,
    /// `{{`, with or without a trim marker.
    OPEN,
    /// `}}`
    CLOSE,
    /// White space within braces, which separates arguments.
    SPACE,
    /// A name or a keyword.
    WORD,
    /// `$` and a name, perhaps an empty one.
    VARIABLE,
    /// `.` and a name.
    FIELD,
    /// `.` alone.
    DOT,
    /// A quoted or raw string.
    STRING,
    /// A number or a character in single quotes.
    NUMBER,
    PIPE,
    OPEN_PAREN,
    CLOSE_PAREN,
    /// `=`
    ASSIGN,
    /// `:=`
    DECLARE,
    COMMA,
    /// The end of the template.
    END
  }

  boolean is(Kind other) {
    return kind == other;
  }

  boolean isWord(String word) {
    return kind == Kind.WORD && text.equals(word);
  }
}
