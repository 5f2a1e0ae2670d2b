package barograph.storage.block;

/// Where in a block file a section lies, and what its bytes' checksum must be.
record BlockSection(long offset, long length, int checksum) {
  long end() {
    return offset + length;
  }
}
