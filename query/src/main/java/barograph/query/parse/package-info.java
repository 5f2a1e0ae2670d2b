/// PromQL text to tree.
///
/// Start at [QueryParser]. `PromqlLexer.g4` and `Promql.g4` are the grammar; around them stand the
/// rules that a grammar cannot say: `LexicalRules`, `SyntaxComplaints`, `TreeBuilder` and
/// `TypeChecker`. Stands on `ast`; ANTLR is known in this room alone. Refuses what is nested too
/// deeply before any recursion could go wrong.
package barograph.query.parse;
