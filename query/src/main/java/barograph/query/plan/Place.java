package barograph.query.plan;

import barograph.query.ast.Span;

/// Where in the text of a query an annotation points, and when its operator has its turn.
///
/// An operator's turn comes after those of its operands, and a left operand's before those of a
/// right one, in whatever order threads really compute them. Of several places that call for the
/// same words the one with the last turn is told, which is the one that Prometheus evaluates last.
public record Place(Span span, int turn) {
  /// Whether this place is told of and not `other`.
  public boolean isAfter(Place other) {
    return turn > other.turn;
  }
}
