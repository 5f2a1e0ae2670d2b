import org.jspecify.annotations.NullMarked;

/// Brings samples in: scraped from targets or pushed by clients.
@NullMarked
module barograph.ingest {
  exports barograph.ingest;
  exports barograph.ingest.discovery;
  exports barograph.ingest.exposition;
  exports barograph.ingest.host;
  exports barograph.ingest.relabel;
  exports barograph.ingest.remotewrite;
  exports barograph.ingest.scrape;

  requires com.github.oshi;
  requires re2j;
  requires transitive barograph.storage;
  requires static transitive org.jspecify;
}
