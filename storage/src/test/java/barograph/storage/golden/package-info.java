/// Data folders as releases wrote them, which every later one must read.
///
/// Start at [GoldenFolderTest].
package barograph.storage.golden;
