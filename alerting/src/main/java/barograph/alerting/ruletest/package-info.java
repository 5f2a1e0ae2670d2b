/// Tests of rules without a server: series as they are written in a test file, rules stepped
/// through them, and what they give held against what is expected.
///
/// Start at [RuleTestFile], then [RuleTestRun]. The format and the verdicts are those of promtool.
/// Stands on `evaluate` for the rules at work and on the query engine over a table in memory; reads
/// no file and no clock.
package barograph.alerting.ruletest;
