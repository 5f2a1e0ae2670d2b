/// What is wrong with a JSON text, told to whoever sent it.
///
/// [JsonFault] is all there is. Knows of the parser only that it refuses; whoever reads JSON asks
/// it for the words of the refusal.
package barograph.ingest.json;
