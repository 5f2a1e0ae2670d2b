package barograph.ingest.host;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What Linux tells in `/proc`: memory, disks, network, and counts of what the kernel has done.
///
/// Where a file is absent, as on other systems, its metrics are absent too.
final class KernelFigures {
  private static final int PIECE_BYTES = 16 << 10;
  private static final int SECTOR_BYTES = 512;
  private static final double MILLIS = 1000;

  /// Columns of `/proc/diskstats` behind the device's name that are shown: metric, help, scale.
  private static final List<DiskColumn> DISK_COLUMNS =
      List.of(
          new DiskColumn(0, "reads_completed_total", "Reads completed.", 1),
          new DiskColumn(1, "reads_merged_total", "Reads merged.", 1),
          new DiskColumn(2, "read_bytes_total", "Bytes read.", SECTOR_BYTES),
          new DiskColumn(3, "read_time_seconds_total", "Seconds spent by reads.", 1 / MILLIS),
          new DiskColumn(4, "writes_completed_total", "Writes completed.", 1),
          new DiskColumn(5, "writes_merged_total", "Writes merged.", 1),
          new DiskColumn(6, "written_bytes_total", "Bytes written.", SECTOR_BYTES),
          new DiskColumn(7, "write_time_seconds_total", "Seconds spent by writes.", 1 / MILLIS),
          new DiskColumn(8, "io_now", "Operations in progress.", 1),
          new DiskColumn(9, "io_time_seconds_total", "Seconds with operations.", 1 / MILLIS),
          new DiskColumn(
              10,
              "io_time_weighted_seconds_total",
              "Seconds with operations, times their number.",
              1 / MILLIS));

  /// Columns of `/proc/net/dev` by their usual names.
  private static final List<String> NETWORK_COLUMNS =
      List.of(
          "receive_bytes",
          "receive_packets",
          "receive_errs",
          "receive_drop",
          "receive_fifo",
          "receive_frame",
          "receive_compressed",
          "receive_multicast",
          "transmit_bytes",
          "transmit_packets",
          "transmit_errs",
          "transmit_drop",
          "transmit_fifo",
          "transmit_colls",
          "transmit_carrier",
          "transmit_compressed");

  private static final Set<String> VMSTAT =
      Set.of("oom_kill", "pgfault", "pgmajfault", "pgpgin", "pgpgout", "pswpin", "pswpout");

  private record DiskColumn(int index, String name, String help, double scale) {}

  private final Path proc;

  /// @param proc usually `/proc`
  KernelFigures(Path proc) {
    this.proc = proc;
  }

  void write(HostPage page) throws IOException {
    memory(page);
    stat(page);
    disks(page);
    network(page);
    virtualMemory(page);
    pressure(page);
    files(page);
  }

  boolean hasMemory() {
    return Files.exists(proc.resolve("meminfo"));
  }

