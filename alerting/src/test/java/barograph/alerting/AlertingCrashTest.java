package barograph.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.alerting.forward.Forwarding;
import barograph.alerting.notify.NotificationConfig;
import barograph.alerting.receiver.Receiver;
import barograph.alerting.receiver.Web;
import barograph.alerting.receiver.WebhookConfig;
import barograph.alerting.route.Route;
import barograph.alerting.rule.AlertingRule;
import barograph.alerting.rule.Rule;
import barograph.alerting.rule.RuleFile;
import barograph.alerting.rule.RuleGroup;
import barograph.alerting.state.Recollection;
import barograph.alerting.testkit.FakeBeat;
import barograph.query.value.Sample;
import barograph.storage.journal.Journal;
import barograph.storage.journal.RecordLog;
import barograph.storage.model.Labels;
import barograph.storage.testkit.NaiveStore;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Days of alerts that come and go while the process is killed and the power cut at operations
/// drawn by lot: what people hear is held against what was the case.
class AlertingCrashTest {
  private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final Duration GROUP_INTERVAL = Duration.ofMinutes(1);
  private static final Duration REPEAT = Duration.ofHours(4);
  private static final List<Duration> HOLDS =
      List.of(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofSeconds(40),
          Duration.ofMinutes(5),
          Duration.ofMinutes(12));

  /// How long alerts of every third thing are held after their end.
  private static final Duration KEEP = Duration.ofMinutes(6);

  /// The end of the process, which nothing in it may catch.
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /// One process after the other on one disk, and what people and the world know meanwhile.
  private static final class World {
    final Random random;
    final FakeBeat beat = new FakeBeat(START);
    final NaiveStore samples = new NaiveStore();
    final Ear ear = new Ear(this);
    final List<Thing> things = new ArrayList<>();
    SimulatedDisk disk = new SimulatedDisk();
    int kills;
    int untilKill;
    boolean powerCut;
    boolean dead;
    boolean peace;
    Instant blindUntil = START;

    World(long seed) {
      random = new Random(seed);
      for (int i = 0; i < HOLDS.size() * 2; i++) {
        var keep = i % 3 == 0 ? KEEP : Duration.ZERO;
        things.add(new Thing("T" + i, HOLDS.get(i % HOLDS.size()), keep, "team" + i % 2));
      }
      untilKill = 1 + random.nextInt(150);
    }

    boolean isTime() {
      return --untilKill == 0;
    }

    /// Dies. Where something catches even that, the next one to act finds the process dead.
    Killed die() {
      dead = true;
      return new Killed();
    }

    void requireAlive() {
      if (dead) {
        throw new Killed();
      }
    }

    boolean isDown(String name) {
      return things.stream().anyMatch(thing -> thing.name.equals(name) && thing.downSince != null);
    }

    List<Sample> ask(String expr, long timeMillis) {
      // Just after a start, targets have not been scraped yet.
      boolean sees = beat.now().isAfter(blindUntil) && isDown(expr);
      if (sees) {
        things.stream()
            .filter(thing -> thing.name.equals(expr))
            .forEach(thing -> thing.lastSeenDown = beat.now());
      }
      return sees ? List.of(new Sample(Labels.of("job", expr), timeMillis, 1)) : List.of();
    }

    /// Lives until `end`, in as many processes as it takes.
    void live(Instant end) throws IOException {
      while (beat.now().isBefore(end)) {
        var recollection = new Recollection();
        try (var journal =
            Journal.open(disk, Path.of("/data/alerting"), "state", recollection::take)) {
          var log = new MortalLog(this, journal);
          try {
            var alerting = start(log, recollection);
            while (beat.now().isBefore(end)) {
              change();
              beat.pass(Duration.ofMillis(1 + random.nextInt(90_000)));
              requireAlive();
            }
            log.mortal = false;
            alerting.close();
          } catch (Killed killed) {
            kills++;
            dead = false;
            untilKill = 1 + random.nextInt(150);
          }
        }
        beat.forget();
        disk = powerCut ? disk.afterPowerCut(random.nextLong()) : disk.afterKill();
        powerCut = false;
        for (int i = random.nextInt(5); i > 0 && beat.now().isBefore(end); i--) {
          beat.pass(Duration.ofSeconds(random.nextInt(240)));
          change();
        }
        blindUntil = beat.now().plusSeconds(random.nextInt(50));
      }
    }

