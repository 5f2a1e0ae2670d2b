package barograph.alerting.receiver;

import barograph.alerting.template.NotificationTexts;

/// What places need to be told.
///
/// @param web carries requests
/// @param texts the templates that the places' texts call
public record Means(Web web, NotificationTexts texts) {}
