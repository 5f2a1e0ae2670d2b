package barograph.alerting.notify;

import barograph.alerting.inhibit.InhibitRule;
import barograph.alerting.interval.TimeInterval;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.route.Route;
import barograph.alerting.template.TemplateFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What an `alertmanager.yml` says, as far as it is spoken here.
///
/// @param resolveTimeout after which an alert counts as over whose sender named no end
/// @param timeIntervals which routes refer to by name
/// @param inhibitRules which alerts keep which others quiet
/// @param templates the user's files of templates, which receivers' texts call
/// @param yaml the file as the API shows it, secrets hidden
public record NotificationConfig(
    Duration resolveTimeout,
    Route route,
    List<Receiver> receivers,
    List<TimeInterval> timeIntervals,
    List<InhibitRule> inhibitRules,
    List<TemplateFile> templates,
    String yaml) {
  public static final Duration DEFAULT_RESOLVE_TIMEOUT = Duration.ofMinutes(5);

  /// A configuration in which every time is like another and nothing is inhibited.
  public NotificationConfig(Duration resolveTimeout, Route route, List<Receiver> receivers) {
    this(resolveTimeout, route, receivers, List.of(), List.of(), List.of(), "");
  }

  public NotificationConfig {
    receivers = List.copyOf(receivers);
    timeIntervals = List.copyOf(timeIntervals);
    inhibitRules = List.copyOf(inhibitRules);
    templates = List.copyOf(templates);
    if (resolveTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "resolve_timeout is %s, expected 0 or more".formatted(resolveTimeout));
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
    if (!route.calendar().muteIntervals().isEmpty()) {
      throw new IllegalArgumentException("root route must not have any mute time intervals");
    }
    if (!route.calendar().activeIntervals().isEmpty()) {
      throw new IllegalArgumentException("root route must not have any active time intervals");
    }
    checkReceivers(route, names);
    var intervals = new HashSet<String>();
    for (var interval : timeIntervals) {
      if (!intervals.add(interval.name())) {
        throw new IllegalArgumentException(
            "mute time interval \"%s\" is not unique".formatted(interval.name()));
      }
    }
    checkIntervals(route, intervals);
  }

  /// Everything goes to the console and nobody is told: what holds without an `alertmanager.yml`.
  public static NotificationConfig consoleOnly() {
    return new NotificationConfig(
        DEFAULT_RESOLVE_TIMEOUT,
        Route.root("console"),
        List.of(new Receiver("console", List.of())),
        List.of(),
        List.of(),
        List.of(),
        "route:\n  receiver: console\nreceivers:\n- name: console\n");
  }

  private static void checkReceivers(Route route, Set<String> names) {
    var receiver = route.receiver();
    if (receiver != null && !names.contains(receiver)) {
      throw new IllegalArgumentException(
          "undefined receiver \"%s\" used in route".formatted(receiver));
    }
    route.routes().forEach(child -> checkReceivers(child, names));
  }

  private static void checkIntervals(Route route, Set<String> names) {
    var used = new ArrayList<>(route.calendar().muteIntervals());
    used.addAll(route.calendar().activeIntervals());
    for (var name : used) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "undefined time interval \"%s\" used in route".formatted(name));
      }
    }
    route.routes().forEach(child -> checkIntervals(child, names));
  }
}
