package barograph.ingest.fuzz;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.FamilyPage;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.exposition.LinePage;
import barograph.ingest.exposition.OpenMetricsPage;
import barograph.ingest.exposition.TextPage;
import barograph.ingest.otlp.OtlpReceiver;
import barograph.ingest.otlp.OtlpSettings;
import barograph.ingest.push.LineReceiver;
import barograph.ingest.pushed.PushAnswer;
import barograph.ingest.pushed.PushLimits;
import barograph.ingest.pushed.PushedWrites;
import barograph.ingest.remoteread.AnswerKind;
import barograph.ingest.remoteread.AnswerReader;
import barograph.ingest.remoteread.ReadAnswer;
import barograph.ingest.remoteread.ReadRequest;
import barograph.ingest.remoteread.ReadSeries;
import barograph.ingest.remotewrite.RemoteWrite;
import barograph.ingest.unpack.Encoding;
import barograph.ingest.unpack.PlainBody;
import barograph.ingest.unpack.SnappyWriter;
import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.ingest.wire.ProtoWriter;
import barograph.ingest.wire.WireWriter;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.SampleColumns;
import barograph.storage.testkit.NaiveStore;
import barograph.storage.testkit.RandomHistograms;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

/// A reader of a stranger's bytes, which must bear any: it takes them or refuses them as it
/// declares, and does nothing else.
enum Parser {
  SNAPPY {
    @Override
    List<byte[]> seeds() {
      return List.of(SnappyWriter.literals(LINES), SnappyWriter.literals(new byte[100]));
    }

    @Override
    void read(byte[] input) {
      unpack(Encoding.SNAPPY, input);
    }
  },
  ZSTD {
    @Override
    List<byte[]> seeds() {
      return List.of(Zstd.compress(LINES), Zstd.compress(new byte[100_000]));
    }

    @Override
    void read(byte[] input) {
      unpack(Encoding.ZSTD, input);
    }
  },
  GZIP {
    @Override
    List<byte[]> seeds() {
      return List.of(gzip(LINES), gzip(new byte[100_000]));
    }

    @Override
    void read(byte[] input) {
      unpack(Encoding.GZIP, input);
    }
  },
  REMOTE_WRITE_1 {
    @Override
    List<byte[]> seeds() {
      var sample = new ProtoWriter().number(1, 1.5).varint(2, TIME);
      var series =
          new ProtoWriter()
              .message(1, new ProtoWriter().text(1, "__name__").text(2, "up"))
              .message(1, new ProtoWriter().text(1, "job").text(2, "a"))
              .message(2, sample)
              .message(3, new ProtoWriter().number(2, 1).varint(3, TIME))
              .message(4, histogram());
      var metadata = new ProtoWriter().varint(1, 1).text(2, "up").text(4, "Help.");
      return List.of(new ProtoWriter().message(1, series).message(3, metadata).toBytes());
    }

    @Override
    void read(byte[] input) {
      remoteWrite("application/x-protobuf", input);
    }
  },
  READ_REQUEST {
    @Override
    List<byte[]> seeds() {
      var query =
          new ReadRequest.Query(
              TIME,
              TIME + 1,
              List.of(
                  Matcher.equal("__name__", "up"),
                  new Matcher(Matcher.Type.NOT_REGEX, "job", "a|b.+")));
      return List.of(new ReadRequest(List.of(query), List.of(1L, 0L)).toBytes());
    }

    @Override
    void read(byte[] input) {
      try {
        touch(ReadRequest.read(input, input.length).answerKind() + "");
      } catch (MalformedMessageException | IllegalArgumentException refused) {
        touch(String.valueOf(refused.getMessage()));
      }
    }
  },
  READ_SAMPLES {
    @Override
    List<byte[]> seeds() {
      return List.of(answer(AnswerKind.SAMPLES));
    }

    @Override
    void read(byte[] input) {
      try {
        byte[] packed = SnappyWriter.literals(input);
        count(AnswerReader.samples(packed, MOST_BYTES, Allowance.UNLIMITED));
      } catch (MalformedMessageException | UnpackException refused) {
        touch(String.valueOf(refused.getMessage()));
      }
    }
  },
  READ_CHUNKS {
    @Override
    List<byte[]> seeds() {
      return List.of(answer(AnswerKind.STREAMED_XOR_CHUNKS));
    }

    @Override
    void read(byte[] input) {
      var checksum = new CRC32C();
      checksum.update(input);
      var frame = new WireWriter().raw(input.length);
      var number = ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array();
      frame.append(number, 4).append(input, input.length);
      try {
        count(AnswerReader.chunks(frame.copy(), MOST_BYTES, Allowance.UNLIMITED));
      } catch (MalformedMessageException refused) {
        touch(String.valueOf(refused.getMessage()));
      }
    }
  },
  REMOTE_WRITE_2 {
    @Override
    List<byte[]> seeds() {
      var series =
          new ProtoWriter()
              .packedVarints(1, 1, 2, 3, 4)
              .message(2, new ProtoWriter().number(1, 1.5).varint(2, TIME))
              .message(3, histogram())
              .message(4, new ProtoWriter().packedVarints(1, 3, 4).number(2, 1).varint(3, TIME))
              .message(5, new ProtoWriter().varint(1, 1).varint(3, 4).varint(4, 0));
      var request = new ProtoWriter();
      for (String symbol : List.of("", "__name__", "up", "job", "a")) {
        request.text(4, symbol);
      }
      return List.of(request.message(5, series).toBytes());
    }

    @Override
    void read(byte[] input) {
      remoteWrite("application/x-protobuf;proto=io.prometheus.write.v2.Request", input);
    }
  },
  OTLP {
    @Override
    List<byte[]> seeds() {
      var point = new ProtoWriter().fixed64(3, TIME * 1_000_000).number(4, 1.5);
      var gauge = new ProtoWriter().text(1, "g").message(5, new ProtoWriter().message(1, point));
      var buckets = new ProtoWriter().zigzag(1, -1).packedVarints(2, 1, 2, 3);
      var exponential =
          new ProtoWriter()
              .fixed64(3, TIME * 1_000_000)
              .fixed64(4, 6)
              .number(5, 2.5)
              .zigzag(6, 3)
              .message(8, buckets);
      var histogram =
          new ProtoWriter()
              .text(1, "h")
              .message(10, new ProtoWriter().message(1, exponential).varint(2, 2));
      var scope = new ProtoWriter().message(2, gauge).message(2, histogram);
      return List.of(new ProtoWriter().message(1, new ProtoWriter().message(2, scope)).toBytes());
    }

    @Override
    void read(byte[] input) {
      otlp("application/x-protobuf", input);
    }
  },
  OTLP_JSON {
    @Override
    List<byte[]> seeds() {
      return List.of(
          utf8(
              """
              {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":
              {"stringValue":"a"}}]},"scopeMetrics":[{"metrics":[{"name":"g","gauge":{"dataPoints":
              [{"timeUnixNano":"1700000000000000000","asDouble":1.5}]}}]}]}]}
              """));
    }

    @Override
    void read(byte[] input) {
      otlp("application/json", input);
    }
  },
  INFLUX {
    @Override
    List<byte[]> seeds() {
      return List.of(
          utf8(
              "cpu,host=a\\ b,region=x usage=1.5,idle=2i,up=t,text=\"a\\\"b\" 1700000000000000000\n"),
          utf8("# remark\nm f=1\n"));
    }

    @Override
    void read(byte[] input) {
      answered(
          lines().acceptInflux("identity", "", "db", ByteBuffer.wrap(input), Duration.ZERO).join());
    }
  },
  JSON_LINES {
    @Override
    List<byte[]> seeds() {
      return List.of(
          utf8(
              """
              {"metric":{"__name__":"up","job":"a"},"values":[1,0.5,null],"timestamps":[1,2,3]}
              {"metric":{"__name__":"m"},"values":[1e300],"timestamps":[1700000000000]}
              """));
    }

    @Override
    void read(byte[] input) {
      answered(lines().acceptJson("identity", ByteBuffer.wrap(input)).join());
    }
  },
  TEXT {
    @Override
    List<byte[]> seeds() {
      return List.of(LINES);
    }

    @Override
    void read(byte[] input) {
      page(new TextPage(), input);
    }
  },
  OPEN_METRICS {
    @Override
    List<byte[]> seeds() {
      return List.of(
          utf8(
              """
              # TYPE a counter
              # UNIT a seconds
              # HELP a What \\"it\\" is.
              a_total{b="c",\"d.e\"="f\\n"} 1.5 1700000000.5 # {trace_id="x"} 0.5 1700000000
              # EOF
              """));
    }

    @Override
    void read(byte[] input) {
      page(new OpenMetricsPage(), input);
    }
  },
  PROTOBUF {
    @Override
    List<byte[]> seeds() {
      var label = new ProtoWriter().text(1, "l").text(2, "v");
      var counter =
          new ProtoWriter()
              .message(1, label)
              .message(3, new ProtoWriter().number(1, 2.5))
              .varint(6, TIME);
      var span = new ProtoWriter().zigzag(1, -2).varint(2, 2);
      var histogram =
          new ProtoWriter()
              .varint(1, 3)
              .number(2, 4.5)
              .zigzag(5, 3)
              .number(6, 1e-9)
              .varint(7, 0)
              .message(12, span)
              .packedZigzag(13, 1, 1);
      return List.of(
          new ProtoWriter()
              .delimited(
                  new ProtoWriter().text(1, "c").text(2, "Help").varint(3, 0).message(4, counter))
              .delimited(
                  new ProtoWriter()
                      .text(1, "h")
                      .varint(3, 4)
                      .message(4, new ProtoWriter().message(7, histogram)))
              .toBytes());
    }

    @Override
    void read(byte[] input) {
      var page = new FamilyPage(new HistogramWishes(true, false, true, 0, 0));
      page.reset(input, input.length);
      try {
        while (true) {
          switch (page.next()) {
            case END -> {
              return;
            }
            case FAMILY -> touch(page.family() + page.help() + page.unit() + page.type());
            case SERIES -> {
              for (int i = 0; i < page.labels(); i++) {
                touch(page.labelName(i) + page.labelValue(i));
              }
              touch(page.value() + " " + page.histogram() + page.exemplars());
            }
          }
        }
      } catch (BadPageException refused) {
        touch(String.valueOf(refused.getMessage()));
      }
    }
  };