    private Alerting start(RecordLog log, Recollection recollection) {
      return Alerting.start(
          AlertingOptions.at(URI.create("http://baro")),
          config(),
          new AlertingPorts(this::ask, samples, samples, ear, log, recollection),
          new AlertingThreads(Runnable::run, Runnable::run, () -> {}),
          beat);
    }

    private AlertingConfig config() {
      var rules = new ArrayList<Rule>();
      for (var thing : things) {
        rules.add(
            new AlertingRule(
                thing.name,
                thing.name,
                thing.hold,
                thing.keep,
                Map.of("team", thing.team),
                Map.of()));
      }
      var group = new RuleGroup("things", INTERVAL, null, 0, Map.of(), rules);
      var route =
          new Route(
              "ear",
              List.of("team"),
              List.of(),
              false,
              Duration.ofSeconds(20),
              GROUP_INTERVAL,
              REPEAT,
              List.of());
      var receiver =
          new Receiver("ear", List.of(WebhookConfig.to(URI.create("http://127.0.0.1/ear"))));
      return new AlertingConfig(
          Duration.ofMinutes(1),
          Duration.ZERO,
          Labels.of("site", "attic"),
          List.of(new RuleFile("r.yml", List.of(group))),
          new NotificationConfig(Duration.ofMinutes(5), route, List.of(receiver)),
          Forwarding.NONE);
    }

    /// Lets a thing break or get well, now and then.
    private void change() {
      var thing = things.get(random.nextInt(things.size()));
      if (peace || random.nextInt(12) > 0) {
        return;
      }
      if (thing.downSince == null) {
        thing.downSince = beat.now();
      } else {
        thing.wellAt(beat.now(), ear);
      }
    }
  }

  /// Something that may be down, and people's idea of it.
  private static final class Thing {
    final String name;
    final Duration hold;
    final Duration keep;
    final String team;
    @Nullable Instant downSince;
    Instant lastDown = Instant.EPOCH;
    Instant lastSeenDown = Instant.EPOCH;
    Instant toldFiring = Instant.EPOCH;

    Thing(String name, Duration hold, Duration keep, String team) {
      this.name = name;
      this.hold = hold;
      this.keep = keep;
      this.team = team;
    }

    /// Gets well; if it was down for long, people must have heard. Every restart may let an alert
    /// wait for a grace period anew, hence the generous hour and a half.
    void wellAt(Instant now, Ear ear) {
      var since = downSince;
      if (since == null) {
        return;
      }
      downSince = null;
      lastDown = now;
      if (Duration.between(since, now).compareTo(hold.plusMinutes(90)) > 0
          && toldFiring.isBefore(since)
          && !ear.firing.contains(name)) {
        ear.wrong.add("%s: %s was down since %s and nobody was told".formatted(now, name, since));
      }
    }

    boolean wasDownWithin(Instant now, Duration time) {
      return downSince != null || !lastDown.isBefore(now.minus(time));
    }
  }

  /// Those who are told, who compare it with the truth.
  private static final class Ear implements Web {
    final World world;
    final List<String> wrong = new ArrayList<>();
    final Set<String> firing = new HashSet<>();
    final Map<String, Instant> lastTold = new HashMap<>();
    int messages;
    int duplicates;

    Ear(World world) {
      this.world = world;
    }

