import org.jspecify.annotations.NullMarked;

/// Watches and tells: rules on a beat, alerts through a line of stages, receivers.
@NullMarked
module barograph.alerting {
  requires tools.jackson.databind;
  requires transitive barograph.query;
  requires static transitive org.jspecify;
}
