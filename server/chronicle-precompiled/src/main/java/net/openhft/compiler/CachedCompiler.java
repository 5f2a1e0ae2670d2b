package net.openhft.compiler;

import java.util.function.Consumer;
import java.util.function.Function;
import javax.tools.StandardJavaFileManager;
import org.jspecify.annotations.Nullable;

/// A compiler that refuses: what a map needs has been compiled with the build, and a running server
/// compiles nothing, nor does it need a JDK that could.
///
/// It has what Chronicle Map touches of the library's own class of this name, and no more.
public final class CachedCompiler {
  /// Set by the library, read by nobody.
  public volatile @Nullable Function<StandardJavaFileManager, MyJavaFileManager>
      fileManagerOverride;

  CachedCompiler() {}

  /// Does nothing: there are no files.
  public void updateFileManagerForClassLoader(
      ClassLoader loader, Consumer<MyJavaFileManager> update) {}

  /// Refuses.
  ///
  /// @throws ClassNotFoundException always; the class belongs into this module
  @SuppressWarnings("DoNotCallSuggester") // the library calls it
  public Class<?> loadFromJava(ClassLoader loader, String name, String source)
      throws ClassNotFoundException {
    throw new ClassNotFoundException(name + " was to be compiled with the build");
  }
}
