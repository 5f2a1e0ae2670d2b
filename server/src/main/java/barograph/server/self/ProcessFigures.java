package barograph.server.self;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The process as the operating system sees it: CPU, memory, open files. From `/proc`; elsewhere
/// only what the JVM knows.
public final class ProcessFigures {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessFigures() {}

  /// How many bytes outside of its heap the JVM lets the process have.
  public static long directMemoryLimit() {
    var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long bytes = Long.parseLong(machine.getVMOption("MaxDirectMemorySize").getValue());
    return bytes > 0 ? bytes : Runtime.getRuntime().maxMemory();
  }

  static void addTo(Registry registry) {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.UnixOperatingSystemMXBean system) {
      registry.counter(
          "process_cpu_seconds_total",
          "User and system CPU time.",
          () -> system.getProcessCpuTime() / 1e9);
      registry.gauge(
          "process_max_fds", "How many files may be open.", system::getMaxFileDescriptorCount);
      registry.gauge("process_open_fds", "Open files.", system::getOpenFileDescriptorCount);
    }
    if (Files.isReadable(STATUS)) {
      registry.gauge(
          "process_resident_memory_bytes", "Memory in RAM.", () -> kilobytes("VmRSS:") * 1_024);
      registry.gauge(
          "process_virtual_memory_bytes", "Address space.", () -> kilobytes("VmSize:") * 1_024);
    }
  }

  private static double kilobytes(String key) {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith(key)) {
          return Long.parseLong(line.substring(key.length()).replace("kB", "").strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Without the file there is no figure.
    }
    return Double.NaN;
  }
}
