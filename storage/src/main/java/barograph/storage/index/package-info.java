/// From label matchers to series: sets of series numbers per label, and how they are combined.
///
/// Start at [PostingsResolver]; whoever has labelled series, the head or a block, shows them as a
/// [LabelIndex]. Stands on `model` and Roaring bitmaps; knows no file and takes no lock.
package barograph.storage.index;
