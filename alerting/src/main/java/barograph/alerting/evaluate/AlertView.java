package barograph.alerting.evaluate;

import barograph.storage.model.Labels;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pending or firing alert as `/api/v1/alerts` shows it.
///
/// @param activeAt since when its expression gives it
/// @param keepFiringSince since when it only fires because of `keep_firing_for`, or null
/// @param value what the expression gave the last time
public record AlertView(
    Labels labels,
    Map<String, String> annotations,
    RuleView.State state,
    Instant activeAt,
    @Nullable Instant keepFiringSince,
    double value) {}
