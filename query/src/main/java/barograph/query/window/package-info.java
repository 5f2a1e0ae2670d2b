/// Range functions over windows that hold native histograms, with floats among them or not.
///
/// Start at [MixedWindows]; [ExtendedHistogramWindows] knows the edges `anchored` and `smoothed`.
/// Windows of floats alone never come here: `function` slides over those. Stands on `function` and
/// `histogram`; knows no plan and no query.
package barograph.query.window;
