package barograph.ingest.host;

import java.util.List;
import java.util.Locale;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.software.os.OperatingSystem;

/// What OSHI tells on every system: processors, load, start of the machine, its name; and memory
/// where the kernel's own file is absent.
final class SystemFigures {
  private static final List<TickType> MODES =
      List.of(
          TickType.IDLE,
          TickType.IOWAIT,
          TickType.IRQ,
          TickType.NICE,
          TickType.SOFTIRQ,
          TickType.STEAL,
          TickType.SYSTEM,
          TickType.USER);

  private final CentralProcessor processor;
  private final OperatingSystem system;
  private final SystemInfo info;
  private final long bootSeconds;

  /// Takes a second or so the first time in a process, as native code is loaded.
  SystemFigures() {
    info = new SystemInfo();
    processor = info.getHardware().getProcessor();
    system = info.getOperatingSystem();
    bootSeconds = system.getSystemBootTime();
  }

  void write(HostPage page, boolean withMemory) {
    long[][] ticks = processor.getProcessorCpuLoadTicks();
    page.counter("node_cpu_seconds_total", "Seconds the CPUs spent in each mode.");
    for (int cpu = 0; cpu < ticks.length; cpu++) {
      for (TickType mode : MODES) {
        page.sample(
            ticks[cpu][mode.getIndex()] / 1000.0,
            "cpu",
            Integer.toString(cpu),
            "mode",
            mode.name().toLowerCase(Locale.ROOT));
      }
    }
    double[] load = processor.getSystemLoadAverage(3);
    String[] minutes = {"1", "5", "15"};
    for (int i = 0; i < load.length; i++) {
      if (load[i] >= 0) {
        page.gauge("node_load" + minutes[i], minutes[i] + "m load average.").sample(load[i]);
      }
    }
    page.gauge("node_boot_time_seconds", "When the machine started, in unixtime.")
        .sample((double) bootSeconds);
    page.gauge("node_uname_info", "The system as the uname system call names it.")
        .sample(
            1,
            "domainname",
            "(none)",
            "machine",
            machine(),
            "nodename",
            system.getNetworkParams().getHostName(),
            "release",
            System.getProperty("os.version", ""),
            "sysname",
            System.getProperty("os.name", ""),
            "version",
            system.getVersionInfo().getBuildNumber());
    if (withMemory) {
      page.gauge("node_memory_MemTotal_bytes", "Memory of the machine.")
          .sample((double) info.getHardware().getMemory().getTotal());
      page.gauge("node_memory_MemAvailable_bytes", "Memory that may be had.")
          .sample((double) info.getHardware().getMemory().getAvailable());
    }
  }

  private static String machine() {
    String arch = System.getProperty("os.arch", "");
    return arch.equals("amd64") ? "x86_64" : arch;
  }
}
