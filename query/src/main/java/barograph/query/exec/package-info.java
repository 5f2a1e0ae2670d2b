/// Plans to values: operators that push series, each with all its steps, from the store upwards.
///
/// Start at [Evaluator], then `Operators`, which builds an operator for each node of a plan. An
/// operator hands one series at a time to a sink, so that what folds series never holds them all.
/// Every one counts what it holds and the work it does on the query's [Budget]. Stands on `plan`,
/// `function` and the store's reader; knows no text and no tree.
package barograph.query.exec;
