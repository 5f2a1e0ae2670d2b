/// What stands in for the library that Chronicle Map compiles with: a running server compiles
/// nothing.
package net.openhft.compiler;
