package io.memos4j.testkit.vault;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.ListRequest.Sort;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.privacy.LabelRule;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.privacy.SensitivityLabel;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.FingerprintedItem;
import io.memos4j.spi.items.SessionNeighbors;
import io.memos4j.spi.items.StoredAnswer;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.testkit.FilterCases;
import io.memos4j.testkit.SampleItems;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract of vaults. Extend it and open yours. */
public abstract class VaultContract extends VaultSequenceContract {
    @Test
    void anItemComesBackAsItWasStored() {
        FilterCases.items().forEach(this::insert);
        List<ItemId> ids = FilterCases.items().stream().map(MemoryItem::id).toList();
        assertThat(vault.<List<MemoryItem>>read(reader -> reader.items(cube.key(), ids)))
                .isEqualTo(FilterCases.items());
        assertThat(vault.<List<MemoryItem>>read(
                        reader -> reader.items(cube.key(), List.of(SampleItems.id(99), ids.get(2)))))
                .containsExactly(FilterCases.items().get(2));
    }

    @Test
    void theZonesOfItemsAndCubesAreKept() {
        MemoryItem plain = SampleItems.message(1, "said here");
        MemoryItem item = new MemoryItem(
                plain.cube(),
                plain.id(),
                1,
                plain.type(),
                plain.state(),
                plain.text(),
                plain.title(),
                plain.origin(),
                plain.times().in(Optional.of(ZoneId.of("Asia/Tokyo"))),
                plain.tags(),
                plain.metadata());
        insert(item);
        vault.write(writer -> {
            writer.setZone(cube.key(), Optional.of(ZoneOffset.ofHours(-14)));
            return cube;
        });
        vault.close();
        vault = open(directory);
        assertThat(vault.<List<MemoryItem>>read(reader -> reader.items(cube.key(), List.of(item.id()))))
                .containsExactly(item);
        assertThat(vault.<Optional<CubeRow>>read(reader -> reader.findCube(SampleItems.CUBE)))
                .hasValueSatisfying(row -> assertThat(row.zone()).contains(ZoneOffset.ofHours(-14)));
        vault.write(writer -> {
            writer.setZone(cube.key(), Optional.empty());
            return cube;
        });
        assertThat(vault.<Optional<CubeRow>>read(reader -> reader.findCube(SampleItems.CUBE)))
                .hasValueSatisfying(row -> assertThat(row.zone()).isEmpty());
    }

    @Test
    void labelsAndPoliciesAreKept() {
        SensitivityLabel label = new SensitivityLabel(Sensitivity.PRIVATE, Sensitivity.SECRET);
        PrivacyPolicy policy = new PrivacyPolicy(
                LabelRule.of(LabelRule.Action.STORE, false),
                LabelRule.of(LabelRule.Action.BLOCK, true).expireAfter(Duration.ofDays(30)));
        MemoryItem item = SampleItems.message(1, "labeled").withLabel(label);
        insert(item);
        vault.write(writer -> {
            writer.setPrivacy(cube.key(), policy);
            return cube;
        });
        vault.close();
        vault = open(directory);

        assertThat(vault.<List<MemoryItem>>read(reader -> reader.items(cube.key(), List.of(item.id()))))
                .containsExactly(item)
                .extracting(MemoryItem::label)
                .containsExactly(label);
        assertThat(vault.<Optional<CubeRow>>read(reader -> reader.findCube(SampleItems.CUBE)))
                .hasValueSatisfying(row -> assertThat(row.privacy()).isEqualTo(policy));
        assertThat(vault.<Integer>write(writer -> writer.screen(10, each -> SensitivityLabel.INTERNAL)))
                .isZero();
    }

