import org.jspecify.annotations.NullMarked;

/// Brings samples in: scraped from targets or pushed by clients.
@NullMarked
module barograph.ingest {
  exports barograph.ingest;
  exports barograph.ingest.discovery;
  exports barograph.ingest.exposition;
  exports barograph.ingest.gateway;
  exports barograph.ingest.forward;
  exports barograph.ingest.host;
  exports barograph.ingest.json;
  exports barograph.ingest.otlp;
  exports barograph.ingest.push;
  exports barograph.ingest.pushed;
  exports barograph.ingest.relabel;
  exports barograph.ingest.remoteread;
  exports barograph.ingest.remotewrite;
  exports barograph.ingest.scrape;
  exports barograph.ingest.unpack;
  exports barograph.ingest.wire;

  requires com.github.luben.zstd_jni;
  requires com.github.oshi;
  requires re2j;
  requires java.naming;
  requires java.xml;
  requires transitive tools.jackson.core;
  requires tools.jackson.databind;
  requires transitive barograph.storage;
  requires static transitive org.jspecify;
}