  static final long TIME = 1_700_000_000_000L;
  private static final int MOST_BYTES = 1 << 20;
  private static final PushLimits LIMITS = new PushLimits(MOST_BYTES, 64, 1024, 4096, 1000);
  private static final byte[] LINES =
      utf8(
          """
          # HELP a_total What\\n it is.
          # TYPE a_total counter
          a_total{b="c",d="\\"e\\\\"} 1.5 1700000000000
          a_total NaN
          x 0x1p-3
          """);

  /// Inputs as they should be.
  abstract List<byte[]> seeds();

  /// Reads any bytes.
  ///
  /// @throws RuntimeException or an error only if it is at fault
  abstract void read(byte[] input);

  /// A message of one series with floats and histograms, neither packed nor framed.
  private static byte[] answer(AnswerKind kind) {
    var samples = new SampleColumns();
    var histograms = new RandomHistograms(new Random(1));
    for (int i = 0; i < 20; i++) {
      samples.add(TIME + 1000L * i, i * 0.5);
      samples.histograms().add(TIME + 30_000 + 1000L * i, histograms.next());
    }
    var answer = ReadAnswer.of(kind, 1 << 20);
    answer.beginQuery();
    answer.series(Labels.of("__name__", "up", "job", "a"), samples);
    answer.endQuery();
    var body = answer.body();
    var bytes = new byte[body.remaining()];
    body.get(bytes);
    if (kind == AnswerKind.SAMPLES) {
      try {
        var plain = new PlainBody();
        plain.unpack(Encoding.SNAPPY, bytes, 0, bytes.length, MOST_BYTES);
        return Arrays.copyOf(plain.bytes(), plain.length());
      } catch (UnpackException e) {
        throw new AssertionError(e);
      }
    }
    // Two bytes of length and four of checksum come first.
    return Arrays.copyOfRange(bytes, 6, bytes.length);
  }

