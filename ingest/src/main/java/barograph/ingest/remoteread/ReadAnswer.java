package barograph.ingest.remoteread;

import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import java.nio.ByteBuffer;

/// An answer to a [ReadRequest] while it is written: query by query, series by series. One thread
/// at a time.
public sealed interface ReadAnswer permits SamplesAnswer, ChunkedAnswer {
  /// Where a frame of [AnswerKind#STREAMED_XOR_CHUNKS] ends, unless somebody says otherwise.
  int USUAL_FRAME_BYTES = 1 << 20;

  /// An empty answer.
  ///
  /// @param frameBytes how long a message of those that come in several is, about
  static ReadAnswer of(AnswerKind kind, int frameBytes) {
    return switch (kind) {
      case SAMPLES -> new SamplesAnswer();
      case STREAMED_XOR_CHUNKS -> new ChunkedAnswer(frameBytes);
    };
  }

  AnswerKind kind();

  /// Begins the answer to the next query.
  void beginQuery();

  /// Adds a series with its samples.
  void series(Labels labels, SampleColumns samples);

  /// Ends the answer to the query.
  void endQuery();

  /// How long it is so far, not packed yet.
  long size();

  /// All of it, as it goes out.
  ByteBuffer body();
}
