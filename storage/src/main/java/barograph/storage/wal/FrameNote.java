package barograph.storage.wal;

import static barograph.storage.wal.LogFormat.unzigzag;
import static barograph.storage.wal.LogFormat.zigzag;

/// What a frame says of itself and of those before it, so that the loss of some of them can be told
/// in samples, series and time by the next one that is intact.
///
/// @param samplesBefore samples in the segment before this frame
/// @param samples samples in this frame
/// @param last what the frame before holds
/// @param recent what the [#RECENT] frames before hold, if fewer are in the segment all of them
record FrameNote(long samplesBefore, long samples, Contents last, Contents recent) {
  /// As many frames are described together.
  static final int RECENT = 16;

  /// More than a note takes.
  static final int MOST_BYTES = 80;

  /// What the note of a segment's first frame says of those before it.
  static final FrameNote NOTHING = new FrameNote(0, 0, Contents.NONE, Contents.NONE);

  /// What was lost with `frames` frames before this one, if `counted` samples of the segment were
  /// found before them.
  ///
  /// @param segment what the whole segment holds
  Contents lost(int frames, long counted, Contents segment) {
    long count = Math.max(0, samplesBefore - counted);
    if (count == 0) {
      return Contents.NONE;
    }
    Contents bounds = frames == 1 ? last : frames <= RECENT ? recent : segment;
    return new Contents(
        count, Math.min(count, bounds.series()), bounds.minMillis(), bounds.maxMillis());
  }

  /// Writes the note at `at` and answers where it ends; its flags go into the codec's byte.
  int write(byte[] into, int at, long baseMillis) {
    int end = put(into, at, samplesBefore);
    end = put(into, end, samples);
    if (last.samples() > 0) {
      end = put(into, end, last, baseMillis);
    }
    if (recent.samples() > 0) {
      end = put(into, end, recent, baseMillis);
    }
    return end;
  }

  /// Which of the optional parts there are.
  int flags() {
    return (last.samples() > 0 ? LogFormat.NOTE_LAST : 0)
        | (recent.samples() > 0 ? LogFormat.NOTE_RECENT : 0);
  }

  private static int put(byte[] into, int at, Contents contents, long baseMillis) {
    int end = put(into, at, contents.samples());
    end = put(into, end, contents.series());
    end = put(into, end, zigzag(contents.minMillis() - baseMillis));
    return put(into, end, contents.maxMillis() - contents.minMillis());
  }

  private static int put(byte[] into, int at, long value) {
    int end = at;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      into[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    into[end++] = (byte) rest;
    return end;
  }

  /// Reads notes.
  static final class Reader {
    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    /// The note at `from`, which ends before `end`.
    FrameNote read(byte[] from, int start, int limit, int flags, long baseMillis)
        throws CorruptLogException {
      bytes = from;
      at = start;
      end = limit;
      long before = number();
      long own = number();
      Contents last = (flags & LogFormat.NOTE_LAST) != 0 ? contents(baseMillis) : Contents.NONE;
      Contents recent = (flags & LogFormat.NOTE_RECENT) != 0 ? contents(baseMillis) : Contents.NONE;
      return new FrameNote(before, own, last, recent);
    }

    /// Where the note that was read ended.
    int end() {
      return at;
    }

    private Contents contents(long baseMillis) throws CorruptLogException {
      long samples = number();
      long series = number();
      long min = baseMillis + unzigzag(number());
      return new Contents(samples, series, min, min + number());
    }

    private long number() throws CorruptLogException {
      long value = 0;
      for (int shift = 0; shift < Long.SIZE && at < end; shift += 7) {
        byte octet = bytes[at++];
        value |= (octet & 0x7fL) << shift;
        if (octet >= 0) {
          return value;
        }
      }
      throw new CorruptLogException("the frame's note breaks off");
    }
  }
}
