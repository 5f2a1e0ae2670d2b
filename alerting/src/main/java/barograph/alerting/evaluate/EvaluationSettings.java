package barograph.alerting.evaluate;

import barograph.storage.model.Labels;
import java.time.Duration;

/// What holds for all groups alike.
///
/// @param interval of groups that name none
/// @param queryOffset of groups that name none
/// @param externalLabels put on alerts that leave, and seen by templates
/// @param externalUrl without a slash at its end
/// @param resendDelay time after which a firing alert is passed on again
/// @param outageTolerance longest outage after which `for` state is restored
/// @param gracePeriod shortest `for` that is restored
public record EvaluationSettings(
    Duration interval,
    Duration queryOffset,
    Labels externalLabels,
    String externalUrl,
    Duration resendDelay,
    Duration outageTolerance,
    Duration gracePeriod) {}
