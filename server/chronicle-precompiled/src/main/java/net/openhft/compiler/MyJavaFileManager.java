package net.openhft.compiler;

/// What the signatures of [CachedCompiler] name; there is none.
public class MyJavaFileManager {
  private MyJavaFileManager() {}
}
