/// The tree of a PromQL query: what was asked, before anyone thinks about how to answer it.
///
/// Start at [Expr], a sealed interface with a record for each kind of node; [Functions] lists what
/// may be called. `Printer` turns a tree back into text. Trees are immutable and know where in the
/// text they came from. Stands on `storage.model` alone; reads no data and knows no engine.
package barograph.query.ast;
