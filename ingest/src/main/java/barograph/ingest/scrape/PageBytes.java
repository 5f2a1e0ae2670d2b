package barograph.ingest.scrape;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A page as bytes; reused from page to page.
final class PageBytes {
  byte[] bytes = new byte[16 << 10];
  int length;

  /// Holds a copy of `body`.
  void take(ByteBuffer body, long limit) throws IOException {
    int size = body.remaining();
    check(size, limit);
    reserve(size + 1);
    body.get(body.position(), bytes, 0, size);
    length = size;
  }

  /// Holds what `plain` yields.
  void take(InputStream plain, long limit) throws IOException {
    length = 0;
    for (int read = 0; read >= 0; read = plain.read(bytes, length, bytes.length - length - 1)) {
      length += read;
      check(length, limit);
      if (bytes.length - length < 2) {
        reserve((int) Math.min(Math.max(2L * bytes.length, 4096), limit + 16));
      }
    }
  }

  private static void check(int size, long limit) throws IOException {
    if (size > limit) {
      throw new HttpFetch.BodyTooLargeException();
    }
  }

  /// Ends it by a line feed, if it does not end so.
  void endLine() {
    if (length > 0 && bytes[length - 1] != '\n') {
      bytes[length++] = '\n';
    }
  }

  private void reserve(int room) {
    if (room > bytes.length) {
      bytes = Arrays.copyOf(bytes, room);
    }
  }
}
