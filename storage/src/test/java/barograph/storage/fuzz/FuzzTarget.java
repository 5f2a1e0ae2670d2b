package barograph.storage.fuzz;

import barograph.storage.SteppedStore;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import barograph.storage.block.Block;
import barograph.storage.block.CorruptBlockException;
import barograph.storage.chunk.ByteSink;
import barograph.storage.chunk.ChunkDecoder;
import barograph.storage.chunk.ChunkEncoder;
import barograph.storage.chunk.CorruptChunkException;
import barograph.storage.chunk.HistogramDecoder;
import barograph.storage.chunk.IntColumnDecoder;
import barograph.storage.disk.UnknownFormatException;
import barograph.storage.head.CorruptHeadException;
import barograph.storage.head.Head;
import barograph.storage.journal.Journal;
import barograph.storage.model.Allowance;
import barograph.storage.model.HistogramColumns;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import barograph.storage.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A reader of stored bytes, which must bear any: it may refuse them by the exceptions that it
/// declares, and by no other, in little time and with little memory.
enum FuzzTarget {
  CHUNK {
    @Override
    List<byte[]> seeds() {
      var seeds = new ArrayList<byte[]>();
      var random = new Random(1);
      for (int count : new int[] {1, 7, 120, 300, 1024}) {
        for (int shape = 0; shape < 6; shape++) {
          seeds.add(chunk(count, shape, random));
        }
      }
      return seeds;
    }

    @Override
    byte[] repair(byte[] bytes) {
      return bytes;
    }

    @Override
    long read(byte[] bytes) {
      if (bytes.length < 2) {
        return 0;
      }
      int count = ((bytes[0] & 0xff) << 3) | (bytes[1] & 7);
      try {
        new ChunkDecoder()
            .decode(bytes, 2, bytes.length - 2, count, new double[ChunkEncoder.MAX_SAMPLES], 0);
      } catch (CorruptChunkException refused) {
        // As declared.
      }
      return 0;
    }
  },

  COLUMN {
    @Override
    List<byte[]> seeds() {
      return CHUNK.seeds();
    }

    @Override
    byte[] repair(byte[] bytes) {
      return bytes;
    }

    @Override
    long read(byte[] bytes) {
      if (bytes.length < 2) {
        return 0;
      }
      int count = 1 + (((bytes[0] & 0xff) << 2) | (bytes[1] & 3));
      try {
        new IntColumnDecoder().decode(bytes, 2, bytes.length - 2, count, new long[2048], 0);
      } catch (CorruptChunkException refused) {
        // As declared.
      }
      return 0;
    }
  },

  HISTOGRAMS {
    @Override
    List<byte[]> seeds() {
      return CHUNK.seeds();
    }

    @Override
    byte[] repair(byte[] bytes) {
      return bytes;
    }

    @Override
    long read(byte[] bytes) {
      if (bytes.length < 2) {
        return 0;
      }
      int count = 1 + (bytes[0] & 0xff);
      try {
        new HistogramDecoder()
            .decode(bytes, 1, bytes.length - 1, count, TimeRange.ALL, new HistogramColumns());
      } catch (CorruptChunkException refused) {
        // As declared.
      }
      return 0;
    }
  },

  LOG {
    @Override
    List<byte[]> seeds() {
      // Not the mebibyte of zeros at the end.
      return SampleFolder.files("wal").stream()
          .map(bytes -> Arrays.copyOf(bytes, Math.min(bytes.length, 1 << 15)))
          .toList();
    }

    @Override
    byte[] repair(byte[] bytes) {
      return Repairs.log(bytes);
    }

    @Override
    long read(byte[] bytes) throws IOException {
      var files = Map.of(Path.of("/data/wal/%016x".formatted(1)), bytes);
      try (var store =
          SteppedStore.open(
              StoreOptions.in(Path.of("/data")),
              diskWith(files),
              InstantSource.fixed(SampleFolder.NOW),
              StoreWatcher.NONE)) {
        var samples = new SampleColumns();
        try (var selection = store.store().reader().select(List.of(), TimeRange.ALL)) {
          for (int i = 0; i < selection.size(); i++) {
            selection.read(i, TimeRange.ALL, samples.clear());
          }
        }
      } catch (UnknownFormatException refused) {
        // As declared.
      }
      return 0;
    }
  },

