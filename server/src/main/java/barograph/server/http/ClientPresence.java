package barograph.server.http;

import org.jspecify.annotations.Nullable;

/// Whether the client of a request is still there, so that nobody works for no one.
public final class ClientPresence {
  private @Nullable Runnable farewell;
  private boolean gone;

  /// Has `action` run, at once or later, when the client has gone before it had its answer; in
  /// place of what was to be run before.
  public void whenGone(Runnable action) {
    synchronized (this) {
      if (!gone) {
        farewell = action;
        return;
      }
    }
    action.run();
  }

  /// The client has gone.
  void end() {
    Runnable action;
    synchronized (this) {
      gone = true;
      action = farewell;
      farewell = null;
    }
    if (action != null) {
      action.run();
    }
  }
}
