package barograph.storage.block;

/// Where in a block file a section lies.
record BlockSection(long offset, long length) {
  long end() {
    return offset + length;
  }
}
