package net.openhft.chronicle.hash;

import net.openhft.chronicle.bytes.BytesStore;

/// A map file's few changing numbers, where Chronicle Map looks for them before it would write this
/// class itself and run `javac` in the process, at the cost of two seconds and of a JDK in place of
/// a JRE.
///
/// The library finds it by its name, in its own package; its layout is ours to choose, eight bytes
/// for each number.
@SuppressWarnings({"rawtypes", "unchecked"}) // as the library's interface has it
public final class VanillaGlobalMutableState$$Native implements VanillaGlobalMutableState {
  private static final int EXTRA_TIER_BULKS = 0;
  private static final int FIRST_FREE_TIER = 8;
  private static final int EXTRA_TIERS_IN_USE = 16;
  private static final int SEGMENT_HEADERS = 24;
  private static final int DATA_STORE_SIZE = 32;
  private static final int BYTES = 40;

  private BytesStore store = BytesStore.empty();
  private long offset;

  @Override
  public void bytesStore(BytesStore store, long offset, long length) {
    if (length != BYTES) {
      throw new IllegalArgumentException(
          "state of a map is given %d bytes, expected %d".formatted(length, BYTES));
    }
    this.store = store;
    this.offset = offset;
  }

  @Override
  public BytesStore bytesStore() {
    return store;
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public long maxSize() {
    return BYTES;
  }

  @Override
  public int getAllocatedExtraTierBulks() {
    return Math.toIntExact(read(EXTRA_TIER_BULKS));
  }

  @Override
  public void setAllocatedExtraTierBulks(int bulks) {
    write(EXTRA_TIER_BULKS, bulks);
  }

  @Override
  public long getFirstFreeTierIndex() {
    return read(FIRST_FREE_TIER);
  }

  @Override
  public void setFirstFreeTierIndex(long index) {
    write(FIRST_FREE_TIER, index);
  }

  @Override
  public long getExtraTiersInUse() {
    return read(EXTRA_TIERS_IN_USE);
  }

  @Override
  public void setExtraTiersInUse(long tiers) {
    write(EXTRA_TIERS_IN_USE, tiers);
  }

  @Override
  public long getSegmentHeadersOffset() {
    return read(SEGMENT_HEADERS);
  }

  @Override
  public void setSegmentHeadersOffset(long headersOffset) {
    write(SEGMENT_HEADERS, headersOffset);
  }

  @Override
  public long getDataStoreSize() {
    return read(DATA_STORE_SIZE);
  }

  @Override
  public void setDataStoreSize(long bytes) {
    write(DATA_STORE_SIZE, bytes);
  }

  @Override
  public long addDataStoreSize(long bytes) {
    long size = Math.addExact(getDataStoreSize(), bytes);
    setDataStoreSize(size);
    return size;
  }

  private long read(int field) {
    return store.readLong(offset + field);
  }

  private void write(int field, long value) {
    store.writeLong(offset + field, value);
  }
}
