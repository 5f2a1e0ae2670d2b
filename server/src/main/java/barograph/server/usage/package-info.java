/// How often each metric is asked for, and when last, so that those that nobody asks for are found.
///
/// Start at [barograph.server.usage.MetricUsage]; [barograph.server.usage.CountingReader] stands
/// between the store and whoever asks it. Counts outlive a restart in a journal, which is opened
/// beside the start and not on its way.
package barograph.server.usage;
