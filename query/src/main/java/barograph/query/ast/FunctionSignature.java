package barograph.query.ast;

import java.util.List;

/// What a function takes and yields.
///
/// @param arguments the types in order; where more arguments are given than types, the last repeats
/// @param minArguments how many must be given
/// @param maxArguments how many may be given, [Integer#MAX_VALUE] without a limit
/// @param experimental whether it needs the feature `promql-experimental-functions`
public record FunctionSignature(
    String name,
    List<ValueType> arguments,
    int minArguments,
    int maxArguments,
    ValueType returns,
    boolean experimental) {
  public FunctionSignature {
    arguments = List.copyOf(arguments);
    if (minArguments > maxArguments || minArguments > arguments.size()) {
      throw new IllegalArgumentException("function " + name + " cannot be called");
    }
  }

  /// The type that argument number `index`, from 0, must have.
  public ValueType argument(int index) {
    return arguments.get(Math.min(index, arguments.size() - 1));
  }

  /// Whether the number of arguments may differ from call to call.
  public boolean isVariadic() {
    return minArguments != maxArguments;
  }
}
