import org.jspecify.annotations.NullMarked;

/// The program: wires every module together and speaks HTTP.
@NullMarked
module barograph.server {
  requires barograph.alerting;
  requires barograph.ingest;
  requires barograph.query;
  requires barograph.storage;
  requires static transitive org.jspecify;
}
