import org.jspecify.annotations.NullMarked;

/// Brings samples in: scraped from targets or pushed by clients.
@NullMarked
module barograph.ingest {
  requires com.github.oshi;
  requires re2j;
  requires transitive barograph.storage;
  requires static transitive org.jspecify;
}
