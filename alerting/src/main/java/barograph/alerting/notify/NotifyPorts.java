package barograph.alerting.notify;

import barograph.alerting.beat.Beat;
import barograph.alerting.receiver.Web;
import java.util.concurrent.Executor;

/// What notifying needs of the world.
///
/// @param threads where messages are sent, and where blocking is cheap
/// @param externalUrl under which people reach this server, without a slash at its end
public record NotifyPorts(
    Beat beat, Executor threads, Web web, String externalUrl, NotifyFigures figures) {}
