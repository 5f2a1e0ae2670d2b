package barograph.alerting.notify;

import java.time.Duration;

/// How long alerts of before a restart are awaited.
///
/// @param settle by when every rule has been asked; nothing is told before
/// @param ownRule for an alert of a rule, after which it counts as over
/// @param others for an alert that somebody else has sent
public record RestartPatience(Duration settle, Duration ownRule, Duration others) {}
