package barograph.storage.testkit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The bytes of a simulated file, in pages that are replaced and never changed: a copy costs a
/// table of pages, and reserved zeros cost nothing.
final class SimulatedContent {
  private static final int PAGE_BYTES = 4096;

  /// Null where all is zero.
  private byte @Nullable [][] pages;

  private int size;

  SimulatedContent() {
    this(new byte[0][], 0);
  }

  private SimulatedContent(byte @Nullable [][] pages, int size) {
    this.pages = pages;
    this.size = size;
  }

  SimulatedContent copy() {
    return new SimulatedContent(pages.clone(), size);
  }

  int size() {
    return size;
  }

  /// The bytes from `from` on, `length` of them or up to the end.
  byte[] bytes(int from, int length) {
    int start = Math.min(from, size);
    var found = new byte[Math.min(size - start, length)];
    int at = 0;
    while (at < found.length) {
      int inPage = (start + at) % PAGE_BYTES;
      int count = Math.min(found.length - at, PAGE_BYTES - inPage);
      byte[] page = page((start + at) / PAGE_BYTES);
      if (page != null) {
        System.arraycopy(page, inPage, found, at, count);
      }
      at += count;
    }
    return found;
  }

  private byte @Nullable [] page(int number) {
    return number < pages.length ? pages[number] : null;
  }

  /// Puts bytes `start` to `end` of `from` to where they belong if the first of all goes to
  /// `offset`.
  void write(int offset, byte[] from, int start, int end) {
    int at = start;
    while (at < end) {
      int inPage = (offset + at) % PAGE_BYTES;
      int count = Math.min(end - at, PAGE_BYTES - inPage);
      byte[] page = freshPage((offset + at) / PAGE_BYTES);
      System.arraycopy(from, at, page, inPage, count);
      at += count;
    }
    size = Math.max(size, offset + end);
  }

  /// Puts zeros from `offset` to `end`.
  void zero(int offset, int end) {
    clear(offset, Math.min(end, size));
    size = Math.max(size, end);
  }

  void cut(int newSize) {
    if (newSize < size) {
      clear(newSize, size);
      size = newSize;
    }
  }

  private void clear(int from, int to) {
    int at = from;
    while (at < to) {
      int number = at / PAGE_BYTES;
      int inPage = at % PAGE_BYTES;
      int count = Math.min(to - at, PAGE_BYTES - inPage);
      if (page(number) != null) {
        if (count == PAGE_BYTES) {
          pages[number] = null;
        } else {
          Arrays.fill(freshPage(number), inPage, inPage + count, (byte) 0);
        }
      }
      at += count;
    }
  }

  /// A page that nobody else has, as it was until now.
  private byte[] freshPage(int number) {
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(number + 1, pages.length * 2));
    }
    byte[] old = pages[number];
    byte[] fresh = old == null ? new byte[PAGE_BYTES] : old.clone();
    pages[number] = fresh;
    return fresh;
  }

  /// A number that files with the same bytes share and others hardly ever do.
  long fingerprint() {
    long hash = size;
    for (int i = 0; i < pages.length; i++) {
      byte[] page = pages[i];
      if (page != null) {
        hash = (hash ^ Arrays.hashCode(page) ^ (long) i << 40) * 0x9e3779b97f4a7c15L;
        hash ^= hash >>> 29;
      }
    }
    return hash;
  }
}
