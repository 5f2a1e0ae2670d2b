import org.jspecify.annotations.NullMarked;

/// Keeps samples: in memory, in the write-ahead log, and in immutable mapped blocks.
@NullMarked
module barograph.storage {
  exports barograph.storage;
  exports barograph.storage.journal;
  exports barograph.storage.model;
  exports barograph.storage.outbound;

  requires com.github.luben.zstd_jni;
  requires re2j;
  requires org.lz4.java;
  requires roaringbitmap;
  requires static transitive org.jspecify;
}
