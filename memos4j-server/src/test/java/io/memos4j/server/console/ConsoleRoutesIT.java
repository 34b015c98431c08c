package io.memos4j.server.console;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.Permission;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;

class ConsoleRoutesIT extends BrowserTestBase {
    private String history(String cube, String id) {
        return server().get(server().adminKey(), "/v1/cubes/" + cube + "/memories/" + id + "/history")
                .json()
                .toString();
    }

    private String text(String cube, String id) {
        return server().get(server().adminKey(), "/v1/cubes/" + cube + "/memories/" + id)
                .text("/text");
    }

    private String state(String cube, String id) {
        return server().get(server().adminKey(), "/v1/cubes/" + cube + "/memories/" + id)
                .text("/state");
    }

    @Test
    void aWrongKeyIsRefusedWithAReasonAndARightOneOpens() {
        remember("alice", "{'text':'Alice moved to Lyon.'}");
        browser().go(server().url("/").toString());
        browser().fill(browser().labeled("API key"), "m4j_wrong");
        browser().press(Keys.ENTER);
        browser().awaitText("[role=alert]", "does not accept this key");
        browser().awaitText("[role=alert]", "Request");
        browser().fill(browser().labeled("API key"), server().adminKey());
        browser().press(Keys.ENTER);
        browser().awaitText(".card", "alice");
        browser().awaitText(".card", "1\nmemory");
        browser().click("button", "Log out");
        browser().find(browser().labeled("API key"));
        assertThat(browser().run("return sessionStorage.length")).isEqualTo(0L);
    }

    @Test
    void aKeyThatIsRevokedLeadsBackToTheLogin() {
        String key = server().keyOf("acme", Permission.WRITE);
        logIn(key);
        server().memos().governance().keys().stream()
                .filter(each -> each.principal().equals("acme"))
                .forEach(each -> server().memos().governance().revoke(each.id()));
        browser().run("location.hash = '#/tasks?state=open'");
        browser().run("location.hash = '#/cube/x/memories'");
        browser().awaitText("[aria-live]", "no longer accepts this key");
    }

    @Test
    void aSearchShowsHitsReasonsStagesAndContext() {
        remember("alice", "{'text':'Alice is allergic to shellfish.'}");
        remember("alice", "{'text':'The movers come on Friday.'}");
        logIn();
        browser().click(".card a", "alice");
        browser().fill("[data-search]", "shellfish");
        browser().press(Keys.ENTER);
        browser().awaitText(".hit", "Alice is allergic to shellfish.");
        browser().awaitText(".why", "words: rank 1");
        browser().awaitText(".context", "allergic to shellfish");
        browser().awaitText(".panel", "for the prompt");
        assertThat(browser().count(".stages li")).isPositive();
        assertThat(browser().address()).contains("q=shellfish");
        browser().fill("[data-search]", "   zzzz qqqq ");
        browser().press(Keys.ENTER);
        browser().awaitText(".empty", "No results");
    }

    @Test
    void anEditIsSavedShownInTheHistoryAndUndone() {
        String id = remember("alice", "{'text':'The movers come on Friday.'}");
        logIn();
        view("#/cube/alice/memories");
        browser().click(".row-link", "The movers come");
        browser().find("[data-edit]").click();
        browser().fill(browser().labeled("Text"), "The movers come on Monday.");
        browser().fill(browser().labeled("Tags"), "move, booking");
        browser().fill(browser().labeled("Metadata"), "[1]");
        browser().click("dialog button", "Save");
        browser().awaitText("dialog [role=alert]", "must be a JSON object");
        browser().fill(browser().labeled("Metadata"), "{\"firm\": \"Lindqvist\"}");
        browser().click("dialog button", "Save");
        browser().awaitText(".memory-text", "Monday");
        browser().awaitText("del", "Friday");
        browser().awaitText("ins", "Monday");
        browser().awaitText(".facts", "Lindqvist");
        assertThat(text("alice", id)).isEqualTo("The movers come on Monday.");
        browser().click(".toast button", "Undo");
        browser().awaitText(".toast", "Undone");
        browser().awaitText(".memory-text", "Friday");
        assertThat(text("alice", id)).isEqualTo("The movers come on Friday.");
        browser().click("[aria-label='Restore version 2']", "");
        browser().awaitText(".toast", "Version 2 restored");
        browser().awaitText(".memory-text", "Monday");
        assertThat(history("alice", id)).contains("\"version\":4");
    }

    @Test
    void changesAreListedWithTheirReasonAndUndone() {
        String lyon = remember("alice", "{'messages':[{'role':'user','content':'I live in Lyon.'}]}");
        remember("alice", "{'messages':[{'role':'user','content':'I moved to Ghent.'}]}");
        logIn();
        view("#/cube/alice/changes");
        browser().awaitText(".change", "superseded");
        browser().awaitText(".change", "rule same-attribute, 95 %");
        browser().awaitText(".change", "I moved to Ghent.");
        browser().click(".change button", "Undo");
        browser().awaitText(".toast", "Change undone");
        browser().awaitText(".change", "undone");
        assertThat(state("alice", lyon)).isEqualTo("activated");
        view("#/cube/alice/changes?kind=merged");
        browser().awaitText(".empty", "No changes of this kind");
    }

