package barograph.server.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import barograph.server.Barograph;
import barograph.server.api.StatusApi.Build;
import barograph.server.cli.Flags;
import barograph.server.cli.Options;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchPersistentContextOptions;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.RequestOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Does the console work on the server that ships it, with the configuration that ships with it?
///
/// Every test fails on an error in the browser's console, an exception in the page, a request to
/// any other host, or an answer that is an error, unless it is the one that the test is about.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleBrowserTest {
  /// Two scrapes at the default interval, and a machine that is busy with other tests.
  private static final int PATIENCE_MILLIS = 60_000;

  private static final Path SCREENSHOTS = Path.of("target", "browser");
  private static final List<String> PAGES =
      List.of("", "query", "targets", "alerts", "silences", "status");

  @TempDir static Path folder;

  private final List<String> faults = new ArrayList<>();
  private Barograph server;
  private Playwright playwright;
  private BrowserContext browser;
  private Page page;
  private String address;

  @BeforeAll
  void startServerAndBrowser() throws IOException {
    var chromium = Path.of(System.getenv().getOrDefault("BAROGRAPH_CHROMIUM", "/usr/bin/chromium"));
    assumeTrue(
        Files.isExecutable(chromium),
        "the console is tested in Chromium, and there is none at %s; install it or set BAROGRAPH_CHROMIUM"
            .formatted(chromium));
    int port = freePort();
    address = "http://127.0.0.1:%d/".formatted(port);
    server = start(port, folder.resolve("data"), "/");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launchPersistentContext(
                folder.resolve("profile"),
                new LaunchPersistentContextOptions()
                    .setExecutablePath(chromium)
                    .setHeadless(true)
                    .setViewportSize(1280, 900)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
    browser.setDefaultTimeout(PATIENCE_MILLIS);
    waitForBothTargets();
  }

  /// A page that asks only once must find both targets scraped, whichever test comes first.
  private void waitForBothTargets() {
    try (var overview = browser.newPage()) {
      overview.navigate(address);
      overview.locator(".tile .cells i.up >> nth=1").waitFor();
    }
  }

  @AfterAll
  void stopServerAndBrowser() {
    if (browser != null) {
      browser.close();
    }
    if (playwright != null) {
      playwright.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void openPage() {
    faults.clear();
    page = browser.newPage();
    page.onConsoleMessage(this::noteMessage);
    page.onPageError(error -> faults.add("exception in the page: " + error));
    page.onRequest(request -> {
      if (!request.url().startsWith(address) && !request.url().startsWith("blob:")) {
        faults.add("request to another host: " + request.url());
      }
    });
    page.onResponse(response -> {
      if (response.status() >= 400) {
        faults.add("%d for %s".formatted(response.status(), response.url()));
      }
    });
  }

  @AfterEach
  void nothingWentWrongInTheBrowser() {
    page.close();
    assertThat(faults).isEmpty();
  }

  @Test
  void theOverviewShowsTheServerAndTheMachineItRunsOn() {
    page.navigate(address);
    await(".tile .cells i.up >> nth=1");
    await("[aria-label*=' busy']");
    await("[aria-label^='Memory: '][aria-label*='used']");
    await(".disks li");
    await(".tile:has-text('Ingest') .value:text-matches('[1-9].*samples/s')");
    assertThat(page.locator(".tile:has-text('Targets up') .value").textContent())
        .isEqualTo("2of 2");
    assertThat(page.title()).isEqualTo("Overview · Barograph");
    screenshot("overview");
  }

  @Test
  void anExpressionIsCompletedFromTheServersMetricsAndDrawn() {
    page.navigate(address + "query");
    page.locator(".cm-content").click();
    page.keyboard().type("sum by (mode) (rate(node_cpu_sec");
    page.locator(".cm-tooltip-autocomplete li:has-text('node_cpu_seconds_total')").click();
    page.keyboard().type("[30s]");
    page.keyboard().press("Control+Enter");
    await(".legend tr:has-text('idle')");
    assertThat(page.locator(".cost").textContent()).contains("series").contains("step");
    screenshot("query-graph");

    page.locator(".legend button:has-text('idle')").click();
    await(".legend tr.off:has-text('user')");

    page.locator("[role=tab]:has-text('Table')").click();
    await(".result td:has-text('idle')");
    assertThat(page.url()).contains("g0.tab=table");
    screenshot("query-table");
  }

  @Test
  void theAddressHoldsAllThatTheQueryPageShows() {
    page.navigate(
        address + "query?g0.expr=up&g0.zero=1&g1.expr=1%2B1&g1.tab=table&range=15m&step=15s");
    await(".legend tr:has-text('host')");
    await(".single dd:has-text('2')");
    page.reload();
    await(".legend tr:has-text('host')");
    assertThat(page.locator("input.range").inputValue()).isEqualTo("15m");
    assertThat(
            page.locator(".query-panel")
                .first()
                .locator("input[type=checkbox]")
                .first()
                .isChecked())
        .isTrue();
    page.locator("button[aria-label='Longer range']").click();
    page.waitForURL(Pattern.compile("range=30m"));
    page.goBack();
    page.waitForURL(Pattern.compile("range=15m"));
    assertThat(page.locator(".query-panel").count()).isEqualTo(2);
  }

  @Test
  void theLinkInAnAlertLeadsToItsExpression() {
    page.navigate(address + "graph?g0.expr=up+%3D%3D+1&g0.tab=1");
    await(".result td:has-text('barograph')");
    assertThat(page.url()).contains("/query?");
    assertThat(page.locator(".cm-content").textContent()).isEqualTo("up == 1");
  }

  @Test
  void anExpressionThatCannotBeReadIsToldInTheServersWords() {
    page.navigate(address + "query?g0.expr=sum(rate(up%5B5m%5D)&g0.tab=table");
    await(".note.bad:has-text('parse error')");
    screenshot("query-error");
    assertThat(faults).allMatch(fault -> fault.contains("400"));
    faults.clear();
  }

  @Test
  void targetsAreListedByPoolAndFiltered() {
    page.navigate(address + "targets");
    await("tr.up >> nth=1");
    assertThat(page.locator(".fold h2").allTextContents()).contains("barograph", "host");
    screenshot("targets");
    page.locator(".search").fill("job=\"host\"");
    page.waitForCondition(() -> page.locator("tbody tr").count() == 1);
    page.locator(".chips button:has-text('Down')").click();
    await(".empty:has-text('No target matches')");
    assertThat(page.url()).contains("health=down");
  }

  @Test
  void rulesAreListedWithWhatTheyWatch() {
    page.navigate(address + "alerts");
    Locator rule = page.locator(".rule").first();
    rule.waitFor();
    if (rule.getAttribute("open") == null) {
      rule.locator("summary").click();
    }
    rule.locator("pre").waitFor();
    assertThat(rule.locator("pre").textContent()).isNotBlank();
    screenshot("alerts");
  }

  @Test
  void aSilenceIsMadeFromAnAlertAndExpiredByTheKeyboard() {
    var posted =
        page.request()
            .post(
                address + "api/v2/alerts",
                RequestOptions.create()
                    .setHeader("Content-Type", "application/json")
                    .setData(
                        "[{\"labels\": {\"alertname\": \"Disk\", \"node\": \"a\"},"
                            + " \"annotations\": {\"summary\": \"it is full\"}}]"));
    assertThat(posted.status()).isEqualTo(200);
    page.navigate(address + "silences");
    await(".empty:has-text('No silence is active')");
    page.locator(".fold tr:has-text('it is full') a:has-text('Silence')").press("Enter");
    page.waitForURL(Pattern.compile("matchers="));
    assertThat(page.locator("input[name=matchers]").inputValue())
        .isEqualTo("alertname=\"Disk\", node=\"a\"");
    page.locator("input[name=author]").fill("me");
    page.locator("input[name=comment]").fill("a new one is on its way");
    page.locator("input[name=comment]").press("Enter");
    await("tr:has-text('on its way') .badge:has-text('active')");
    await(".fold tr:has-text('it is full') .badge:has-text('silenced')");
    screenshot("silences");

    page.locator("tr:has-text('on its way') button:has-text('Expire')").press("Enter");
    await(".empty:has-text('No silence is active')");
    await(".fold tr:has-text('it is full') .badge:has-text('firing')");
    page.locator(".chips button:has-text('Expired')").click();
    await("tr:has-text('on its way') a:has-text('Again')");
  }

  @Test
  void theStatusPageShowsConfigurationFlagsAndStorage() {
    page.navigate(address + "status");
    await(".yaml:has-text('scrape_configs')");
    assertThat(page.locator("#flags").textContent()).contains("--storage.tsdb.path");
    assertThat(page.locator("#storage .figures dd").first().textContent()).matches("[1-9].*");
    assertThat(page.locator(".ranking li").count()).isPositive();
    assertThat(page.locator(".note").count()).isZero();
    screenshot("status");
  }

  @Test
  void aQueryUnderWayIsListedAndEndedOnlyAfterASecondThought() throws Exception {
    String query = "sum_over_time(sum_over_time(vector(1)[10d:1s])[10d:1s])";
    try (var client = HttpClient.newHttpClient()) {
      var asked =
          HttpRequest.newBuilder(
                  URI.create(address + "api/v1/query?query=" + URLEncoder.encode(query, UTF_8)))
              .build();
      var answer = client.sendAsync(asked, HttpResponse.BodyHandlers.ofString());
      page.navigate(address + "status");
      String row = "#queries tr:has-text('%s') ".formatted(query);
      await(row + ".badge:has-text('heavy')");
      screenshot("active-queries");
      page.locator(row + "button:has-text('End…')").press("Enter");
      page.locator(row + "button:has-text('Keep')").press("Enter");
      assertThat(answer).isNotDone();
      page.locator(row + "button:has-text('End…')").press("Enter");
      screenshot("active-queries-end");
      page.locator(row + "button:has-text('End it')").press("Enter");
      await("#queries .none");
      assertThat(answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).body())
          .contains("\"errorType\":\"canceled\"");
    }
  }

  @Test
  void theChosenThemeIsKept() {
    page.navigate(address);
    Locator button = page.locator("button[aria-label^='Theme: ']");
    button.click();
    button.click();
    assertThat(button.getAttribute("aria-label")).startsWith("Theme: dark");
    page.reload();
    assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(14, 17, 22)");
    page.locator("button[aria-label^='Theme: dark']").click();
  }

  @ParameterizedTest(name = "in {0} colours")
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void everyPageFitsAPhone(ColorScheme colours) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
    page.setViewportSize(360, 740);
    for (String name : PAGES) {
      page.navigate(address + name);
      await("main h1");
      page.waitForLoadState();
      assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .as("%s is no wider than the screen", name.isEmpty() ? "overview" : name)
          .isEqualTo(true);
      screenshot("phone-%s-%s".formatted(colours, name.isEmpty() ? "overview" : name));
    }
  }

  @Test
  void theKeyboardReachesEveryPage() {
    page.navigate(address);
    await("main h1");
    for (String title : List.of("Query", "Targets", "Alerts", "Silences", "Status")) {
      page.locator("nav a:has-text('%s')".formatted(title)).press("Enter");
      await("main h1:has-text('%s')".formatted(title));
      if (title.equals("Query")) {
        // The editor comes later than its page, and takes the focus of one who waits for it.
        await(".cm-content");
      }
    }
  }

  @Test
  void theConsoleWorksBelowARoutePrefix() throws IOException {
    int port = freePort();
    address = "http://127.0.0.1:%d/".formatted(port);
    try (var other = start(port, folder.resolve("prefixed"), "/watch/tower")) {
      page.navigate(address + "watch/tower/");
      await(".tile");
      page.locator("nav a:has-text('Status')").click();
      await(".yaml:has-text('scrape_configs')");
      assertThat(page.url()).endsWith("/watch/tower/status");
      page.reload();
      await(".yaml:has-text('scrape_configs')");
      page.locator("nav a:has-text('Query')").click();
      await(".cm-content");
      assertThat(other.port()).isEqualTo(port);
    } finally {
      address = "http://127.0.0.1:%d/".formatted(server.port());
    }
  }

  private void await(String selector) {
    page.locator(selector).first().waitFor();
  }

  private void screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")).setFullPage(true));
  }

  private void noteMessage(ConsoleMessage message) {
    if (message.type().equals("error")) {
      faults.add("error in the console: %s (%s)".formatted(message.text(), message.location()));
    }
  }

  /// The configuration that comes with Barograph: it scrapes itself and the machine it runs on.
  private static Barograph start(int port, Path data, String prefix) throws IOException {
    var flags =
        Flags.parse(
            "--web.listen-address=127.0.0.1:" + port,
            "--web.route-prefix=" + prefix,
            "--storage.tsdb.path=" + data);
    var build = new Build("test", "none", "", "now");
    return Barograph.open(
        Options.from(flags, Path.of("..").toAbsolutePath().normalize()),
        new Barograph.Host(build, () -> {}, cause -> {}),
        InstantSource.system());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
