package barograph.storage.fuzz;

import barograph.storage.disk.Checksum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Makes the checksums of a file good again after its bytes were changed, so that what lies behind
/// them is reached. Places that make no sense are left as they are.
final class Repairs {
  private static final int LOG_HEADERS = 1024;
  private static final int LOG_FRAME_HEADER = 13;
  private static final int JOURNAL_HEADER = 16;
  private static final int JOURNAL_RECORD_HEADER = 16;
  private static final int HEAD_FILE_HEADER = 16;
  private static final int CHUNK_HEADER = 48;
  private static final int CHECKPOINT_HEADER = 16;
  private static final int BLOCK_HEADER = 64;
  private static final int BLOCK_PAGE = 1 << 12;
  private static final int CONTENTS_ENTRY = 24;
  private static final int CONTENTS_END = 12;
  private static final int PAGE_CHECKSUMS = 7;

  private Repairs() {}

  static byte[] nothing(byte[] bytes) {
    return bytes;
  }

  private static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The frames of a log segment.
  static byte[] log(byte[] bytes) {
    byte[] repaired = bytes.clone();
    ByteBuffer all = view(repaired);
    int at = LOG_HEADERS;
    while (at + LOG_FRAME_HEADER <= repaired.length) {
      int length = all.getInt(at);
      if (length <= 0 || length > repaired.length - at - LOG_FRAME_HEADER) {
        break;
      }
      all.putInt(at + 4, Checksum.of(repaired, at + 8, length + LOG_FRAME_HEADER - 8));
      at += LOG_FRAME_HEADER + length;
    }
    return repaired;
  }

  /// The records of a journal.
  static byte[] journal(byte[] bytes) {
    byte[] repaired = bytes.clone();
    ByteBuffer all = view(repaired);
    int at = JOURNAL_HEADER;
    while (at + JOURNAL_RECORD_HEADER <= repaired.length) {
      int length = all.getInt(at);
      if (length < 0 || length > repaired.length - at - JOURNAL_RECORD_HEADER) {
        break;
      }
      all.putInt(at + 4, Checksum.of(repaired, at + 8, length + JOURNAL_RECORD_HEADER - 8));
      at += JOURNAL_RECORD_HEADER + length;
    }
    return repaired;
  }

  /// The frames of a checkpoint.
  static byte[] checkpoint(byte[] bytes) {
    byte[] repaired = bytes.clone();
    ByteBuffer all = view(repaired);
    int at = CHECKPOINT_HEADER;
    while (at + 8 <= repaired.length) {
      int length = all.getInt(at);
      if (length <= 0 || length > repaired.length - at - 8) {
        break;
      }
      all.putInt(at + 4, Checksum.of(repaired, at + 8, length));
      at += 8 + length;
    }
    return repaired;
  }

  /// The chunks of a head file.
  static byte[] headFile(byte[] bytes) {
    byte[] repaired = bytes.clone();
    ByteBuffer all = view(repaired);
    int at = HEAD_FILE_HEADER;
    while (at + CHUNK_HEADER <= repaired.length) {
      int length = all.getInt(at + 4);
      if (length < CHUNK_HEADER || length > repaired.length - at) {
        break;
      }
      all.putInt(at, Checksum.of(repaired, at + 4, length - 4));
      at += (length + 7) & ~7;
    }
    return repaired;
  }

  /// A block's header, pages, sections and contents.
  static byte[] block(byte[] bytes) {
    byte[] repaired = bytes.clone();
    if (repaired.length < BLOCK_HEADER + CONTENTS_END) {
      return repaired;
    }
    ByteBuffer all = view(repaired);
    all.putInt(BLOCK_HEADER - 4, Checksum.of(repaired, 0, BLOCK_HEADER - 4));
    int end = repaired.length - CONTENTS_END;
    int sections = all.getInt(end);
    if (sections < 1 || sections > 64 || sections * CONTENTS_ENTRY > end) {
      return repaired;
    }
    int contents = end - sections * CONTENTS_ENTRY;
    repairPages(all, repaired, contents, sections);
    for (int i = 0; i < sections; i++) {
      int entry = contents + i * CONTENTS_ENTRY;
      long offset = all.getLong(entry + 8);
      long length = all.getLong(entry + 16);
      if (offset >= 0 && length >= 0 && offset <= contents - length) {
        all.putInt(entry + 4, Checksum.of(repaired, (int) offset, (int) length));
      }
    }
    all.putInt(end + 4, Checksum.of(repaired, contents, sections * CONTENTS_ENTRY + 4));
    return repaired;
  }

  private static void repairPages(ByteBuffer all, byte[] bytes, int contents, int sections) {
    for (int i = 0; i < sections; i++) {
      int entry = contents + i * CONTENTS_ENTRY;
      long offset = all.getLong(entry + 8);
      long length = all.getLong(entry + 16);
      boolean inside = offset >= 0 && length >= 0 && offset <= contents - length;
      if (all.getShort(entry) != PAGE_CHECKSUMS || !inside) {
        continue;
      }
      for (int page = 0; page * 4L + 4 <= length; page++) {
        int from = page * BLOCK_PAGE;
        int to = (int) Math.min(from + (long) BLOCK_PAGE, offset);
        if (from < to) {
          all.putInt((int) offset + page * 4, Checksum.of(bytes, from, to - from));
        }
      }
    }
  }
}
