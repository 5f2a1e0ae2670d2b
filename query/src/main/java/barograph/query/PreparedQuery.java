package barograph.query;

import barograph.query.ast.Expr;

/// A query that has been read and checked, to be asked as often as one likes.
///
/// @param text as it was written; places in warnings refer to it
public record PreparedQuery(String text, Expr expr) {}
