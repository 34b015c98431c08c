package io.memos4j.core;

import io.memos4j.api.Actor;
import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.access.Permission;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.Note;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Principals, keys, grants, audit and actors of an open engine. */
class AccessControlTest {
    private static final Instant AT = Instant.parse("2025-03-01T10:00:00Z");

    @TempDir
    private Path directory;

    private MemOs memos;

    @BeforeEach
    void open() {
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder());
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private MemGovernance governance() {
        return memos.governance();
    }

    private static AuditEntry entry(String principal, String cube) {
        return new AuditEntry(0, AT, principal, "key", "DELETE /v1/cubes/{cube}", cube, "", 204, "r");
    }

    @Test
    void noFileOfTheDirectoryHoldsASecret() throws IOException {
        governance().create("acme", false);
        List<String> secrets = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            IssuedKey issued = governance().issue(KeyRequest.of("acme").labeled("key " + i));
            secrets.add(issued.secret());
            assertThat(governance().authenticate(issued.secret())).isPresent();
            secrets.add(
                    governance().rotate(issued.key().id(), Duration.ofHours(i)).secret());
        }
        governance().revoke(governance().keys().getLast().id());
        assertNowhere(secrets);
        memos.close();
        assertNowhere(secrets);
        open();
    }

    private void assertNowhere(List<String> secrets) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).isNotEmpty();
            for (Path file : all) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                for (String secret : secrets) {
                    assertThat(content.contains(secret.substring(17)))
                            .as("%s holds the random part of a secret", file)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void aCubeThatIsDeletedAndMadeAgainIsNotOpenToWhomItWasGranted() {
        governance().create("acme", false);
        CallerIdentity acme = governance()
                .authenticate(governance().issue(KeyRequest.of("acme")).secret())
                .orElseThrow();
        CubeId shared = memos.cube("zeta/shared").id();
        governance().grant("acme", shared, Permission.WRITE, Optional.empty());
        assertThat(governance().permission(acme, shared)).contains(Permission.WRITE);
        memos.delete(shared);
        assertThat(governance().permission(acme, shared)).isEmpty();
        memos.create(shared);
        assertThat(governance().permission(acme, shared)).isEmpty();
        assertThat(governance().grantsOn(shared)).isEmpty();
    }

    @Test
    void theAuditOfManyWritersHasNoGapAndIsReadPageByPage() throws Exception {
        List<Future<?>> calls = new ArrayList<>();
        try (ExecutorService writers = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 400; i++) {
                String principal = i % 4 == 0 ? "acme" : "zeta";
                calls.add(writers.submit(() -> governance().record(entry(principal, "a"))));
            }
        }
        for (Future<?> call : calls) {
            call.get();
        }
        assertThat(numbers(AuditQuery.ALL.limit(77)))
                .isEqualTo(LongStream.rangeClosed(1, 400)
                        .mapToObj(number -> 401 - number)
                        .toList());
        assertThat(numbers(AuditQuery.ALL.by("acme").about(CubeId.of("a")).limit(30)))
                .hasSize(100)
                .isSortedAccordingTo((left, right) -> Long.compare(right, left));
        close();
        open();
        governance().record(entry("acme", "b"));
        assertThat(governance().audit(AuditQuery.ALL.about(CubeId.of("b"))).items())
                .containsExactly(new AuditEntry(401, AT, "acme", "key", "DELETE /v1/cubes/{cube}", "b", "", 204, "r"));
    }

    private List<Long> numbers(AuditQuery query) {
        List<Long> numbers = new ArrayList<>();
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page<AuditEntry> page = governance().audit(query.after(next.get()));
            page.items().forEach(each -> numbers.add(each.number()));
            next = page.next();
        }
        return numbers;
    }

    @Test
    void versionsAreRecordedUnderWhoeverMadeThem() {
        MemCube cube = memos.cube("alice");
        ItemId id = memos.runAs("key:abc", () -> cube.add(Note.of("The door is green.")))
                .ids()
                .getFirst();
        memos.runAs("key:outer", () -> {
            memos.runAs("key:inner", () -> cube.update(id, ItemEdit.text("The door is blue.")));
            return cube.update(id, ItemEdit.text("The door is red."));
        });
        cube.update(id, ItemEdit.text("The door is white."));
        assertThat(cube.history(id))
                .extracting(ItemVersion::actor)
                .containsExactly(
                        Actor.named("key:abc"), Actor.named("key:inner"), Actor.named("key:outer"), Actor.USER);
    }

    @Test
    void aTaskIsAskedForByTheActorAndWritesInItsOwnName() {
        MemCube cube = memos.cube("alice");
        cube.add(Note.of("The door is green."), Note.of("The door is green!"));
        String cause = memos.runAs(
                        "key:abc", () -> memos.scheduler().submit(cube.id(), TaskRequest.of(TaskKind.COMPACT)))
                .cause();
        assertThat(cause).isEqualTo("key:abc");
        assertThat(memos.runAs("key:abc", () -> memos.scheduler().maintain(cube.id(), Duration.ofMinutes(1))))
                .isTrue();
        assertThat(cube.list(ListRequest.first()).items().stream()
                        .flatMap(item -> cube.history(item.id()).stream())
                        .map(ItemVersion::actor))
                .isNotEmpty()
                .allMatch(actor -> actor.equals(Actor.USER) || actor.isTask());
    }
}
