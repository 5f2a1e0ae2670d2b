import org.jspecify.annotations.NullMarked;

/// Watches and tells: rules on a beat, alerts through a line of stages, receivers.
@NullMarked
module barograph.alerting {
  exports barograph.alerting;
  exports barograph.alerting.alert;
  exports barograph.alerting.beat;
  exports barograph.alerting.evaluate;
  exports barograph.alerting.forward;
  exports barograph.alerting.inhibit;
  exports barograph.alerting.interval;
  exports barograph.alerting.notify;
  exports barograph.alerting.receiver;
  exports barograph.alerting.route;
  exports barograph.alerting.rule;
  exports barograph.alerting.ruletest;
  exports barograph.alerting.silence;
  exports barograph.alerting.state;
  exports barograph.alerting.template;

  requires re2j;
  requires tools.jackson.databind;
  requires transitive barograph.query;
  requires static transitive org.jspecify;
}
