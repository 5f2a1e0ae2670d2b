/// The arithmetic of PromQL's functions and aggregations, on plain arrays of numbers.
///
/// Start at [RangeFunction] for what runs over windows, [ElementFunction] for what maps one number
/// to another, [Fold] for what folds the series of a group. The order of floating-point operations
/// is part of the contract: results are compared bit by bit with other engines. Stands on nothing
/// but the storage module's nouns; knows no tree, no query and no clock.
package barograph.query.function;
