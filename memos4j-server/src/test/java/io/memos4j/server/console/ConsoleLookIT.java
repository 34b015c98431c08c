package io.memos4j.server.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests readability on phones and desktops, in light and dark mode. Writes screenshots to target/console. */
class ConsoleLookIT extends BrowserTestBase {
    private static final Path PICTURES = Path.of("target", "console");
    private static final int SMALLEST = 320;
    private static final int PHONE = 390;

    private final List<String> findings = new ArrayList<>();

    private static String inspection() throws IOException {
        try (InputStream in = Objects.requireNonNull(ConsoleLookIT.class.getResourceAsStream("inspect.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Adds the memories of a small household; returns the URLs of the views by name. */
    private Map<String, String> household() throws IOException {
        String key = server().adminKey();
        try (InputStream in = Objects.requireNonNull(ConsoleLookIT.class.getResourceAsStream("household.json"))) {
            String json = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("'", "’");
            assertThat(server().post(key, "/v1/cubes/alice/memories", json).status())
                    .isEqualTo(202);
        }
        remember("garden", "{'text':'The tomatoes go out after the fifteenth of May.'}");
        remember(
                "support",
                "{'session':'ticket-104','text':'The export of order 4021 ends with an error after page 3.'}");
        List<String> sources = new ArrayList<>();
        server().get(key, "/v1/cubes/alice/memories?filter=%7B%22session%22:%22kitchen%22%7D")
                .at("/memories")
                .forEach(each -> sources.add("'" + each.at("/id").asString() + "'"));
        String dinner = remember(
                "alice",
                "{'notes':[{'type':'summary','title':'Dinner on Sunday','tags':['food'],"
                        + "'time':'2026-11-03T09:00:00Z','metadata':{'guests':6},"
                        + "'text':'Dinner for six on Sunday: something warm without meat, no coriander.','sources':["
                        + String.join(",", sources) + "]}]}");
        String path = "/v1/cubes/alice/memories/" + dinner;
        server().send(
                        key,
                        "PATCH",
                        path,
                        "{'text':'Dinner for six on Sunday: something warm without meat or shellfish, no coriander "
                                + "for Ben.'}");
        server().send(key, "PUT", "/v1/principals/research", "");
        server().post(
                        key,
                        "/v1/keys",
                        "{'principal':'research','label':'notebook','scope':'read','expires_in_s':2592000}");
        String old = server().post(key, "/v1/keys", "{'principal':'research','label':'old notebook'}")
                .text("/id");
        server().send(key, "DELETE", "/v1/keys/" + old, "");
        state(remember("alice", "{'text':'Alice lives in Hamburg.'}"), "archived");
        state(
                remember("alice", "{'notes':[{'type':'instruction','text':'Call her Alice, not Miss Berg.'}]}"),
                "frozen");
        server().memos().cube("alice").awaitIdle(java.time.Duration.ofSeconds(20));
        Map<String, String> views = new LinkedHashMap<>();
        views.put("cubes", "#/");
        views.put("search", "#/cube/alice?q=What%20does%20Alice%20not%20eat%3F");
        views.put("memories", "#/cube/alice/memories");
        views.put("timeline", "#/cube/alice/timeline");
        views.put("changes", "#/cube/alice/changes");
        views.put("memory", "#/cube/alice/item/" + dinner);
        views.put("overview", "#/cube/alice/overview");
        views.put("cube-tasks", "#/cube/alice/tasks");
        views.put("tasks", "#/tasks");
        views.put("usage", "#/usage");
        views.put("audit", "#/audit");
        views.put("access", "#/access");
        views.put("missing", "#/cube/none/overview");
        views.put("nothing", "#/cube/garden/memories?type=skill");
        return views;
    }

    private void state(String id, String state) {
        server().send(server().adminKey(), "PATCH", "/v1/cubes/alice/memories/" + id, "{'state':'" + state + "'}");
    }

    private void look(String name, String inspection) throws IOException {
        browser().settle();
        browser().pointNowhere();
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), browser().picture());
        ((List<?>) browser().run(inspection)).forEach(each -> findings.add(name + ": " + each));
    }

    @Test
    void everyViewCanBeReadOnAPhoneAndADeskByDayAndByNight() throws IOException {
        Map<String, String> views = household();
        String inspection = inspection();
        browser().go(server().url("/").toString());
        browser().find("form");
        look("login", inspection);
        logIn();
        for (boolean dark : new boolean[] {false, true}) {
            browser().dark(dark);
            for (int width : new int[] {SMALLEST, WIDE}) {
                browser().size(width, 800);
                for (var each : views.entrySet()) {
                    view("#/nowhere");
                    view(each.getValue());
                    look(each.getKey() + "-" + width + (dark ? "-dark" : ""), inspection);
                }
            }
        }
        browser().size(PHONE, 800);
        view(views.get("memories"));
        look("memories-" + PHONE + "-dark", inspection);
        assertThat(findings).isEmpty();
    }

    @Test
    void windowsCanBeReadOnThePhone() throws IOException {
        Map<String, String> views = household();
        String inspection = inspection();
        browser().size(SMALLEST, 640);
        browser().go(server().url("/").toString());
        logIn();
        view(views.get("memory"));
        browser().find("[data-edit]").click();
        browser().find("dialog textarea");
        look("edit-" + SMALLEST, inspection);
        browser().escape();
        view("#/access");
        browser().click(".panel button", "New key");
        browser().find("dialog select");
        look("key-" + SMALLEST, inspection);
        browser().escape();
        browser().press("?");
        browser().find("dialog kbd");
        look("help-" + SMALLEST, inspection);
        assertThat(findings).isEmpty();
    }
}
