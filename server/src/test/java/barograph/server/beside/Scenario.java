package barograph.server.beside;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Some minutes in the life of a small fleet, step by step: things break and get well, people
/// silence, change routes and restart, receivers fail.
///
/// Rules are asked each second. Groups wait one and a half seconds and look again each three, and
/// every step begins in the middle between two turns of the rules; so nothing that must happen in
/// one order happens at the same moment.
final class Scenario {
  private static final String RULES =
      """
      groups:
        - name: things
          labels: {watch: night}
          rules:
            - record: team:down:sum
              expr: sum by (team) (down)
            - alert: Down
              expr: down == 1
              labels: {severity: page}
              annotations:
                summary: '{{ $labels.name }} of {{ $labels.team }} is down ({{ $value }})'
                link: '{{ $externalURL }}/{{ $labels.name | toUpper }}'
            - alert: Slow
              expr: slow > 10
              for: SLOW_FOR
              labels: {severity: warning}
              annotations: {summary: 'SLOW_TEXT {{ $value | humanize }}'}
            - alert: Held
              expr: held == 1
              keep_firing_for: 4s
              labels: {severity: info}
            - alert: Outage
              expr: outage == 1
              labels: {severity: critical}
            - alert: Affected
              expr: affected == 1
              labels: {severity: warning}
            - alert: ManyDown
              expr: team:down:sum > 2
              labels: {severity: '{{ if gt $value 3.0 }}critical{{ else }}warning{{ end }}'}
            - alert: Again
              expr: again == 1
      """;

  private static final String ROUTES =
      """
      route:
        receiver: default
        group_by: [alertname]
        group_wait: 1500ms
        group_interval: 3s
        repeat_interval: 1h
        routes:
          - matchers: [team=~"db|ops"]
            receiver: db
            group_by: [DB_GROUPS]
            DB_MORE
          - matchers: [team="web"]
            receiver: web
            continue: true
          - matchers: [team="web", severity!~"info|none"]
            receiver: audit
            group_by: ['...']
          - matchers: [severity="warning"]
            receiver: warn
            group_by: [alertname, name]
            WARN_MORE
            routes:
              - matchers: [name=~"x.*"]
                receiver: deep
          - matchers: [alertname="Again"]
            receiver: again
            repeat_interval: 5s
      inhibit_rules:
        - source_matchers: [severity="critical"]
          target_matchers: [severity="warning"]
          equal: [name]
      time_intervals:
        - name: always
          time_intervals: [{weekdays: ['sunday:saturday']}]
        - name: never
          time_intervals: [{years: ['1999']}]
      receivers:
        - name: default
          webhook_configs: [{url: '{{default}}'}]
        - name: db
          webhook_configs: [{url: '{{db}}'}]
        - name: dba
          webhook_configs: [{url: '{{dba}}'}]
        - name: web
          webhook_configs: [{url: '{{web}}'}, {url: '{{webtwo}}', max_alerts: 1}]
        - name: audit
          webhook_configs: [{url: '{{audit}}', send_resolved: false}]
        - name: warn
          webhook_configs: [{url: '{{warn}}'}]
        - name: deep
          webhook_configs: [{url: '{{deep}}'}]
        - name: again
          webhook_configs: [{url: '{{again}}'}]
      """;

  private final World world;
  private final List<Step> steps = new ArrayList<>();
  private String rules = RULES.replace("SLOW_FOR", "3s").replace("SLOW_TEXT", "takes");
  private String dbGroups = "alertname, team";
  private String dbMore = "";
  private String warnMore = "";

  /// One thing that happens.
  ///
  /// @param settle until the next
  /// @param tolerance how far apart the two sides may be in time
  /// @param timesMayDiffer whether alerts may have begun at another time on the two sides: after a
  ///   restart Prometheus does not remember when they did, and Barograph does; nor does
  ///   Alertmanager go on with the timers of its groups, which is why the tolerance is a group's
  ///   interval then
  record Step(
      int number,
      String name,
      Action action,
      Duration settle,
      Duration tolerance,
      boolean timesMayDiffer) {}

  /// What a step does.
  @FunctionalInterface
  interface Action {
    void take() throws IOException;
  }

