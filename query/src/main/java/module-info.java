import org.jspecify.annotations.NullMarked;

/// Answers PromQL: text to tree, tree to plan, plan to operators, operators to a result.
@NullMarked
module barograph.query {
  exports barograph.query;
  exports barograph.query.ast;
  exports barograph.query.histogram;
  exports barograph.query.value;

  requires re2j;
  requires org.antlr.antlr4.runtime;
  requires transitive barograph.storage;
  requires static transitive org.jspecify;
}
