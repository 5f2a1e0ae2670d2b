/// Rule files as values that cannot be wrong: everything is checked when a rule is built.
///
/// Start at [RuleFile]. Reading YAML is the server's work; what arrives here are plain values, and
/// each constructor refuses with a sentence that names the group and the rule. Stands on `template`
/// for the texts in labels and annotations; knows no clock and evaluates nothing.
package barograph.alerting.rule;