  Scenario(World world) {
    this.world = world;
    firesAndResolves();
    waitsAndHolds();
    groupsAndContinues();
    silences();
    inhibitions();
    reloads();
    outages();
    intervals();
    outsiders();
    restarts();
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  void configure() throws IOException {
    world.configure(
        rules,
        ROUTES
            .replace("DB_GROUPS", dbGroups)
            .replace("DB_MORE", dbMore)
            .replace("WARN_MORE", warnMore));
  }

  private Scenario step(String name, double settleSeconds, Action action) {
    return step(name, settleSeconds, 1, false, action);
  }

  private Scenario step(
      String name, double settleSeconds, double tolerance, boolean timesMayDiffer, Action action) {
    steps.add(
        new Step(
            steps.size() + 1,
            name,
            action,
            Duration.ofMillis((long) (settleSeconds * 1000)),
            Duration.ofMillis((long) (tolerance * 1000)),
            timesMayDiffer));
    return this;
  }

  private static String series(String metric, String name, String team) {
    return "%s{name=\"%s\",team=\"%s\"}".formatted(metric, name, team);
  }

  private Action set(double value, String metric, String team, String... names) {
    return () -> {
      for (var name : names) {
        world.things.set(series(metric, name, team), value);
      }
    };
  }

  private void firesAndResolves() {
    step("all is well", 3, set(0, "down", "db", "a", "b", "c", "d"))
        .step("a fires", 4, set(1, "down", "db", "a"))
        .step("b joins it in the group", 4, set(1, "down", "db", "b"))
        .step("a is over", 5, set(0, "down", "db", "a"))
        .step("b is over too", 5, set(0, "down", "db", "b"))
        .step("a flaps once within the wait", 1, set(1, "down", "db", "a"))
        .step("and is over before anybody is told", 5, set(0, "down", "db", "a"))
        .step("a fires again", 4, set(1, "down", "db", "a"))
        .step("ends within an interval", 1, set(0, "down", "db", "a"))
        .step("and comes back within it", 5, set(1, "down", "db", "a"))
        .step("its series vanishes", 5, () -> world.things.remove(series("down", "a", "db")))
        .step("the series is back and well", 2, set(0, "down", "db", "a"));
  }

  private void waitsAndHolds() {
    step("slow, but not for long enough", 2, set(12, "slow", "net", "s"))
        .step("and well before it fires", 4, set(1, "slow", "net", "s"))
        .step("slow for long enough", 6, set(1500, "slow", "net", "s"))
        .step("slower, which tells nobody", 4, set(2500, "slow", "net", "s"))
        .step("quick again", 5, set(1, "slow", "net", "s"))
        .step("something that is held", 4, set(1, "held", "net", "h"))
        .step("lets go and is back while it is held", 2, set(0, "held", "net", "h"))
        .step("so that nobody hears", 2, set(1, "held", "net", "h"))
        .step("lets go for good", 9, set(0, "held", "net", "h"));
  }

  private void groupsAndContinues() {
    step("web and whoever audits it", 4, set(1, "down", "web", "w1"))
        .step("two more, one too many for the second hook", 5, set(1, "down", "web", "w2", "w3"))
        .step("all of web is well", 6, set(0, "down", "web", "w1", "w2", "w3"))
        .step("three of db, which makes many", 6, set(1, "down", "db", "a", "b", "c"))
        .step("four, which is critical", 6, set(1, "down", "db", "d"))
        .step("all of db is well", 6, set(0, "down", "db", "a", "b", "c", "d"))
        .step("told again and again", 15, set(1, "again", "net", "r"))
        .step("until it is over", 4, set(0, "again", "net", "r"));
  }

  private void silences() {
    var slow = "[{\"name\":\"name\",\"value\":\"q.*\",\"isRegex\":true}]";
    var down = "[{\"name\":\"alertname\",\"value\":\"Down\",\"isRegex\":false}]";
    step("a silence", 1, () -> world.silence("quiet", slow, 600))
        .step("under which something fires", 5, set(1, "down", "net", "q1"))
        .step("beside something else of the group", 5, set(1, "down", "net", "n1"))
        .step("the silence is ended", 4, () -> world.expire("quiet"))
        .step("a silence over what is told already", 4, () -> world.silence("late", down, 600))
        .step("under which one is over", 5, set(0, "down", "net", "q1"))
        .step("the silence is ended too late for it", 5, () -> world.expire("late"))
        .step("a short silence", 1, () -> world.silence("short", down, 5))
        .step("over something new, until it ends", 9, set(1, "down", "net", "q2"))
        .step("all is over", 5, set(0, "down", "net", "q2", "n1"));
  }

  private void inhibitions() {
    step("an outage", 4, set(1, "outage", "net", "i"))
        .step("keeps what it causes quiet", 5, set(1, "affected", "net", "i"))
        .step("and nothing else", 5, set(1, "affected", "net", "j"))
        .step("until it is over", 6, set(0, "outage", "net", "i"))
        .step("an outage that comes later", 5, set(1, "outage", "net", "j"))
        .step("keeps the end of another quiet", 5, set(0, "affected", "net", "j"))
        .step("all is over", 6, set(0, "outage", "net", "j"))
        .step("a branch of a branch", 5, set(1, "affected", "net", "x1"))
        .step("all is well", 5, set(0, "affected", "net", "x1", "i"));
  }

  /// Routes are only changed while alerts of this section's own team are there: Alertmanager tells
  /// of ends again after a reload that it has told already, and Barograph does not.
  private void reloads() {
    step("two of another team", 5, set(1, "down", "ops", "a", "b"))
        .step(
            "a reload to another receiver",
            7,
            () -> {
              dbMore = "routes: [{matchers: [name=\"a\"], receiver: dba}]";
              reloadRoutes();
            })
        .step(
            "a reload to other groups",
            7,
            () -> {
              dbGroups = "alertname, team, name";
              reloadRoutes();
            })
        .step("one is over", 5, set(0, "down", "ops", "a"))
        .step("the other too", 6, set(0, "down", "ops", "b"))
        .step(
            "a reload to the routes of before",
            5,
            () -> {
              dbMore = "";
              dbGroups = "alertname, team";
              reloadRoutes();
            })
        .step("a reload that changes nothing", 3, this::reloadRoutes)
        .step("something slow", 6, set(20, "slow", "net", "s"))
        .step(
            "a reload to another text",
            5,
            () -> {
              rules = RULES.replace("SLOW_FOR", "3s").replace("SLOW_TEXT", "needs");
              reloadRules();
            })
        .step(
            "a reload to a longer wait",
            5,
            () -> {
              rules = RULES.replace("SLOW_FOR", "4s").replace("SLOW_TEXT", "needs");
              reloadRules();
            })
        .step("quick again", 6, set(1, "slow", "net", "s"));
  }

  private void reloadRules() throws IOException {
    configure();
    world.reloadRules();
  }

  private void reloadRoutes() throws IOException {
    configure();
    world.reloadRoutes();
  }

  private void outages() {
    step("a receiver fails", 1, () -> world.ears.answer("default", 503))
        .step("while something fires", 3, set(1, "down", "net", "o"))
        .step("and heals", 5, 2.5, false, () -> world.ears.answer("default", 200))
        .step("it refuses for good", 1, () -> world.ears.answer("default", 400))
        .step("while that is over", 4, set(0, "down", "net", "o"))
        .step("and takes it at the next look", 5, () -> world.ears.answer("default", 200));
  }

  private void intervals() {
    step(
            "a mute interval",
            2,
            () -> {
              warnMore = "mute_time_intervals: [always]";
              reloadRoutes();
            })
        .step("in which something fires", 5, set(1, "affected", "net", "m"))
        .step(
            "and ends",
            6,
            () -> {
              warnMore = "mute_time_intervals: [never]";
              reloadRoutes();
            })
        .step(
            "an active interval that is over",
            5,
            () -> {
              warnMore = "active_time_intervals: [never]";
              reloadRoutes();
            })
        .step("in which that is over", 5, set(0, "affected", "net", "m"))
        .step(
            "active again",
            5,
            () -> {
              warnMore = "";
              reloadRoutes();
            });
  }

  private void outsiders() {
    step(
            "an outsider's alert",
            5,
            () ->
                world.post(
                    """
                    [{"labels": {"alertname": "Outside", "name": "p", "empty": ""},
                      "annotations": {"summary": "from elsewhere"},
                      "generatorURL": "http://else.example.org"}]
                    """))
        .step(
            "which its sender ends",
            5,
            () ->
                world.post(
                    """
                    [{"labels": {"alertname": "Outside", "name": "p"}, "endsAt": "%s"}]
                    """
                        .formatted(Instant.now())))
        .step(
            "one that ends by itself",
            8,
            () ->
                world.post(
                    """
                    [{"labels": {"alertname": "Outside", "name": "e"}, "endsAt": "%s"}]
                    """
                        .formatted(Instant.now().plusSeconds(3))));
  }

  /// After a restart Prometheus finds alerts before it finds Alertmanager, and says so again only a
  /// minute later.
  private void restarts() {
    var down = "[{\"name\":\"name\",\"value\":\"k\",\"isRegex\":false}]";
    step("a silence for later", 1, () -> world.silence("kept", down, 600))
        .step("one fires, one is silenced", 5, set(1, "down", "net", "l", "k"))
        .step("a restart, of which nobody hears", 68, 1, true, world::restart)
        .step("one more fires", 7, 3.5, true, set(1, "down", "net", "z"))
        .step("the silence has lasted", 7, 3.5, true, () -> world.expire("kept"))
        .step("all is over", 7, 3.5, true, set(0, "down", "net", "k", "l", "z"))
        .step("a restart of a quiet house", 6, world::restart)
        .step("something fires as ever", 5, set(1, "down", "db", "a"))
        .step("and is over", 6, set(0, "down", "db", "a"));
  }
}