  private static void count(List<ReadSeries> found) {
    found.forEach(series -> touch(series.labels().toString()));
  }

  static PushedWrites writes() {
    return new PushedWrites(new NaiveStore(), LIMITS);
  }

  static LineReceiver lines() {
    return new LineReceiver(writes(), InstantSource.fixed(Instant.ofEpochMilli(TIME)));
  }

  private static void remoteWrite(String type, byte[] input) {
    var packed = ByteBuffer.wrap(SnappyWriter.literals(input));
    answered(new RemoteWrite(writes()).accept(type, "snappy", packed).join());
  }

  private static void otlp(String type, byte[] input) {
    var receiver = new OtlpReceiver(writes(), OtlpSettings.DEFAULT);
    answered(receiver.accept(type, "identity", ByteBuffer.wrap(input)).join());
  }

  /// Any answer but that the server is at fault.
  private static void answered(PushAnswer answer) {
    if (answer.status() / 100 != 2 && answer.status() / 100 != 4) {
      throw new AssertionError("answered %s, expected 2xx or 4xx".formatted(answer));
    }
  }

  private static void unpack(Encoding encoding, byte[] input) {
    try {
      var body = new PlainBody();
      body.unpack(encoding, input, 0, input.length, MOST_BYTES);
      if (body.length() > MOST_BYTES) {
        throw new AssertionError("unpacked to %d bytes".formatted(body.length()));
      }
    } catch (UnpackException refused) {
      touch(String.valueOf(refused.getMessage()));
    }
  }

