package barograph.ingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.ingest.discovery.DiscoveryConfig.Dns.RecordType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The JDK's client of the domain name system, against a server that knows one name.
class SystemDnsTest {
  private static final String KNOWN = "_metrics._tcp.lan";

  @TempDir private Path folder;
  private DatagramSocket server;
  private volatile boolean failing;

  @BeforeEach
  void start() throws IOException {
    server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void serve() {
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[512], 512);
        server.receive(packet);
        byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
        server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  /// RFC 1035, 4.1: the question again, and two SRV records (RFC 2782) if the name is known.
  private byte[] answer(byte[] query) {
    int end = 12;
    var name = new StringBuilder();
    while (query[end] != 0) {
      name.append(new String(query, end + 1, query[end], StandardCharsets.US_ASCII)).append('.');
      end += query[end] + 1;
    }
    end += 5;
    boolean known = name.toString().equals(KNOWN + ".");
    var out = new ByteArrayOutputStream();
    int code = failing ? 2 : known ? 0 : 3;
    var head = ByteBuffer.allocate(12).put(query, 0, 2).put((byte) 0x81).put((byte) (0x80 | code));
    head.putShort((short) 1).putShort((short) (code == 0 ? 2 : 0));
    out.writeBytes(head.array());
    out.write(query, 12, end - 12);
    for (int i = 1; code == 0 && i <= 2; i++) {
      byte[] host = {2, 'h', (byte) ('0' + i), 3, 'l', 'a', 'n', 0};
      var record = ByteBuffer.allocate(18 + host.length);
      record.putShort((short) 0xc00c).putShort((short) 33).putShort((short) 1).putInt(60);
      record.putShort((short) (6 + host.length)).putShort((short) 10).putShort((short) 5);
      out.writeBytes(record.putShort((short) (9100 + i)).put(host).array());
    }
    return out.toByteArray();
  }

  private SystemDns dns(String... searched) {
    return new SystemDns("dns://127.0.0.1:" + server.getLocalPort(), List.of(searched));
  }

  @Test
  void recordsAreToldAsText() throws IOException {
    assertThat(dns().of(KNOWN, RecordType.SRV))
        .containsExactlyInAnyOrder("10 5 9101 h1.lan.", "10 5 9102 h2.lan.");
  }

  @Test
  void aRelativeNameIsLookedForInTheSystemsDomains() throws IOException {
    assertThat(dns("away", "lan").of("_metrics._tcp", RecordType.SRV)).hasSize(2);
    assertThat(dns("away").of("_metrics._tcp", RecordType.SRV)).isEmpty();
    assertThat(dns("lan").of("_metrics._tcp.", RecordType.SRV)).isEmpty();
  }

  @Test
  void aServerThatFailsIsAFailureAndNotAnEmptyAnswer() {
    failing = true;
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> dns().of(KNOWN, RecordType.SRV));
  }

  @Test
  void domainsAreThoseOfTheResolversFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("resolv.conf"), "nameserver 10.0.0.1\nsearch a.lan b.lan\noptions x\n");
    assertThat(SystemDns.searchList(file)).containsExactly("a.lan", "b.lan");
    assertThat(SystemDns.searchList(folder.resolve("none"))).isEmpty();
  }
}
