/// The door of the query module: PromQL in, values out.
///
/// Start at [QueryEngine]: it parses (`parse`), plans (`plan`) and evaluates (`exec`) over a
/// store's `Reader`, within [QueryLimits]. It refuses what would take too long or too much, knows
/// nothing of HTTP, and keeps no result.
package barograph.query;
