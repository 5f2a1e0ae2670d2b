/// Benchmarks: one class per question, which is the first line of its comment.
///
/// Start at `benchmarks/README.md`. Data are made from fixed seeds and look like what the rooms
/// meet in a fleet; each setup checks its own premise, so that nothing wrong is timed. Two
/// benchmarks live in the packages of the hidden classes that they time.
package barograph.benchmarks;
