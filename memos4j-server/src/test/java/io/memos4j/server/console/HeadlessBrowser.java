package io.memos4j.server.console;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.UnexpectedAlertBehaviour;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Drives a real Chromium that can only reach this machine, and records requests and console errors. */
final class HeadlessBrowser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final JsonMapper JSON = new JsonMapper();

    /** Runs before any script of a page and records violations of the content security policy. */
    private static final String WATCH = """
            window.violations = [];
            document.addEventListener('securitypolicyviolation', event =>
                window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
            """;

    /** Logs at each start that it has no classes for this browser version; referenced so that its level is kept. */
    private static final Logger CHATTER = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private HeadlessBrowser(ChromeDriver driver) {
        this.driver = driver;
    }

    static HeadlessBrowser open(Path profile) {
        if (!Files.isExecutable(CHROMIUM) || !Files.isExecutable(DRIVER)) {
            throw new IllegalStateException("The console is tested in " + CHROMIUM + " with " + DRIVER
                    + ", which are not there. Install them: apt-get install chromium chromium-driver");
        }
        CHATTER.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.setUnhandledPromptBehaviour(UnexpectedAlertBehaviour.IGNORE);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH));
        driver.executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
        driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "UTC"));
        return new HeadlessBrowser(driver);
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    void offline(boolean offline) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** Loads a page; a change of the fragment alone does not reload it. */
    void go(String url) {
        driver.get(url);
    }

    /** Changes the fragment and waits until the page has reacted. */
    void goWithin(String address) {
        driver.executeAsyncScript(
                "const [address, done] = arguments; const before = location.hash; location.hash = address;"
                        + " if (location.hash === before) done(); else addEventListener('hashchange', () => "
                        + "setTimeout(done), { once: true });",
                address);
    }

    /** Moves the pointer out of the way. */
    void pointNowhere() {
        driver.executeCdpCommand("Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", 0, "y", 0));
    }

    static ConditionFactory eventually() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .ignoreExceptionsInstanceOf(WebDriverException.class);
    }

    /** Finds the first visible element. */
    WebElement find(String css) {
        return eventually().until(() -> first(css, ""), Optional::isPresent).orElseThrow();
    }

    /** Finds the first visible element with this in its text or label. */
    WebElement find(String css, String text) {
        return eventually()
                .alias(css + " with " + text)
                .until(() -> first(css, text), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<WebElement> first(String css, String text) {
        return driver.findElements(By.cssSelector(css)).stream()
                .filter(WebElement::isDisplayed)
                .filter(each -> each.getText().contains(text)
                        || Optional.ofNullable(each.getDomAttribute("aria-label"))
                                .filter(label -> label.contains(text))
                                .isPresent())
                .findFirst();
    }

    int count(String css) {
        return driver.findElements(By.cssSelector(css)).size();
    }

    void click(String css, String text) {
        eventually().alias("click " + css + " with " + text).until(() -> {
            find(css, text).click();
            return true;
        });
    }

    /** Replaces the contents of a field. */
    void fill(String css, String text) {
        WebElement field = find(css);
        field.clear();
        field.sendKeys(text);
    }

    /** Selects the option with this value. */
    void choose(String css, String value) {
        find(css);
        run(
                "const box = document.querySelector(arguments[0]); box.value = arguments[1]; box.dispatchEvent(new "
                        + "Event('change'));",
                css,
                value);
    }

    /** Finds the field with this label. */
    String labeled(String label) {
        return "#"
                + eventually()
                        .alias("field " + label)
                        .until(
                                () -> run(
                                        "return [...document.querySelectorAll('label')].reverse().find(each => "
                                                + "each.textContent.trim() === arguments[0])?.htmlFor",
                                        label),
                                java.util.Objects::nonNull);
    }

    /** Types keys into the focused element. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void escape() {
        press(Keys.ESCAPE);
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    String text() {
        return eventually().until(() -> find("body").getText(), text -> true);
    }

    void awaitText(String css, String text) {
        find(css, text);
    }

    void awaitNone(String css) {
        eventually().alias("no " + css).until(() -> {
            try {
                return driver.findElements(By.cssSelector(css)).stream().noneMatch(WebElement::isDisplayed);
            } catch (StaleElementReferenceException e) {
                return false;
            }
        });
    }

    /** Waits until nothing is being fetched. */
    void settle() {
        find("main > *");
        awaitNone("[aria-busy]");
    }

    String address() {
        return driver.getCurrentUrl();
    }

    byte[] picture() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    /** Returns new messages on the browser console, except for the server's error responses. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("Failed to load resource"))
                .toList();
    }

    /** Returns the violations of the content security policy on this page. */
    List<?> violations() {
        return (List<?>) run("return window.violations");
    }

    /** Returns every URL requested since the last call. */
    List<String> requests() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> JSON.readTree(entry.getMessage()).at("/message"))
                .filter((JsonNode message) -> message.at("/method").asString().equals("Network.requestWillBeSent"))
                .map(message -> message.at("/params/request/url").asString())
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
