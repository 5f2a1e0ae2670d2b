package barograph.ingest.host;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.LinePage.Line;
import barograph.ingest.exposition.TextPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HostMetricsTest {
  @TempDir Path proc;

  @Test
  void writesWhatTheKernelTellsUnderTheUsualNames() throws IOException, BadPageException {
    file("meminfo", "MemTotal:       1000 kB\nActive(anon):  3 kB\nHugePages_Total:       7\n");
    file(
        "stat",
        "cpu  1 2 3\nintr 99 0 0\nctxt 12345\nprocesses 44\nprocs_running 2\nprocs_blocked 1\n");
    file(
        "diskstats",
        """
           7       0 loop0 1 1 1 1 1 1 1 1 1 1 1
         254       0 vda 10 1 20 3000 40 5 60 7000 2 9000 10000 0 0 0 0
         254       1 vda1 1 1 1 1 1 1 1 1 1 1 1
        """);
    file(
        "net/dev",
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs
            lo: 74081862   68936    0    0    0     0          0         0 74081863   68937    0    0    0     0       0          0
          eth0:80 23444    0    0    0     0          0         0  1707572   16849    0    0    0     0       0          0
        """);
    file("vmstat", "pgfault 17\nnr_free_pages 3\n");
    file("pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\n");
    file("sys/fs/file-nr", "1024\t0\t9999\n");

    assertThat(samples(new HostMetrics(proc, proc.resolve("none")).page()))
        .containsEntry("node_memory_MemTotal_bytes", 1024000.0)
        .containsEntry("node_memory_Active_anon_bytes", 3072.0)
        .containsEntry("node_memory_HugePages_Total", 7.0)
        .containsEntry("node_intr_total", 99.0)
        .containsEntry("node_context_switches_total", 12345.0)
        .containsEntry("node_forks_total", 44.0)
        .containsEntry("node_procs_running", 2.0)
        .containsEntry("node_procs_blocked", 1.0)
        .containsEntry("node_disk_reads_completed_total{device=vda}", 10.0)
        .containsEntry("node_disk_read_bytes_total{device=vda}", 10240.0)
        .containsEntry("node_disk_written_bytes_total{device=vda}", 30720.0)
        .containsEntry("node_disk_io_time_seconds_total{device=vda}", 9.0)
        .doesNotContainKey("node_disk_reads_completed_total{device=vda1}")
        .doesNotContainKey("node_disk_reads_completed_total{device=loop0}")
        .containsEntry("node_network_receive_bytes_total{device=lo}", 74081862.0)
        .containsEntry("node_network_transmit_packets_total{device=lo}", 68937.0)
        .containsEntry("node_network_receive_bytes_total{device=eth0}", 80.0)
        .containsEntry("node_vmstat_pgfault", 17.0)
        .containsEntry("node_pressure_cpu_waiting_seconds_total", 1.5)
        .containsEntry("node_filefd_allocated", 1024.0)
        .containsEntry("node_filefd_maximum", 9999.0)
        .containsKey("node_time_seconds");
  }

  @Test
  void leavesOutWhatCannotBeRead() throws IOException, BadPageException {
    file("meminfo", "MemTotal: lots kB\n");
    assertThat(samples(new HostMetrics(proc, proc.resolve("none")).page()))
        .containsOnlyKeys("node_time_seconds");
  }

  @Test
  void showsMountedFilesystems() throws IOException, BadPageException {
    String point = proc.toRealPath().toString();
    file(
        "mounts",
        "/dev/x\\0401 %s ext4 ro,relatime 0 0\nproc /proc proc rw 0 0\n".formatted(point));
    String labels = "{device=/dev/x 1,fstype=ext4,mountpoint=" + point + "}";
    Map<String, Double> samples = samples(new HostMetrics(proc, proc.resolve("mounts")).page());
    assertThat(samples)
        .containsEntry("node_filesystem_readonly" + labels, 1.0)
        .containsEntry(
            "node_filesystem_size_bytes" + labels,
            (double) Files.getFileStore(proc).getTotalSpace());
    assertThat(samples.keySet()).noneMatch(name -> name.contains("fstype=proc"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void describesThisMachine() throws BadPageException {
    var metrics = new HostMetrics();
    metrics.awaitSystem();
    Map<String, Double> samples = samples(metrics.page());
    assertThat(samples)
        .containsKeys(
            "node_cpu_seconds_total{cpu=0,mode=idle}",
            "node_cpu_seconds_total{cpu=0,mode=user}",
            "node_load1",
            "node_load15",
            "node_memory_MemAvailable_bytes",
            "node_filefd_maximum",
            "node_boot_time_seconds");
    assertThat(samples.keySet()).anyMatch(name -> name.startsWith("node_uname_info{"));
    assertThat(samples.get("node_cpu_seconds_total{cpu=0,mode=idle}")).isPositive();
    assertThat(samples.get("node_boot_time_seconds")).isLessThan(samples.get("node_time_seconds"));
  }

  private void file(String name, String text) throws IOException {
    Path path = proc.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /// The samples of a page, which must be a good one, each name once.
  private static Map<String, Double> samples(byte[] bytes) throws BadPageException {
    var page = new TextPage();
    page.reset(bytes, bytes.length);
    var samples = new TreeMap<String, Double>();
    for (Line line = page.next(); line != Line.END; line = page.next()) {
      if (line == Line.SERIES) {
        var name = new StringBuilder(page.subject());
        for (int i = 0; i < page.labels(); i++) {
          name.append(i == 0 ? "{" : ",").append(page.labelName(i)).append('=');
          name.append(page.labelValue(i));
        }
        name.append(page.labels() > 0 ? "}" : "");
        page.readValue();
        assertThat(samples.put(name.toString(), page.value())).as(name.toString()).isNull();
      }
    }
    return samples;
  }
}
