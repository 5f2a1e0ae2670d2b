/// The proof that the store loses nothing: small workloads, stopped after each operation of the
/// disk, and started again from everything that a kill or a power cut could have left.
///
/// Start at [CrashPoints], then [Workloads].
package barograph.storage.crash;
