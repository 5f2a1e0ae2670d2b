package net.openhft.compiler;

/// Where Chronicle Map gets its compiler; in place of the library's own class of this name.
public final class CompilerUtils {
  public static final CachedCompiler CACHED_COMPILER = new CachedCompiler();

  private CompilerUtils() {}
}
