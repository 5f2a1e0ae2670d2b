package barograph.alerting;

import barograph.alerting.evaluate.RuleQuery;
import barograph.alerting.receiver.HttpPost;
import barograph.storage.Appender;
import barograph.storage.Reader;

/// What alerting is connected to.
///
/// @param query answers rules' expressions
/// @param appender takes what rules record
/// @param reader gives it back after a restart
/// @param http carries notifications
public record AlertingPorts(RuleQuery query, Appender appender, Reader reader, HttpPost http) {}
