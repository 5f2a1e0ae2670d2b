package barograph.storage.wal;

/// What the frames of a segment that is being written hold, for the notes of those to come.
final class FrameHistory {
  private final Contents[] recent = new Contents[FrameNote.RECENT];
  private int frames;
  private Contents segment = Contents.NONE;

  void clear() {
    frames = 0;
    segment = Contents.NONE;
  }

  /// The note of the next frame.
  FrameNote note(Contents frame) {
    Contents last = frames == 0 ? Contents.NONE : recent[(frames - 1) % recent.length];
    return new FrameNote(segment.samples(), frame.samples(), last, recent());
  }

  Contents recent() {
    Contents all = Contents.NONE;
    for (int i = Math.max(0, frames - recent.length); i < frames; i++) {
      all = all.plus(recent[i % recent.length]);
    }
    return all;
  }

  void add(Contents frame) {
    recent[frames++ % recent.length] = frame;
    segment = segment.plus(frame);
  }

  /// What the segment holds so far.
  Contents segment() {
    return segment;
  }

  int frames() {
    return frames;
  }
}
