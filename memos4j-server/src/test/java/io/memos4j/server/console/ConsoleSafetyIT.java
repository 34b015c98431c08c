package io.memos4j.server.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that stored text is never interpreted as markup or script. */
class ConsoleSafetyIT extends BrowserTestBase {
    private static final String IMAGE = "<img src=x onerror=\"window.struck=1;alert(1)\">";
    private static final String SCRIPT = "<script>window.struck=1;alert(1)</script>";
    private static final String LINK = "javascript:window.struck=1;alert(1)//";
    private static final String DRAWING =
            "\"><svg onload=window.struck=1;alert(1)></svg><style>*{display:none}</style>";
    private static final JsonMapper JSON = new JsonMapper();

    private static String json(String text) {
        return JSON.writeValueAsString(text);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Adds a note with script text in every field and returns its id. */
    private String plant(String cube) {
        String key = server().adminKey();
        String path = "/v1/cubes/" + encoded(cube) + "/memories";
        var message = server().post(
                        key,
                        path,
                        ("{\"session\":%s,\"messages\":[{\"role\":\"user\",\"speaker\":%s,\"text\":%s,"
                                        + "\"metadata\":{%s:%s}}]}")
                                .formatted(
                                        json(IMAGE),
                                        json(SCRIPT),
                                        json(IMAGE + SCRIPT + DRAWING),
                                        json("key " + IMAGE),
                                        json(LINK)));
        assertThat(message.status()).isEqualTo(202);
        var note = server().post(
                        key,
                        path,
                        ("{\"notes\":[{\"type\":\"fact\",\"title\":%s,\"text\":%s,\"session\":%s,\"tags\":[%s,%s],"
                                        + "\"sources\":[%s,%s],\"metadata\":{\"a\":{\"b\":[%s]}}}]}")
                                .formatted(
                                        json(DRAWING + SCRIPT),
                                        json(SCRIPT + IMAGE + " fact"),
                                        json(LINK),
                                        json(IMAGE),
                                        json(LINK),
                                        json(message.text("/items/0/id")),
                                        json(LINK),
                                        json(IMAGE)));
        assertThat(note.status()).isEqualTo(202);
        String id = note.text("/items/0/id");
        server().send(key, "PATCH", path + "/" + id, "{\"text\":%s}".formatted(json(IMAGE + SCRIPT + LINK + DRAWING)));
        return id;
    }

    private void nothingHappened() {
        browser().settle();
        assertThat(browser().run("return window.struck ?? 'no'")).isEqualTo("no");
        assertThat(browser()
                        .run("return document.querySelectorAll('main img, main script, main style, main "
                                + "[onerror], main [onload], svg svg, iframe').length"))
                .isEqualTo(0L);
        assertThat(browser()
                        .run("return [...document.querySelectorAll('a')].every(each => "
                                + "(each.getAttribute('href') ?? '').startsWith('#'))"))
                .isEqualTo(true);
        assertThat(browser().violations()).isEmpty();
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void storedScriptTextIsShownAndDoesNothing() {
        String cube = "c " + IMAGE + " %2F # ? & " + SCRIPT;
        String id = plant(cube);
        logIn();
        browser().awaitText(".card", IMAGE);
        nothingHappened();
        String address = "#/cube/" + encoded(cube);
        view(address + "/memories");
        browser().awaitText(".row", IMAGE);
        browser().awaitText(".row", LINK);
        nothingHappened();
        for (String tab : List.of(
                "/timeline",
                "/tasks",
                "/overview",
                "?q=fact%20window%20alert%20struck%20img",
                "/memories?session=" + encoded(LINK))) {
            view(address + tab);
            nothingHappened();
        }
        view(address + "/item/" + id);
        browser().awaitText(".memory", DRAWING);
        browser().awaitText(".memory-text", IMAGE);
        browser().awaitText("ins", "javascript");
        browser().awaitText(".facts", IMAGE);
        browser().awaitText(".tree", LINK);
        nothingHappened();
        browser().find("[data-edit]").click();
        browser().click("dialog button", "Save");
        browser().awaitNone("dialog");
        browser().click(".memory button", "Delete");
        browser().awaitText("dialog blockquote", IMAGE);
        nothingHappened();
        browser().escape();
        browser().awaitNone("dialog");
    }

    @Test
    void namesInTheAdministrationDoNothingEither() {
        String id = plant("alice");
        server().send(server().adminKey(), "DELETE", "/v1/cubes/alice/documents/" + encoded(IMAGE), "");
        server().post(
                        server().adminKey(),
                        "/v1/keys",
                        "{\"principal\":\"admin\",\"label\":%s}".formatted(json(IMAGE + SCRIPT)));
        logIn();
        view("#/audit");
        browser().awaitText(".audit", id);
        nothingHappened();
        view("#/access");
        browser().awaitText(".key", IMAGE);
        nothingHappened();
        for (String address :
                List.of("#/tasks", "#/usage", "#/audit?cube=" + encoded(IMAGE), "#/" + encoded(IMAGE), "#/%E0%A4%A")) {
            view(address);
            nothingHappened();
        }
    }

    @Test
    void aMistakeInThePageCouldNotRunStoredText() {
        logIn();
        assertThat(browser()
                        .run(
                                "try { document.getElementById('main').innerHTML = arguments[0]; return 'taken'; } "
                                        + "catch (refused) { return refused.name; }",
                                IMAGE))
                .isEqualTo("TypeError");
        assertThat(browser()
                        .run("try { const made = document.createElement('script'); made.text = "
                                + "'window.struck=1'; document.body.append(made); return 'taken'; }"
                                + " catch (refused) { return refused.name; }"))
                .isEqualTo("TypeError");
        browser()
                .run("const made = document.createElement('img'); made.src = 'http://192.0.2.1/x.png'; "
                        + "document.body.append(made);");
        HeadlessBrowser.eventually().until(() -> browser().violations().size() == 3);
        assertThat(browser().run("return window.struck ?? 'no'")).isEqualTo("no");
        browser().go(server().url("/").toString());
        browser().complaints();
        // The log also has what the policy stopped on its way out.
        assertThat(browser().requests()).contains("http://192.0.2.1/x.png");
        browser().go(server().url("/").toString());
    }
}
