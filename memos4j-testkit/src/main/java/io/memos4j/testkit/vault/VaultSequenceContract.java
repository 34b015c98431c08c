package io.memos4j.testkit.vault;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.Passage;
import io.memos4j.testkit.SampleItems;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract of vaults for reading the changes of a cube. */
abstract class VaultSequenceContract extends VaultUnlearningContract {
    @Test
    void followingTheSequenceRebuildsTheCubeAfterAnyHistory() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        Map<ItemId, String> truth = new HashMap<>();
        Map<ItemId, MemoryItem> current = new HashMap<>();
        Map<ItemId, String> follower = new HashMap<>();
        long followed = 0;
        for (int step = 0; step < 400; step++) {
            ItemId id = SampleItems.id(random.nextInt(40));
            if (!current.containsKey(id)) {
                MemoryItem item = SampleItems.message(id.value().getLeastSignificantBits() & 0xff, "text " + step);
                insert(item);
                current.put(id, item);
                truth.put(id, item.text());
            } else if (random.nextBoolean()) {
                MemoryItem item = SampleItems.revised(current.get(id), "text " + step);
                replace(item);
                current.put(id, item);
                truth.put(id, item.text());
            } else {
                vault.change(writer -> writer.erase(cube.key(), List.of(id), SampleItems.time(60)));
                current.remove(id);
                truth.remove(id);
            }
            if (random.nextInt(10) == 0) {
                followed = follow(follower, followed, 1 + random.nextInt(5));
            }
        }
        follow(follower, followed, 3);
        assertThat(follower).isEqualTo(truth);
    }

    private long follow(Map<ItemId, String> follower, long after, int limit) {
        long seq = after;
        boolean more = true;
        while (more) {
            long from = seq;
            ChangeBatch batch = vault.read(reader -> reader.changes(cube.key(), from, limit));
            batch.upserts()
                    .forEach(each -> follower.put(each.item().id(), each.item().text()));
            batch.erased().forEach(follower::remove);
            assertThat(batch.seq()).isGreaterThanOrEqualTo(seq);
            seq = batch.seq();
            more = batch.more();
        }
        assertThat(seq).isEqualTo(row().seq());
        return seq;
    }

    @Test
    void anErasedItemLeavesOnlyItsBareId() {
        insert(SampleItems.message(1, "secret"));
        insert(SampleItems.derived(2, "secret too", SampleItems.id(1)));
        vault.change(writer -> writer.erase(
                cube.key(), List.of(SampleItems.id(1), SampleItems.id(2), SampleItems.id(77)), SampleItems.time(60)));
        assertThat(vault.<List<ItemVersion>>read(reader -> reader.versions(cube.key(), SampleItems.id(1))))
                .isEmpty();
        assertThat(vault.<List<Passage>>read(reader -> reader.passages(cube.key(), SampleItems.id(1))))
                .isEmpty();
        assertThat(vault.<Map<String, ItemId>>read(
                        reader -> reader.findByFingerprint(cube.key(), List.of("print-secret"))))
                .isEmpty();
        assertThat(vault.read(reader -> reader.changes(cube.key(), 0, 10)).erased())
                .containsExactlyInAnyOrder(SampleItems.id(1), SampleItems.id(2));
    }
}
