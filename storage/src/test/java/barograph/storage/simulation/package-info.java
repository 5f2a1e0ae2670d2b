/// The store in a world of chance: clock, disk, crashes and samples from one seed, held against a
/// plain map.
///
/// Start at [StoreSimulation].
package barograph.storage.simulation;
