/// From tree to plan: what must be read and computed, with every question of syntax settled.
///
/// Start at [Planner]; the plan is three sealed families, [ScalarPlan], [VectorPlan] and
/// [RangePlan]. Here durations become milliseconds, `@` becomes a time, what does not vary with the
/// step is marked to be computed once, and names are dropped where that can make two series equal.
/// Stands on `ast` and `function`; reads no data.
package barograph.query.plan;
