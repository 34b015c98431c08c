package io.memos4j.testkit.vault;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.access.AccessReader;
import io.memos4j.spi.access.StoredKey;
import io.memos4j.testkit.SampleItems;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract of vaults for principals, keys, grants and the audit log. */
abstract class VaultAccessContract extends VaultTransferContract {
    private static final Instant NOW = SampleItems.EPOCH;
    private static final Principal ACME = new Principal("acme", false, NOW);
    private static final Principal ROOT = new Principal("root", true, NOW.plusMillis(1));

    @Test
    void principalsComeBackByNameAndGoWithTheirKeysAndGrants() {
        create(ROOT, ACME);
        assertThat(this.<List<Principal>>look(AccessReader::principals)).containsExactly(ACME, ROOT);
        issue(key("a", "acme"), key("b", "root"));
        grant(cube, "acme", Permission.READ);
        grant(cube, "root", Permission.WRITE);
        assertThat(remove("acme")).isTrue();
        assertThat(remove("acme")).isFalse();
        assertThat(this.<List<Principal>>look(AccessReader::principals)).containsExactly(ROOT);
        assertThat(keys()).extracting(ApiKey::id).containsExactly("b");
        assertThat(grants()).extracting(CubeGrant::principal).containsExactly("root");
    }

    @Test
    void aNameIsTakenOnceAndAnIdToo() {
        create(ACME);
        issue(key("a", "acme"));
        assertThatThrownBy(() -> create(ACME)).isInstanceOf(MemoryException.class);
        assertThatThrownBy(() -> issue(key("a", "acme"))).isInstanceOf(MemoryException.class);
    }

    @Test
    void aKeyComesBackAsItWasStored() {
        create(ACME);
        ApiKey whole = new ApiKey(
                "whole",
                "acme",
                "label ü \u0000 '",
                Permission.WRITE,
                Set.of(CubeId.of("acme/a"), CubeId.of("other \"b\"")),
                NOW,
                Optional.of(NOW.plusMillis(5)),
                Optional.of(NOW.plusMillis(6)),
                Optional.of(NOW.plusMillis(7)));
        issue(key("z", "acme"), whole, key("a", "acme"));
        assertThat(keys()).extracting(ApiKey::id).containsExactly("z", "whole", "a");
        assertThat(keys().get(1)).isEqualTo(whole);
        assertThat(this.<List<StoredKey>>look(AccessReader::keys).get(1).hash()).isEqualTo(hash("whole"));
    }

    @Test
    void aKeyThatWasRevokedKeepsNoHashAndOneThatEndsLaterKeepsIt() {
        create(ACME);
        issue(key("a", "acme"), key("b", "acme"), key("c", "acme"));
        write(writer -> {
            writer.access().revoke("a", NOW.plusSeconds(1));
            writer.access().expire("b", NOW.plusSeconds(2));
        });
        List<StoredKey> stored = look(AccessReader::keys);
        assertThat(stored.get(0).hash()).isEmpty();
        assertThat(stored.get(0).key().revokedAt()).contains(NOW.plusSeconds(1));
        assertThat(stored.get(1).hash()).isEqualTo(hash("b"));
        assertThat(stored.get(1).key().revokedAt()).contains(NOW.plusSeconds(2));
        assertThat(stored.get(2).key().revokedAt()).isEmpty();
    }

    @Test
    void theLastUseOfAKeyNeverGoesBack() {
        create(ACME);
        issue(key("a", "acme"));
        for (Duration at : List.of(Duration.ofSeconds(5), Duration.ofSeconds(9), Duration.ofSeconds(7))) {
            write(writer -> writer.access().recordKeyUse(Map.of("a", NOW.plus(at), "unknown", NOW)));
        }
        assertThat(keys().getFirst().lastUsedAt()).contains(NOW.plusSeconds(9));
    }

    @Test
    void aGrantTakesThePlaceOfTheFormerAndIsTakenBackOnce() {
        create(ACME);
        grant(cube, "acme", Permission.READ);
        CubeGrant second = new CubeGrant(
                "acme", SampleItems.CUBE, Permission.ADMIN, NOW.plusSeconds(1), Optional.of(NOW.plusSeconds(2)));
        write(writer -> writer.access().grant(cube.key(), second));
        assertThat(grants()).containsExactly(second);
        assertThat(ungrant("acme")).isTrue();
        assertThat(ungrant("acme")).isFalse();
        assertThat(grants()).isEmpty();
    }

    @Test
    void aCubeTakesItsGrantsAlongAndANewOneOfItsNameHasNone() {
        create(ACME);
        CubeRow kept = other();
        grant(cube, "acme", Permission.ADMIN);
        grant(kept, "acme", Permission.READ);
        write(writer -> writer.deleteCube(cube.key()));
        cube = vault.write(writer -> writer.createCube(SampleItems.CUBE, EMBEDDER, 2, NOW));
        assertThat(grants()).extracting(CubeGrant::cube).containsExactly(kept.id());
    }