    @Test
    void anEditOfWhatChangedMeanwhileIsRefusedAndTheTextStays() {
        String id = remember("alice", "{'text':'The movers come on Friday.'}");
        logIn();
        view("#/cube/alice/item/" + id);
        browser().find("[data-edit]").click();
        server().send(
                        server().adminKey(),
                        "PATCH",
                        "/v1/cubes/alice/memories/" + id,
                        "{'text':'They come on Sunday.'}");
        browser().fill(browser().labeled("Text"), "They come on Monday.");
        browser().click("dialog button", "Save");
        browser().awaitText("dialog [role=alert]", "changed in the meantime");
        assertThat(browser().find(browser().labeled("Text")).getDomProperty("value"))
                .isEqualTo("They come on Monday.");
        browser().escape();
        browser().awaitNone("dialog");
        assertThat(text("alice", id)).isEqualTo("They come on Sunday.");
    }

    @Test
    void aMemoryIsFrozenThawedArchivedAndReinstated() {
        String id = remember("alice", "{'text':'Answer in short sentences.'}");
        logIn();
        view("#/cube/alice/item/" + id);
        browser().click("button", "Freeze");
        browser().awaitText(".memory .chip", "frozen");
        assertThat(browser().count("[data-edit]")).isZero();
        browser().click(".toast button", "Undo");
        browser().awaitText(".memory button", "Archive");
        assertThat(state("alice", id)).isEqualTo("activated");
        browser().click(".memory button", "Archive");
        browser().awaitText(".memory .chip", "archived");
        browser().click(".memory button", "Reactivate");
        browser().awaitText(".memory button", "Freeze");
        assertThat(state("alice", id)).isEqualTo("activated");
    }