  /// The lines of a file, none if it is absent. Read in large pieces: some of the kernel's files
  /// give all they have to the first read, however small it is.
  private List<String> lines(String file) throws IOException {
    Path path = proc.resolve(file);
    if (!Files.exists(path)) {
      return List.of();
    }
    try (var in = new FileInputStream(path.toFile())) {
      var bytes = new byte[PIECE_BYTES];
      int filled = 0;
      for (int read = 0; read >= 0; read = in.read(bytes, filled, bytes.length - filled)) {
        filled += read;
        if (bytes.length - filled < PIECE_BYTES / 2) {
          bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
      }
      return new String(bytes, 0, filled, StandardCharsets.UTF_8).lines().toList();
    }
  }

  private void memory(HostPage page) throws IOException {
    for (String line : lines("meminfo")) {
      String[] words = line.trim().split("[:\\s]+", -1);
      boolean bytes = words.length == 3;
      String name =
          "node_memory_" + words[0].replace('(', '_').replace(")", "") + (bytes ? "_bytes" : "");
      page.gauge(name, "Memory information field " + words[0] + ".")
          .sample(Double.parseDouble(words[1]) * (bytes ? 1024 : 1));
    }
  }

  private void stat(HostPage page) throws IOException {
    for (String line : lines("stat")) {
      int space = line.indexOf(' ');
      if (space < 0) {
        continue;
      }
      String rest = line.substring(space + 1);
      switch (line.substring(0, space)) {
        case "ctxt" ->
            page.counter("node_context_switches_total", "Context switches.")
                .sample(Double.parseDouble(rest));
        case "intr" -> {
          int end = rest.indexOf(' ');
          page.counter("node_intr_total", "Interrupts serviced.")
              .sample(Double.parseDouble(end < 0 ? rest : rest.substring(0, end)));
        }
        case "processes" ->
            page.counter("node_forks_total", "Forks.").sample(Double.parseDouble(rest));
        case "procs_running" ->
            page.gauge("node_procs_running", "Processes that can run.")
                .sample(Double.parseDouble(rest));
        case "procs_blocked" ->
            page.gauge("node_procs_blocked", "Processes that wait for a disk.")
                .sample(Double.parseDouble(rest));
        default -> {}
      }
    }
  }

  private void disks(HostPage page) throws IOException {
    List<String[]> disks =
        lines("diskstats").stream()
            .map(line -> line.trim().split("\\s+", -1))
            .filter(words -> words.length >= 14 && isDisk(words[2]))
            .toList();
    if (disks.isEmpty()) {
      return;
    }
    for (DiskColumn column : DISK_COLUMNS) {
      page.metric(
          "node_disk_" + column.name(),
          column.name().endsWith("_total") ? "counter" : "gauge",
          column.help());
      for (String[] words : disks) {
        page.sample(
            Double.parseDouble(words[3 + column.index()]) * column.scale(), "device", words[2]);
      }
    }
  }

  /// Whole disks only: neither memory in a disk's clothes nor partitions.
  private static boolean isDisk(String device) {
    return !device.matches("(z?ram|loop|fd|(h|s|v|xv)d[a-z]+|nvme\\d+n\\d+p|mmcblk\\d+p)\\d+");
  }

  private void network(HostPage page) throws IOException {
    List<String[]> devices =
        lines("net/dev").stream()
            .skip(2)
            .map(line -> line.trim().split("[:\\s]+", -1))
            .filter(words -> words.length > NETWORK_COLUMNS.size())
            .toList();
    if (devices.isEmpty()) {
      return;
    }
    for (int i = 0; i < NETWORK_COLUMNS.size(); i++) {
      String name = NETWORK_COLUMNS.get(i);
      page.counter("node_network_" + name + "_total", "Network device statistic " + name + ".");
      for (String[] words : devices) {
        page.sample(Double.parseDouble(words[1 + i]), "device", words[0]);
      }
    }
  }

  private void virtualMemory(HostPage page) throws IOException {
    for (String line : lines("vmstat")) {
      String[] words = line.split(" ", -1);
      if (words.length == 2 && VMSTAT.contains(words[0])) {
        page.metric("node_vmstat_" + words[0], "untyped", "Virtual memory field " + words[0] + ".")
            .sample(Double.parseDouble(words[1]));
      }
    }
  }

  private void pressure(HostPage page) throws IOException {
    for (String resource : List.of("cpu", "io", "memory")) {
      for (String line : pressureLines(resource)) {
        int total = line.indexOf("total=");
        if (total < 0 || (resource.equals("cpu") && line.startsWith("full"))) {
          continue;
        }
        String kind = line.startsWith("some") ? "waiting" : "stalled";
        page.counter(
                "node_pressure_%s_%s_seconds_total".formatted(resource, kind),
                "Seconds in which processes were %s for %s.".formatted(kind, resource))
            .sample(Double.parseDouble(line.substring(total + 6)) / 1e6);
      }
    }
  }

  /// Some kernels show the file and refuse to read it.
  private List<String> pressureLines(String resource) {
    try {
      return lines("pressure/" + resource);
    } catch (IOException e) {
      return List.of();
    }
  }

  private void files(HostPage page) throws IOException {
    for (String line : lines("sys/fs/file-nr")) {
      String[] words = line.trim().split("\\s+", -1);
      page.gauge("node_filefd_allocated", "Open file descriptors.")
          .sample(Double.parseDouble(words[0]));
      page.gauge("node_filefd_maximum", "Most file descriptors that may be open.")
          .sample(Double.parseDouble(words[2]));
    }
  }
}
