/// The command line: flags by Prometheus's names, and how the process logs.
///
/// Start at [Flags], the table of every flag with its default and its help; [Options] is what they
/// mean, typed; [Tool] does what is asked for instead of serving. Knows no other room but `config`.
package barograph.server.cli;