    @Test
    void everythingIsThereAfterReopening() {
        insert(SampleItems.message(1, "stays"));
        vault.close();
        vault = open(directory);
        assertThat(vault.<Optional<CubeRow>>read(reader -> reader.findCube(SampleItems.CUBE)))
                .hasValueSatisfying(row -> assertThat(row.seq()).isEqualTo(1));
        assertThat(texts(vault.read(reader -> reader.items(cube.key(), List.of(SampleItems.id(1))))))
                .containsExactly("stays");
    }

    @Test
    void aWriteThatThrowsLeavesNothing() {
        assertThatThrownBy(() -> vault.write(writer -> {
                    writer.insert(cube.key(), List.of(SampleItems.stored(SampleItems.message(1, "never"))));
                    throw MemoryException.invalid("refused");
                }))
                .hasMessage("refused");
        assertThat(vault.read(reader -> reader.list(cube.key(), ListRequest.first()))
                        .items())
                .isEmpty();
        assertThat(row().seq()).isZero();
    }

    @Test
    void oneRefusedWriteDoesNotDisturbItsNeighbours() throws Exception {
        List<Callable<Boolean>> works = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            works.add(() -> {
                try {
                    vault.change(writer -> {
                        writer.insert(
                                cube.key(), List.of(SampleItems.stored(SampleItems.message(number, "text " + number))));
                        if (number % 3 == 0) {
                            throw MemoryException.invalid("refused");
                        }
                    });
                    return true;
                } catch (MemoryException e) {
                    return false;
                }
            });
        }
        long stored = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> each : threads.invokeAll(works)) {
                stored += each.get() ? 1 : 0;
            }
        }
        assertThat(stored).isEqualTo(133);
        assertThat(vault.read(reader ->
                                reader.list(cube.key(), ListRequest.first().limit(1_000)))
                        .items())
                .hasSize(133);
        assertThat(row().seq()).isEqualTo(133);
    }

    @Test
    void aReadSeesOneStateWhateverIsWrittenMeanwhile() {
        insert(SampleItems.message(1, "first"));
        vault.read(reader -> {
            assertThat(reader.describe(row(reader)).itemCount()).isEqualTo(1);
            insert(SampleItems.message(2, "second"));
            assertThat(reader.describe(row(reader)).itemCount()).isEqualTo(1);
            return true;
        });
        assertThat(vault.read(reader -> reader.describe(row(reader))).itemCount())
                .isEqualTo(2);
    }

    @Test
    void cubesDoNotSeeEachOther() {
        CubeRow other = vault.write(writer -> writer.createCube(CubeId.of("other"), "", 0, SampleItems.EPOCH));
        insert(SampleItems.message(1, "mine"));
        assertThat(vault.<List<MemoryItem>>read(reader -> reader.items(other.key(), List.of(SampleItems.id(1)))))
                .isEmpty();
        assertThat(vault.<List<ItemId>>read(reader -> reader.select(other.key(), Selection.item(SampleItems.id(1)))))
                .isEmpty();
        assertThat(vault.read(reader -> reader.changes(other.key(), 0, 10)).upserts())
                .isEmpty();
        vault.change(writer -> writer.erase(other.key(), List.of(SampleItems.id(1)), SampleItems.time(60)));
        assertThat(vault.<List<MemoryItem>>read(reader -> reader.items(cube.key(), List.of(SampleItems.id(1)))))
                .hasSize(1);
    }

    @Test
    void aDeletedCubeLeavesNothingAndItsKeyIsNotReused() {
        insert(SampleItems.message(1, "gone"));
        vault.change(writer -> writer.deleteCube(cube.key()));
        assertThat(vault.read(VaultReader::cubes)).isEmpty();
        CubeRow again = vault.write(writer -> writer.createCube(SampleItems.CUBE, "", 0, SampleItems.EPOCH));
        assertThat(again.key()).isGreaterThan(cube.key());
        assertThat(vault.read(reader -> reader.list(again.key(), ListRequest.first()))
                        .items())
                .isEmpty();
    }

    @Test
    void historyHoldsEveryVersionWithoutGaps() {
        MemoryItem first = SampleItems.message(1, "one");
        MemoryItem second = SampleItems.revised(first, "two");
        MemoryItem third = SampleItems.revised(second, "three");
        insert(first);
        replace(second);
        replace(third);
        List<ItemVersion> history = vault.read(reader -> reader.versions(cube.key(), first.id()));
        assertThat(history).extracting(ItemVersion::item).containsExactly(first, second, third);
        assertThat(history)
                .extracting(ItemVersion::supersededAt)
                .containsExactly(
                        Optional.of(second.times().updatedAt()),
                        Optional.of(third.times().updatedAt()),
                        Optional.empty());
    }

    @Test
    void filtersChooseWhatTheTableSays() {
        FilterCases.items().forEach(this::insert);
        FilterCases.cases().forEach((filter, expected) -> {
            Set<ItemId> ids = expected.stream().map(SampleItems::id).collect(Collectors.toSet());
            List<MemoryItem> listed = vault.read(reader ->
                            reader.list(cube.key(), ListRequest.first().where(filter)))
                    .items();
            assertThat(listed)
                    .extracting(MemoryItem::id)
                    .as("list %s", filter)
                    .containsExactlyInAnyOrderElementsOf(ids);
            assertThat(vault.<List<ItemId>>read(reader -> reader.select(cube.key(), Selection.matching(filter))))
                    .as("select %s", filter)
                    .containsExactlyInAnyOrderElementsOf(ids);
        });
    }

    @Test
    void pagesCoverEverythingOnceInEveryOrderAlsoWithTies() {
        for (int i = 0; i < 25; i++) {
            MemoryItem item = SampleItems.message(i / 3, "text " + i);
            insert(new MemoryItem(
                    item.cube(),
                    SampleItems.id(i),
                    1,
                    item.type(),
                    item.state(),
                    item.text(),
                    "",
                    item.origin(),
                    item.times(),
                    item.tags(),
                    item.metadata()));
        }
        for (Sort sort : Sort.values()) {
            List<ItemId> seen = new ArrayList<>();
            Optional<String> next = Optional.of("");
            while (next.isPresent()) {
                String cursor = next.get();
                Page<MemoryItem> page = vault.read(reader -> reader.list(
                        cube.key(), ListRequest.first().sortedBy(sort).limit(7).after(cursor)));
                page.items().forEach(item -> seen.add(item.id()));
                next = page.next();
            }
            assertThat(seen).as("%s", sort).hasSize(25).doesNotHaveDuplicates();
        }
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> vault.read(
                        reader -> reader.list(cube.key(), ListRequest.first().after("nonsense"))));
    }

    @Test
    void derivationIsFollowedToTheEnd() {
        insert(SampleItems.message(1, "source"));
        insert(SampleItems.derived(2, "fact", SampleItems.id(1)));
        insert(SampleItems.derived(3, "summary", SampleItems.id(2)));
        insert(SampleItems.message(4, "unrelated"));
        assertThat(vault.<List<ItemId>>read(reader -> reader.derivedFrom(cube.key(), List.of(SampleItems.id(1)))))
                .containsExactlyInAnyOrder(SampleItems.id(2), SampleItems.id(3));
    }

    @Test
    void neighborsAreThoseOfTheSameSession() {
        insert(SampleItems.message(1, "before"));
        insert(SampleItems.derived(2, "between, elsewhere", SampleItems.id(1)));
        insert(SampleItems.message(3, "middle"));
        insert(SampleItems.message(4, "after"));
        Map<ItemId, SessionNeighbors> adjacent = vault.read(reader ->
                reader.sessionNeighbors(cube.key(), List.of(SampleItems.id(1), SampleItems.id(2), SampleItems.id(3))));
        assertThat(adjacent)
                .containsEntry(
                        SampleItems.id(3),
                        new SessionNeighbors(Optional.of(SampleItems.id(1)), Optional.of(SampleItems.id(4))));
        assertThat(adjacent)
                .containsEntry(
                        SampleItems.id(1), new SessionNeighbors(Optional.empty(), Optional.of(SampleItems.id(3))));
        assertThat(adjacent).doesNotContainKey(SampleItems.id(2));
    }

    @Test
    void theTailOfASessionComesNewestFirst() {
        insert(SampleItems.message(1, "one"));
        insert(SampleItems.message(2, "two"));
        assertThat(vault.<List<FingerprintedItem>>read(reader -> reader.recentFingerprints(cube.key(), "session-1", 5)))
                .containsExactly(
                        new FingerprintedItem(SampleItems.id(2), "print-two"),
                        new FingerprintedItem(SampleItems.id(1), "print-one"));
        assertThat(vault.<Map<String, ItemId>>read(
                        reader -> reader.findByFingerprint(cube.key(), List.of("print-one", "print-none"))))
                .isEqualTo(Map.of("print-one", SampleItems.id(1)));
    }

    @Test
    void vectorsWaitUntilTheyAreStoredAndAreDroppedForAnOlderVersion() {
        MemoryItem item = SampleItems.message(1, "text");
        insert(item);
        assertThat(pending()).extracting(each -> each.item().id()).containsExactly(item.id());
        assertThat(vault.<List<CubeKey>>read(reader -> reader.cubesWithPending(EMBEDDER)))
                .containsExactly(cube.key());
        assertThat(vault.<List<CubeKey>>read(reader -> reader.cubesWithPending("embedder-b")))
                .isEmpty();
        replace(SampleItems.revised(item, "newer"));
        store(item, 1, Optional.of(new byte[] {1, 2}));
        assertThat(vault.<Boolean>read(reader -> reader.hasPending(cube.key()))).isTrue();
        assertThat(pending()).hasSize(1);
        store(item, 2, Optional.of(new byte[] {3, 4}));
        assertThat(pending()).isEmpty();
        assertThat(vault.<Boolean>read(reader -> reader.hasPending(cube.key()))).isFalse();
        var upsert = vault.read(reader -> reader.changes(cube.key(), 0, 10))
                .upserts()
                .getFirst();
        assertThat(upsert.passages().getFirst().vector()).hasValue(new byte[] {3, 4});
        vault.change(writer -> writer.changeEmbedder(cube.key(), "embedder-b", 3));
        assertThat(pending()).hasSize(1);
        assertThat(vault.<List<CubeKey>>read(reader -> reader.cubesWithPending("embedder-b")))
                .containsExactly(cube.key());
    }

    @Test
    void answersAreRememberedUntilTheyAreForgotten() {
        StoredAnswer answer = new StoredAnswer("hash", "answer");
        vault.change(writer -> writer.storeAnswer(cube.key(), "key", answer, SampleItems.time(1)));
        assertThat(vault.<Optional<StoredAnswer>>read(reader -> reader.findAnswer(cube.key(), "key")))
                .contains(answer);
        vault.change(writer -> writer.deleteAnswers(SampleItems.time(2)));
        assertThat(vault.<Optional<StoredAnswer>>read(reader -> reader.findAnswer(cube.key(), "key")))
                .isEmpty();
    }

    @Test
    void aSoundVaultHasNothingToReportAndSurvivesCompaction() {
        insert(SampleItems.message(1, "kept"));
        vault.compact();
        assertThat(vault.verify()).isEmpty();
        assertThat(vault.bytes()).isPositive();
        assertThat(vault.<List<MemoryItem>>read(reader -> reader.items(cube.key(), List.of(SampleItems.id(1)))))
                .hasSize(1);
    }

    @Test
    void aClosedVaultSaysSo() {
        vault.close();
        for (Callable<Object> call : List.<Callable<Object>>of(
                () -> vault.read(VaultReader::cubes), () -> vault.write(writer -> writer.cubes()))) {
            refused(ErrorCode.CLOSED, call::call);
        }
    }
}
