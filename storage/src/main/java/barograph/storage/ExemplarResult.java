package barograph.storage;

/// What became of exemplars. None of it is an error to their sender: they are hints.
///
/// @param accepted kept now, those included that their series had as the newest already, and all if
///   the store keeps none
/// @param outOfOrder passed over, as their series has a later one
/// @param tooLong passed over, as their labels have more than
///   [barograph.storage.model.Exemplar#MAX_LABEL_CHARACTERS] characters
/// @param unknownSeries passed over, as the reference names no series
public record ExemplarResult(int accepted, int outOfOrder, int tooLong, int unknownSeries) {}
