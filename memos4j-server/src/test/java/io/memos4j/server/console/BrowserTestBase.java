package io.memos4j.server.console;

import io.memos4j.server.RunningServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server and a browser that stands before it. After each test: the page asked for nothing elsewhere, broke no rule of
 * its policy, and had nothing to complain of.
 */
abstract class BrowserTestBase {
    static final int WIDE = 1280;
    static final int HIGH = 900;

    private static HeadlessBrowser browser;

    @TempDir
    Path directory;

    private RunningServer server;

    @BeforeAll
    static void openBrowser(@TempDir Path profile) {
        browser = HeadlessBrowser.open(profile);
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
    }

    @BeforeEach
    void start() {
        server = RunningServer.at(directory);
        browser.size(WIDE, HIGH);
        browser.dark(false);
        browser.requests();
        browser.complaints();
    }

    @AfterEach
    void stop() {
        try {
            assertThat(browser.violations()).isEmpty();
            assertThat(browser.complaints()).isEmpty();
            assertThat(browser.requests())
                    .isNotEmpty()
                    .allMatch(url -> url.startsWith(server.url("/").toString())
                            || url.startsWith("data:")
                            || url.startsWith("about:"));
        } finally {
            server.close();
        }
    }

    static HeadlessBrowser browser() {
        return browser;
    }

    RunningServer server() {
        return server;
    }

    /** Adds a memory and returns its id. */
    String remember(String cube, String json) {
        return server.post(server.adminKey(), "/v1/cubes/" + cube + "/memories", json)
                .text("/items/0/id");
    }

    void logIn() {
        logIn(server.adminKey());
    }

    void logIn(String key) {
        browser.go(server.url("/").toString());
        browser.fill(browser.labeled("API key"), key);
        browser.click("button", "Log in");
        browser.find("nav[aria-label=Main]");
        browser.settle();
    }

    /** Opens a view of the console after login. */
    void view(String address) {
        browser.goWithin(address);
        browser.settle();
    }
}
