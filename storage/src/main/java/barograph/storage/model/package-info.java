/// The nouns that every module shares: labels, matchers, time ranges and columns of samples.
///
/// Start at [Labels]. Everything here is a plain value or a caller-owned buffer; nothing opens a
/// file, takes a lock or reads a clock, and nothing depends on another room.
package barograph.storage.model;
