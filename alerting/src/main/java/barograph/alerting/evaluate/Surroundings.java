package barograph.alerting.evaluate;

import barograph.alerting.alert.Alert;
import barograph.alerting.beat.Beat;
import barograph.storage.Appender;
import barograph.storage.Reader;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// What rules need of the world.
///
/// @param threads where groups are evaluated; its size bounds how many at a time
/// @param alerts hears of firing and resolved alerts
public record Surroundings(
    RuleQuery query,
    Appender appender,
    Reader reader,
    Beat beat,
    Executor threads,
    Consumer<List<Alert>> alerts) {}