    @Test
    void forgettingAsksFirstAndThenForgets() {
        String id = remember("alice", "{'text':'The code of the gate is 4711.'}");
        remember("alice", "{'text':'The gate is green.'}");
        logIn();
        view("#/cube/alice/item/" + id);
        browser().click(".memory button", "Delete");
        browser().click("dialog button", "Cancel");
        browser().awaitNone("dialog");
        assertThat(text("alice", id)).contains("4711");
        browser().click(".memory button", "Delete");
        browser().click("dialog button.danger", "Delete");
        browser().awaitText(".toast", "Memory deleted");
        browser().awaitText(".row", "The gate is green.");
        assertThat(browser().text()).doesNotContain("4711");
        assertThat(server().get(server().adminKey(), "/v1/cubes/alice/memories/" + id)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void tasksAreSeenCancelledAndReplayed() {
        remember("alice", "{'text':'Alice moved to Lyon.'}");
        var scheduler = server().memos().scheduler();
        scheduler.pause(CubeId.of("alice"));
        scheduler.submit(CubeId.of("alice"), TaskRequest.of(TaskKind.DECAY));
        logIn();
        view("#/tasks?kind=decay");
        browser().click("[aria-label='Cancel decay of alice']", "");
        browser().awaitText(".task", "cancelled");
        browser().click("[aria-label='Retry decay of alice']", "");
        browser().find("[aria-label='Cancel decay of alice']");
        view("#/cube/alice/overview");
        browser().awaitText(".warning", "Paused");
        browser().click("button", "Resume");
        browser().awaitText(".panel button", "Pause");
        view("#/cube/alice/tasks?kind=decay");
        browser().awaitText(".task", "done");
    }

    @Test
    void theKeyboardIsEnough() {
        remember("alice", "{'text':'First memory.'}");
        remember("alice", "{'text':'Second memory.'}");
        remember("alice", "{'text':'Third memory.'}");
        logIn();
        browser().press("?");
        browser().awaitText("dialog", "Next and previous row");
        browser().escape();
        browser().awaitNone("dialog");
        browser().press("j");
        browser().press(Keys.ENTER);
        browser().awaitText("h1", "alice");
        browser().escape();
        browser().press("/");
        assertThat(browser().focused().getDomAttribute("aria-label")).isEqualTo("Query");
        browser().press("memory", Keys.ENTER);
        browser().awaitText(".hit", "memory");
        browser().settle();
        browser().press("j");
        browser().press("j");
        String second = browser().focused().getText();
        browser().press("k");
        String first = browser().focused().getText();
        assertThat(first).isNotEqualTo(second).endsWith("memory.");
        browser().press(Keys.ENTER);
        browser().awaitText(".memory-text", first);
        browser().press("e");
        browser().find("dialog textarea");
        browser().escape();
        browser().awaitNone("dialog");
        browser().escape();
        browser().awaitText(".hit", second);
    }

    @Test
    void aLongListComesPageByPageAndIsThereAgainOnTheWayBack() {
        String notes = IntStream.range(0, 1_000)
                .mapToObj(each -> "{'text':'Measurement " + each + " of the day.'}")
                .collect(Collectors.joining(","));
        remember("sensors", "{'notes':[" + notes + "]}");
        logIn();
        view("#/cube/sensors/memories?sort=inserted");
        assertThat(browser().count(".row")).isBetween(100, 900);
        HeadlessBrowser.eventually().until(() -> {
            browser().run("scrollTo(0, document.body.scrollHeight)");
            return browser().count(".row") == 1_000;
        });
        browser().run("document.querySelector('.row:last-child').scrollIntoView()");
        browser().click(".row:last-child .row-link", "Measurement 999 ");
        browser().awaitText(".memory-text", "Measurement 999 ");
        browser().settle();
        browser().escape();
        browser().awaitText(".row:last-child", "Measurement 999 ");
        assertThat(browser().count(".row")).isEqualTo(1_000);
    }

    @Test
    void filtersAndTheTimelineNarrowDown() {
        remember(
                "alice",
                "{'session':'s1','messages':[{'role':'user','speaker':'Alice','text':'I moved to Lyon.',"
                        + "'time':'2026-05-17T09:30:00Z'},"
                        + "{'role':'user','speaker':'Alice','text':'I like it here.','time':'2026-05-19T10:00:00Z'}],"
                        + "'notes':[{'type':'fact','text':'Alice lives in Lyon.','time':'2026-05-18T12:00:00Z'}]}");
        logIn();
        view("#/cube/alice/memories");
        browser().choose(browser().labeled("Type"), "fact");
        browser().settle();
        HeadlessBrowser.eventually().until(() -> browser().count(".row") == 1);
        browser().awaitText(".row", "Alice lives in Lyon.");
        view("#/cube/alice/memories?session=none");
        browser().awaitText(".empty", "No matching memories");
        view("#/cube/alice/timeline");
        browser().awaitText(".day", "Tuesday, May 19, 2026");
        view("#/cube/alice/timeline?until=2026-05-18");
        browser().awaitText(".day", "Monday, May 18, 2026");
        assertThat(browser().text()).doesNotContain("May 19").contains("May 17");
    }

    @Test
    void relatedMemoriesAreDrawnAndLead() {
        String source = remember("alice", "{'text':'We signed the lease in Lyon.'}");
        String derived = remember(
                "alice", "{'notes':[{'type':'fact','text':'Alice lives in Lyon.','sources':['" + source + "']}]}");
        logIn();
        view("#/cube/alice/item/" + derived);
        browser().awaitText(".tree", "We signed the lease in Lyon.");
        browser().find("svg.graph .node circle").click();
        browser().awaitText(".memory-text", "We signed the lease in Lyon.");
        assertThat(browser().address()).endsWith(source);
    }

    @Test
    void administratorsMakeAndRevokeKeys() {
        logIn();
        view("#/access");
        browser().click("button", "New principal");
        browser().fill(browser().labeled("Name"), "acme");
        browser().click("dialog button", "Create principal");
        browser().awaitText(".panel", "No keys yet");
        browser().click(".panel button", "New key");
        browser().fill(browser().labeled("Label"), "laptop");
        browser().click("dialog button", "Create key");
        String secret = browser().find("dialog input[readonly]").getDomProperty("value");
        assertThat(server().get(secret, "/v1/me").text("/principal")).isEqualTo("acme");
        browser().click("dialog button", "Done");
        browser().click(".key:not(.faded) button", "Revoke");
        browser().click("dialog button.danger", "Revoke");
        browser().awaitText(".key", "revoked");
        assertThat(server().get(secret, "/v1/me").status()).isEqualTo(401);
        view("#/audit");
        browser().awaitText(".audit", "DELETE /v1/keys/{key}");
        view("#/usage");
        browser().awaitText(".panel", "longest wait");
    }

    @Test
    void whoMayOnlyReadIsOfferedNothingElse() {
        String id = server().post(
                        server().keyOf("acme", Permission.ADMIN), "/v1/cubes/notes/memories", "{'text':'A note.'}")
                .text("/items/0/id");
        logIn(server().keyOf("acme", Permission.READ));
        assertThat(browser().find("nav[aria-label=Main]").getText()).isEqualTo("Cubes\nTasks");
        view("#/cube/notes/item/" + id);
        browser().awaitText(".memory", "read-only access");
        assertThat(browser().count(".memory button")).isZero();
        view("#/audit");
        browser().awaitText("[role=alert]", "Only an administrator");
        view("#/cube/none/overview");
        browser().awaitText("[role=alert]", "There is no cube 'none'");
        view("#/nowhere");
        browser().awaitText(".empty", "Page not found");
    }

    @Test
    void whenTheServerIsGoneThePageSaysSoAndTriesAgain() {
        remember("alice", "{'text':'A note.'}");
        logIn();
        browser().offline(true);
        browser().run("location.hash = '#/cube/alice/overview'");
        browser().awaitText("[role=alert]", "Cannot reach the server");
        browser().offline(false);
        browser().click("[role=alert] button", "Try again");
        browser().awaitText(".panel", "Background work");
    }
}