  BLOCK {
    @Override
    List<byte[]> seeds() {
      return SampleFolder.files("blocks");
    }

    @Override
    byte[] repair(byte[] bytes) {
      return Repairs.block(bytes);
    }

    @Override
    long read(byte[] bytes) throws IOException {
      Path folder = Path.of("/data/blocks/01J00000000000000000000000");
      var disk = diskWith(Map.of(folder.resolve("block.bg"), bytes));
      long samples = 0;
      try (var block = Block.open(disk, folder)) {
        for (int series = 0; series < block.seriesCount() && samples < ENOUGH; series++) {
          samples += readSeries(block, series);
        }
        for (String name : block.index().names()) {
          for (String value : block.index().values(name)) {
            block.find(List.of(Matcher.equal(name, value)), Allowance.UNLIMITED).close();
          }
        }
        block.find(List.of(), Allowance.UNLIMITED).close();
      } catch (CorruptBlockException refused) {
        // As declared.
      }
      return samples;
    }

    // Reads a series, which does not keep from the next if it is damaged; tells how much that was.
    private long readSeries(Block block, int series) {
      var samples = new SampleColumns();
      long thinned = 0;
      try {
        block.labels(series);
        block.readThinned(series, TimeRange.ALL, (first, last) -> true, samples);
        thinned = samples.size();
        block.read(series, TimeRange.ALL, samples.clear());
      } catch (CorruptBlockException refused) {
        // As declared.
      }
      return 1 + thinned + samples.size();
    }
  },

  JOURNAL {
    @Override
    List<byte[]> seeds() {
      return List.of(SampleFolder.journal(0), SampleFolder.journal(1), SampleFolder.journal(40));
    }

    @Override
    byte[] repair(byte[] bytes) {
      return Repairs.journal(bytes);
    }

    @Override
    long read(byte[] bytes) throws IOException {
      var disk = diskWith(Map.of(SampleFolder.JOURNAL, bytes));
      try (var journal =
          Journal.open(disk, SampleFolder.JOURNAL.getParent(), SampleFolder.NAME, record -> {})) {
        journal.damages();
      } catch (UnknownFormatException refused) {
        // As declared.
      }
      return 0;
    }
  },

  CHECKPOINT {
    @Override
    List<byte[]> seeds() {
      return SampleFolder.files("head/checkpoint");
    }

    @Override
    byte[] repair(byte[] bytes) {
      return Repairs.checkpoint(bytes);
    }

    @Override
    long read(byte[] bytes) throws IOException {
      var files = SampleFolder.named("head/chunks");
      files.put(SampleFolder.named("head/checkpoint").keySet().iterator().next(), bytes);
      readHead(diskWith(files));
      return 0;
    }
  },

  HEAD_FILE {
    @Override
    List<byte[]> seeds() {
      return SampleFolder.files("head/chunks");
    }

    @Override
    byte[] repair(byte[] bytes) {
      return Repairs.headFile(bytes);
    }

    @Override
    long read(byte[] bytes) throws IOException {
      var files = SampleFolder.named("head/checkpoint");
      files.put(SampleFolder.named("head/chunks").keySet().iterator().next(), bytes);
      readHead(diskWith(files));
      return 0;
    }
  };

  /// Samples after which a file has shown what it can do.
  private static final int ENOUGH = 100_000;

  /// Valid bytes to begin with.
  abstract List<byte[]> seeds();

  /// The same bytes with checksums that are right.
  abstract byte[] repair(byte[] bytes);

  /// Reads all that can be read of `bytes`.
  ///
  /// @return how many samples that were, where a few bytes can be many
  /// @throws IOException only if the disk fails, which it does not
  abstract long read(byte[] bytes) throws IOException;

  private static byte[] chunk(int count, int shape, Random random) {
    var values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (shape) {
            case 0 -> 42;
            case 1 -> i * 15;
            case 2 -> random.nextInt(1000) / 10.0;
            case 3 -> random.nextGaussian();
            case 4 -> i >> 5;
            default -> i % 9 == 0 ? Double.NaN : random.nextInt(1 << (i % 30));
          };
    }
    var sink = new ByteSink(1 << 14);
    sink.putByte(count >> 3);
    sink.putByte(count & 7);
    new ChunkEncoder(shape % 2 == 0).encode(values, 0, count, sink);
    var bytes = new byte[sink.size()];
    System.arraycopy(sink.array(), 0, bytes, 0, bytes.length);
    return bytes;
  }

  private static SimulatedDisk diskWith(Map<Path, byte[]> files) throws IOException {
    var disk = new SimulatedDisk();
    for (var file : files.entrySet()) {
      disk.createFolder(file.getKey().getParent());
      try (var out = disk.create(file.getKey(), 0)) {
        out.write(ByteBuffer.wrap(file.getValue()));
      }
    }
    return disk;
  }

  private static void readHead(SimulatedDisk disk) throws IOException {
    disk.createFolder(Path.of("/data/quarantine"));
    var head = new Head(disk, Path.of("/data/head"), 1);
    head.restore(Path.of("/data/quarantine"));
    var reader = head.reader();
    var columns = new SampleColumns();
    head.select(List.of())
        .forEach((int ref) -> {
          try {
            head.labels(ref);
            reader.read(ref, Long.MIN_VALUE, Long.MAX_VALUE, columns.clear());
          } catch (CorruptHeadException refused) {
            // As declared.
          }
        });
    head.close();
  }
}
