/// Native histograms as PromQL computes with them: one value type and all arithmetic on it.
///
/// Start at [NativeHistogram], an immutable value; [HistogramSum] adds many without losing digits.
/// [HistogramQuantile], [HistogramFraction], [HistogramTrim] and [HistogramStatistic] look into
/// one, [HistogramFold] folds those of a group of series. What a result's reader should know comes
/// out as a [Remark]. Stands on `function` for sums and Go's mathematics, and on storage's nouns;
/// knows no tree and no query.
package barograph.query.histogram;