  /// Reads a page as it is handed over: with a line feed at its end.
  private static void page(LinePage page, byte[] input) {
    byte[] whole = Arrays.copyOf(input, input.length + 1);
    whole[input.length] = '\n';
    page.reset(whole, whole.length);
    try {
      while (true) {
        switch (page.next()) {
          case END -> {
            return;
          }
          case COMMENT -> {}
          case HELP, TYPE, UNIT -> touch(page.subject() + page.remark());
          case SERIES -> {
            touch(page.subject());
            for (int i = 0; i < page.labels(); i++) {
              touch(page.labelName(i) + page.labelValue(i));
            }
            page.readValue();
            touch(page.hasExemplar() ? page.exemplar().toString() : "");
          }
        }
      }
    } catch (BadPageException refused) {
      touch(String.valueOf(refused.getMessage()));
    }
  }

  /// What was read is no more than there was.
  private static void touch(String text) {
    if (text.length() > MOST_BYTES) {
      throw new AssertionError("read %d characters".formatted(text.length()));
    }
  }

  static ProtoWriter histogram() {
    return new ProtoWriter()
        .varint(1, 3)
        .number(3, 4.5)
        .zigzag(4, 3)
        .number(5, 1e-9)
        .varint(6, 0)
        .message(11, new ProtoWriter().zigzag(1, -2).varint(2, 2))
        .packedZigzag(12, 1, 1)
        .varint(15, TIME + 1);
  }

  static byte[] gzip(byte[] plain) {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(plain);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return packed.toByteArray();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
