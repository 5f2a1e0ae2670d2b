package barograph.alerting.notify;

import barograph.alerting.receiver.Receiver;
import barograph.alerting.route.Route;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What an `alertmanager.yml` says, as far as it is spoken here.
///
/// @param resolveTimeout after which an alert counts as over whose sender named no end
public record NotificationConfig(Duration resolveTimeout, Route route, List<Receiver> receivers) {
  public static final Duration DEFAULT_RESOLVE_TIMEOUT = Duration.ofMinutes(5);

  public NotificationConfig {
    receivers = List.copyOf(receivers);
    if (resolveTimeout.isNegative() || resolveTimeout.isZero()) {
      throw new IllegalArgumentException(
          "resolve_timeout is %s, expected more than 0".formatted(resolveTimeout));
    }
    var names = new HashSet<String>();
    for (var receiver : receivers) {
      if (!names.add(receiver.name())) {
        throw new IllegalArgumentException(
            "notification config name \"%s\" is not unique".formatted(receiver.name()));
      }
    }
    if (route.receiver() == null) {
      throw new IllegalArgumentException("root route must specify a default receiver");
    }
    if (!route.matchers().isEmpty()) {
      throw new IllegalArgumentException("root route must not have any matchers");
    }
    if (route.continueMatching()) {
      throw new IllegalArgumentException("cannot have continue in root route");
    }
    checkReceivers(route, names);
  }

  /// Everything goes to the console and nobody is told: what holds without an `alertmanager.yml`.
  public static NotificationConfig consoleOnly() {
    return new NotificationConfig(
        DEFAULT_RESOLVE_TIMEOUT,
        Route.root("console"),
        List.of(new Receiver("console", List.of())));
  }

  private static void checkReceivers(Route route, Set<String> names) {
    var receiver = route.receiver();
    if (receiver != null && !names.contains(receiver)) {
      throw new IllegalArgumentException(
          "undefined receiver \"%s\" used in route".formatted(receiver));
    }
    route.routes().forEach(child -> checkReceivers(child, names));
  }
}
