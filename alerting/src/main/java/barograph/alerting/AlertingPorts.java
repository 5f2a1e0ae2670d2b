package barograph.alerting;

import barograph.alerting.evaluate.RuleQuery;
import barograph.alerting.receiver.Web;
import barograph.alerting.state.Recollection;
import barograph.storage.Appender;
import barograph.storage.Reader;
import barograph.storage.journal.RecordLog;

/// What alerting is connected to.
///
/// @param query answers rules' expressions
/// @param appender takes what rules record
/// @param reader gives it back after a restart
/// @param web carries notifications
/// @param state keeps what must outlive a stop; closed with alerting
/// @param before what was found there
public record AlertingPorts(
    RuleQuery query,
    Appender appender,
    Reader reader,
    Web web,
    RecordLog state,
    Recollection before) {}