    @Test
    void theAuditIsNumberedWithoutAGapAndReadNewestFirst() {
        for (int i = 1; i <= 7; i++) {
            record("acme", "cube " + i % 2);
        }
        AuditEntry first = entry("acme", "cube 1", 1);
        assertThat(audit(AuditQuery.ALL).items().getLast()).isEqualTo(first);
        assertThat(numbers(audit(AuditQuery.ALL))).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
        assertThat(audit(AuditQuery.ALL).next()).isEmpty();
        AuditQuery two = AuditQuery.ALL.limit(2);
        Page<AuditEntry> page = audit(two);
        assertThat(numbers(page)).containsExactly(7L, 6L);
        record("acme", "came in between");
        page = audit(two.after(page.next().orElseThrow()));
        assertThat(numbers(page)).containsExactly(5L, 4L);
        page = audit(two.limit(3).after(page.next().orElseThrow()));
        assertThat(numbers(page)).containsExactly(3L, 2L, 1L);
        assertThat(page.next()).isEmpty();
    }

    @Test
    void theAuditIsReadByPrincipalAndByCube() {
        record("acme", "a");
        record("acme", "b");
        record("zeta", "a");
        assertThat(numbers(audit(AuditQuery.ALL.by("acme")))).containsExactly(2L, 1L);
        assertThat(numbers(audit(AuditQuery.ALL.about(CubeId.of("a"))))).containsExactly(3L, 1L);
        assertThat(numbers(audit(AuditQuery.ALL.by("acme").about(CubeId.of("a")))))
                .containsExactly(1L);
        Page<AuditEntry> page = audit(AuditQuery.ALL.by("acme").limit(1));
        assertThat(numbers(page)).containsExactly(2L);
        assertThat(numbers(audit(
                        AuditQuery.ALL.by("acme").limit(1).after(page.next().orElseThrow()))))
                .containsExactly(1L);
    }

    @Test
    void aForeignCursorIsRefused() {
        for (String cursor : List.of("x", "-1", "0", "99999999999999999999", " 1")) {
            assertThatThrownBy(() -> audit(AuditQuery.ALL.after(cursor))).hasMessageContaining("is not a cursor");
        }
    }

    @Test
    void anEntryOfAWriteThatFailsLeavesNoGap() {
        record("acme", "a");
        assertThatThrownBy(() -> write(writer -> {
                    writer.audit().record(entry("acme", "never", 0));
                    throw MemoryException.invalid("refused");
                }))
                .hasMessage("refused");
        record("acme", "b");
        assertThat(numbers(audit(AuditQuery.ALL))).containsExactly(2L, 1L);
    }

    @Test
    void manyWritersGetNumbersOfTheirOwn() throws Exception {
        List<Future<Long>> numbers = new ArrayList<>();
        try (ExecutorService writers = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 320; i++) {
                String cube = "cube " + i;
                numbers.add(writers.submit(() -> record("acme", cube)));
            }
        }
        List<Long> given = new ArrayList<>();
        for (Future<Long> number : numbers) {
            given.add(number.get());
        }
        Collections.sort(given);
        assertThat(given).isEqualTo(LongStream.rangeClosed(1, 320).boxed().toList());
    }

    @Test
    void everythingAboutAccessSurvivesARestart() {
        create(ACME, ROOT);
        issue(key("a", "acme"));
        grant(cube, "acme", Permission.READ);
        record("acme", "a");
        List<ApiKey> keys = keys();
        List<CubeGrant> grants = grants();
        vault.close();
        vault = open(directory);
        assertThat(this.<List<Principal>>look(AccessReader::principals)).containsExactly(ACME, ROOT);
        assertThat(keys()).isEqualTo(keys);
        assertThat(grants()).isEqualTo(grants);
        assertThat(record("acme", "b")).isEqualTo(2);
    }

    private static ApiKey key(String id, String principal) {
        return new ApiKey(
                id,
                principal,
                "",
                Permission.ADMIN,
                Set.of(),
                NOW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static byte[] hash(String id) {
        byte[] hash = new byte[32];
        hash[0] = (byte) id.charAt(0);
        return hash;
    }

    private void create(Principal... principals) {
        write(writer -> List.of(principals).forEach(writer.access()::create));
    }

    private boolean remove(String principal) {
        return vault.write(writer -> writer.access().remove(principal));
    }

    private void issue(ApiKey... keys) {
        write(writer -> List.of(keys).forEach(key -> writer.access().issue(new StoredKey(key, hash(key.id())))));
    }

    private void grant(CubeRow row, String principal, Permission permission) {
        write(writer -> writer.access()
                .grant(row.key(), new CubeGrant(principal, row.id(), permission, NOW, Optional.empty())));
    }

    private boolean ungrant(String principal) {
        return vault.write(writer -> writer.access().revokeGrant(principal, cube.key()));
    }

    private static AuditEntry entry(String principal, String cube, long number) {
        return new AuditEntry(number, NOW, principal, "key", "POST /v1", cube, "item", 200, "request");
    }

    private long record(String principal, String cubeName) {
        return vault.write(writer -> writer.audit().record(entry(principal, cubeName, 99)));
    }

    private Page<AuditEntry> audit(AuditQuery query) {
        return vault.read(reader -> reader.audit().list(query));
    }

    private static List<Long> numbers(Page<AuditEntry> page) {
        return page.items().stream().map(AuditEntry::number).toList();
    }

    private List<ApiKey> keys() {
        return this.<List<StoredKey>>look(AccessReader::keys).stream()
                .map(StoredKey::key)
                .toList();
    }

    private List<CubeGrant> grants() {
        return look(AccessReader::grants);
    }

    private <T> T look(Function<AccessReader, T> work) {
        return vault.read(reader -> work.apply(reader.access()));
    }
}
