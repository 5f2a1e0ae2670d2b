package barograph.storage;

import barograph.storage.model.Exemplar;

/// An exemplar on its way into the store.
///
/// @param seriesRef what [Appender#seriesFor] gave for its series
public record SeriesExemplar(int seriesRef, Exemplar exemplar) {}
