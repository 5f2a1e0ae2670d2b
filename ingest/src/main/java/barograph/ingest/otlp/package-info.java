/// Takes in what OpenTelemetry senders push: OTLP metrics over HTTP, as protobuf or JSON.
///
/// Start at [OtlpReceiver]. [MetricsRequest] walks a request and turns each data point into series,
/// [NameTranslation] finds their names, [JsonTranscoder] turns JSON into the protobuf that it
/// stands for. What follows is the common road of `pushed`.
package barograph.ingest.otlp;
