package barograph.alerting.evaluate;

import barograph.alerting.alert.Alert;
import barograph.alerting.beat.Beat;
import barograph.storage.Appender;
import barograph.storage.Reader;
import barograph.storage.model.Labels;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What rules need of the world.
///
/// @param threads where groups are evaluated, and rules of one group that do not need each other;
///   its size bounds how many at a time
/// @param alerts hears of firing and resolved alerts
/// @param awaited an alert that fired before a restart and has not been heard of since, by the
///   labels that it is passed on with; null if there is none
public record Surroundings(
    RuleQuery query,
    Appender appender,
    Reader reader,
    Beat beat,
    Executor threads,
    Consumer<List<Alert>> alerts,
    Function<Labels, @Nullable Alert> awaited) {}
