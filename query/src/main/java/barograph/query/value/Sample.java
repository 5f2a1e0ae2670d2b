package barograph.query.value;

import barograph.storage.model.Labels;

/// One series' point in an instant vector.
public record Sample(Labels labels, long timeMillis, double value) {}
