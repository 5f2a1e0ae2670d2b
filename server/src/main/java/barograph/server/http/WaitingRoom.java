package barograph.server.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Where requests wait that have come, whole, before they can be run: what is pushed while the
/// store is still being opened.
///
/// It is open once and for good, or closed for good. Those who wait hold no thread; the room for
/// their bodies is theirs meanwhile, so that the budget of bodies bounds what waits.
final class WaitingRoom {
  /// More senders than that try again later; fewer than a lane's queue takes at once.
  static final int MOST_WAITING = 256;

  /// Somebody who waits. Told on any thread, and at most once.
  interface Guest {
    void goOn();

    void sendAway();
  }

  /// What is to be done with who comes.
  enum Verdict {
    GO_ON,
    WAIT,
    SEND_AWAY
  }

  private enum State {
    HOLDING,
    OPEN,
    CLOSED
  }

  private final Set<Guest> guests = new LinkedHashSet<>();
  private volatile State state = State.HOLDING;

  /// Whether `guest` may go on, has to wait (and will be told), or finds no place.
  Verdict enter(Guest guest) {
    if (state == State.OPEN) {
      return Verdict.GO_ON;
    }
    synchronized (this) {
      return switch (state) {
        case OPEN -> Verdict.GO_ON;
        case CLOSED -> Verdict.SEND_AWAY;
        case HOLDING ->
            guests.size() < MOST_WAITING && guests.add(guest) ? Verdict.WAIT : Verdict.SEND_AWAY;
      };
    }
  }

  /// Forgets who does not wait any more.
  synchronized void leave(Guest guest) {
    guests.remove(guest);
  }

  synchronized int size() {
    return guests.size();
  }

  /// Lets everyone go on, in the order of their coming.
  void open() {
    leaveAll(State.OPEN).forEach(Guest::goOn);
  }

  /// Sends everyone away who still waits.
  void close() {
    leaveAll(State.CLOSED).forEach(Guest::sendAway);
  }

  private synchronized List<Guest> leaveAll(State next) {
    if (state == State.HOLDING) {
      state = next;
    }
    var all = new ArrayList<>(guests);
    guests.clear();
    return all;
  }
}
