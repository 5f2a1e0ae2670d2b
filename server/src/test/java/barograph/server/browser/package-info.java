/// The console in a real browser, against a server that runs in this process.
///
/// Start at `ConsoleBrowserTest`. Compiled and run with `-Pbrowser` alone, as the driver it needs
/// is 200 MB; skipped where there is no Chromium. Screenshots go to `target/browser`.
package barograph.server.browser;
