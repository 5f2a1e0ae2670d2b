/// Go's text/template language: a text with actions in braces, parsed once and expanded often.
///
/// Start at [Template]; [AlertTexts] is how rules use it. Parser and evaluator are ours and print
/// what Go prints. Stands on `query.value` for samples; asks nothing by itself.
package barograph.alerting.template;