    @Override
    public Answer send(Request request) {
      world.requireAlive();
      if (world.random.nextInt(10) == 0) {
        return new Answer(503, "", "");
      }
      if (world.isTime() && world.random.nextBoolean()) {
        throw world.die();
      }
      hear(new ObjectMapper().readTree(request.body()));
      messages++;
      if (world.untilKill == 0) {
        throw world.die();
      }
      return new Answer(200, "", "");
    }

    private void hear(JsonNode message) {
      var now = world.beat.now();
      boolean news = false;
      for (var alert : message.get("alerts")) {
        var name = alert.get("labels").get("alertname").asString();
        var thing =
            world.things.stream().filter(t -> t.name.equals(name)).findFirst().orElseThrow();
        if (alert.get("status").asString().equals("firing")) {
          if (firing.add(name)) {
            news = true;
            thing.toldFiring = now;
            if (!thing.wasDownWithin(now, thing.keep.plus(INTERVAL).plusSeconds(1))) {
              wrong.add("%s: %s is told to fire and is well".formatted(now, name));
            }
          }
        } else if (firing.remove(name)) {
          news = true;
          if (thing.downSince != null && thing.downSince.isBefore(thing.toldFiring)) {
            wrong.add("%s: %s is told to be over and is down".formatted(now, name));
          }
          // With a `for`, it may have come back meanwhile and wait.
          if (thing.hold.isZero() && thing.lastSeenDown.isAfter(now.minus(thing.keep))) {
            wrong.add("%s: %s is told to be over and should be held".formatted(now, name));
          }
        }
      }
      var group = message.get("groupKey").asString();
      var last = lastTold.put(group, now);
      if (!news && last != null && last.isAfter(now.minus(REPEAT))) {
        duplicates++;
      }
    }
  }

  /// The process's log, in whose operations it dies: before, in the middle of, or after one.
  private static final class MortalLog implements RecordLog {
    private final World world;
    private final RecordLog log;
    boolean mortal = true;

    MortalLog(World world, RecordLog log) {
      this.world = world;
      this.log = log;
    }

    /// Takes a step to its end, so that nothing depends on threads, and dies if it is time to.
    private CompletableFuture<@Nullable Void> safe(
        Supplier<CompletableFuture<@Nullable Void>> operation) {
      world.requireAlive();
      boolean last = mortal && world.isTime();
      if (last && world.random.nextInt(3) == 0) {
        throw world.die();
      }
      if (last && world.random.nextBoolean()) {
        world.disk.failFrom(
            world.disk.operations() + world.random.nextInt(3), SimulatedDisk.Fault.BROKEN);
        world.powerCut = true;
      }
      var done = operation.get();
      try {
        done.join();
      } catch (CompletionException e) {
        assertThat(last).as("the disk fails only at the end: %s", e).isTrue();
      }
      if (last) {
        throw world.die();
      }
      return done;
    }

    @Override
    public CompletableFuture<@Nullable Void> append(byte[] record) {
      return safe(() -> log.append(record));
    }

    @Override
    public CompletableFuture<@Nullable Void> rewrite(List<byte[]> records) {
      return safe(() -> log.rewrite(records));
    }

    @Override
    public long bytes() {
      return log.bytes();
    }

    @Override
    public void close() {
      log.close();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void nobodyIsPagedFalselyOrLeftWithoutAnEndWhereverTheProcessDies(long seed) throws IOException {
    var world = new World(seed);
    world.live(START.plus(Duration.ofHours(24)));
    world.things.forEach(thing -> thing.wellAt(world.beat.now(), world.ear));
    int killsOfTheDay = world.kills;
    world.untilKill = Integer.MAX_VALUE;
    world.peace = true;
    world.live(world.beat.now().plus(Duration.ofMinutes(30)));

    assertThat(world.ear.wrong).isEmpty();
    assertThat(world.ear.firing).as("never told to be over").isEmpty();
    assertThat(world.ear.duplicates).isLessThanOrEqualTo(killsOfTheDay);
    assertThat(killsOfTheDay).as("kills").isGreaterThan(20);
    assertThat(world.ear.messages).as("messages").isGreaterThan(50);
  }
}
