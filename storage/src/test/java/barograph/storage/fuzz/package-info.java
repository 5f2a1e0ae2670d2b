/// Readers of stored bytes, given bytes that nobody wrote.
///
/// Start at [FuzzTarget]; [MutationTest] tries mutated files every day, [CoverageFuzzTest] goes
/// after coverage with Jazzer.
package barograph.storage.fuzz;
