package barograph.storage.block;

import barograph.storage.chunk.ByteSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Gathers the parity of a block's pages while they are written: for each group of up to 64 pages
/// one page that is the exclusive or of them, so that any one of a group can be made from the rest.
///
/// Neighbours are in different groups, so that damage which runs on costs no more than one page of
/// each. A stripe of 1,024 pages has sixteen groups; a file that is shorter than that has fewer.
final class Parity {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int STRIPE_PAGES = 1 << 10;
  private static final int GROUPS = 16;
  private static final int PAGES_A_GROUP = STRIPE_PAGES / GROUPS;

  private final byte[][] sums = new byte[GROUPS][BlockFormat.PAGE_BYTES];
  private final ByteSink stripes = new ByteSink();
  private long pages;

  /// Takes the next page; only the last one may be shorter than others.
  void add(byte[] bytes, int from, int length) {
    if (pages > 0 && pages % STRIPE_PAGES == 0) {
      endStripe(GROUPS, BlockFormat.PAGE_BYTES);
    }
    add(sums[(int) (pages % GROUPS)], bytes, from, length);
    pages++;
  }

  /// Adds a page to a sum of pages.
  static void add(byte[] sum, byte[] bytes, int from, int length) {
    int words = length & -Long.BYTES;
    for (int i = 0; i < words; i += Long.BYTES) {
      LONG.set(sum, i, (long) LONG.get(sum, i) ^ (long) LONG.get(bytes, from + i));
    }
    for (int i = words; i < length; i++) {
      sum[i] ^= bytes[from + i];
    }
  }

  private void endStripe(int groups, int pageBytes) {
    for (int group = 0; group < GROUPS; group++) {
      if (group >= groups) {
        add(sums[group % groups], sums[group], 0, BlockFormat.PAGE_BYTES);
      }
    }
    for (int group = 0; group < groups; group++) {
      stripes.putBytes(sums[group], 0, pageBytes);
    }
    for (byte[] sum : sums) {
      Arrays.fill(sum, (byte) 0);
    }
  }

  /// The parity of all pages, which have so many bytes together.
  ByteSink finish(long bytes) {
    endStripe(groups(pages), pageBytes(bytes));
    return stripes;
  }

  /// How many groups there are in a stripe.
  static int groups(long pages) {
    if (pages >= STRIPE_PAGES) {
      return GROUPS;
    }
    int groups = 1;
    while ((long) groups * PAGES_A_GROUP < pages) {
      groups *= 2;
    }
    return groups;
  }

  /// How long a page of parity is: shorter than others where there is but one page and that is.
  static int pageBytes(long bytes) {
    return (int) Math.min(bytes, BlockFormat.PAGE_BYTES);
  }

  /// How much parity so many bytes of pages have.
  static long bytes(long bytes) {
    long pages = (bytes + BlockFormat.PAGE_BYTES - 1) / BlockFormat.PAGE_BYTES;
    long stripes = (pages + STRIPE_PAGES - 1) / STRIPE_PAGES;
    return stripes * groups(pages) * pageBytes(bytes);
  }

  /// Which page of parity a page belongs to.
  static long place(long page, long pages) {
    int groups = groups(pages);
    return page / STRIPE_PAGES * groups + page % groups;
  }

  /// The first page of a page's group.
  static long firstOfGroup(long page, long pages) {
    return page / STRIPE_PAGES * STRIPE_PAGES + page % groups(pages);
  }

  /// The page behind the last of a page's group.
  static long endOfGroup(long page, long pages) {
    return Math.min(pages, (page / STRIPE_PAGES + 1) * STRIPE_PAGES);
  }
}
