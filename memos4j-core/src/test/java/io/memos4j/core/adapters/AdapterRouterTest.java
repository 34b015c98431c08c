package io.memos4j.core.adapters;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.Int8Vectors;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.models.Embedder.Purpose;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.testkit.SampleAdapters;
import io.memos4j.testkit.SampleItems;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class AdapterRouterTest {
    private static final HashingEmbedder EMBEDDER = new HashingEmbedder("hash", 256);

    @TempDir
    Path directory;

    private Vault vault;
    private CubeRow cube;

    @BeforeEach
    void open() {
        vault = ServiceLoader.load(VaultProvider.class)
                .findFirst()
                .orElseThrow()
                .open(directory, Long.MAX_VALUE);
        cube = vault.write(writer ->
                writer.createCube(CubeId.of("sample"), EMBEDDER.id(), EMBEDDER.dimension(), SampleItems.EPOCH));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private AdapterId taught(String name, AdapterState state, boolean vectors, MemoryItem... items) {
        AdapterId id = new AdapterId(name, 1);
        vault.write(writer -> {
            for (MemoryItem item : items) {
                writer.insert(cube.key(), List.of(SampleItems.stored(item)));
                if (vectors) {
                    writer.storeVectors(List.of(vector(item)));
                }
            }
            List<ItemId> taught = Stream.of(items).map(MemoryItem::id).toList();
            return writer.adapters().record(cube.key(), SampleAdapters.recorded(id, state, taught, SampleItems.EPOCH));
        });
        return id;
    }

    private PassageVector vector(MemoryItem item) {
        return new PassageVector(
                cube.key(),
                item.id(),
                1,
                0,
                Optional.of(Int8Vectors.encode(EMBEDDER.embed(item.text(), Purpose.DOCUMENT))));
    }

    private List<AdapterRouter.RoutedAdapter> chosen(boolean vectors, int most, String question) {
        Optional<VectorSpace> space =
                vectors ? VectorSpace.of(new MemOsConfig.Embedding.Custom(EMBEDDER)) : Optional.empty();
        return new AdapterRouter(vault, space, most).route(List.of(cube), question);
    }

    private static List<AdapterId> ids(List<AdapterRouter.RoutedAdapter> chosen) {
        return chosen.stream().map(each -> each.adapter().id()).toList();
    }

    @Test
    void aQuestionGoesToWhatWasTaughtTheClosestMemory() {
        AdapterId dog = taught("dog", AdapterState.ACTIVE, true, SampleItems.message(1, "Alice's dog is called Rex."));
        AdapterId town = taught("town", AdapterState.ACTIVE, true, SampleItems.message(2, "Bob lives in Oslo."));

        assertThat(ids(chosen(true, 2, "What is Alice's dog called?"))).containsExactly(dog);
        assertThat(ids(chosen(true, 2, "Bob lives where, in Oslo?"))).containsExactly(town);
        assertThat(chosen(true, 2, "What is Alice's dog called?").getFirst())
                .satisfies(each -> assertThat(each.scale()).isEqualTo(1))
                .satisfies(each ->
                        assertThat(each.reason()).contains(SampleItems.id(1).toString()));
    }

    @Test
    void whatNobodyWasTaughtGoesToTheBase() {
        taught("dog", AdapterState.ACTIVE, true, SampleItems.message(1, "Alice's dog is called Rex."));

        assertThat(chosen(true, 2, "How do volcanoes erupt?")).isEmpty();
        assertThat(chosen(true, 2, LocalityPrompts.EVALUATED.getFirst())).isEmpty();
        assertThat(chosen(false, 2, "How do volcanoes erupt?")).isEmpty();
        assertThat(chosen(false, 2, "???")).isEmpty();
    }

    @Test
    void whatIsNotInUseDoesNotAnswer() {
        taught("dog", AdapterState.ADMITTED, true, SampleItems.message(1, "Alice's dog is called Rex."));

        assertThat(chosen(true, 2, "What is Alice's dog called?")).isEmpty();
    }

    @Test
    void severalAnswerTogetherAsFarAsTheyAreSure() {
        taught("dog", AdapterState.ACTIVE, false, SampleItems.message(1, "Alice's dog is called Rex."));
        taught("pup", AdapterState.ACTIVE, false, SampleItems.message(2, "The dog of Alice is called Rex since May."));

        assertThat(chosen(false, 2, "What is Alice's dog called?")).hasSize(2).allMatch(each -> each.scale() >= 0.5);
        assertThat(chosen(false, 1, "What is Alice's dog called?")).hasSize(1);
    }

    @Test
    void wordsDecideWhereThereAreNoVectors() {
        AdapterId dog = taught("dog", AdapterState.ACTIVE, false, SampleItems.message(1, "Alice's dog is called Rex."));
        taught("town", AdapterState.ACTIVE, false, SampleItems.message(2, "Bob lives in Oslo."));

        assertThat(ids(chosen(false, 2, "What is Alice's dog called?"))).containsExactly(dog);
        assertThat(ids(chosen(true, 2, "What is Alice's dog called?"))).containsExactly(dog);
    }

    @Test
    void whatIsAtHandIsWhatIsInUse() {
        AdapterRouter router = new AdapterRouter(vault, VectorSpace.of(new MemOsConfig.Embedding.Custom(EMBEDDER)), 2);
        MemoryItem rex = SampleItems.message(1, "Alice's dog is called Rex.");
        MemoryItem fido = SampleItems.message(2, "Bob's dog is called Fido.");
        AdapterId first = taught("dog", AdapterState.ACTIVE, false, rex);
        String question = "Alice's dog is called what?";
        assertThat(router.route(List.of(cube), question))
                .singleElement()
                .satisfies(each -> assertThat(each.reason()).contains("0.60 is needed"));
        vault.write(writer -> {
            writer.storeVectors(List.of(vector(rex)));
            return true;
        });
        assertThat(router.route(List.of(cube), question))
                .as("its vector is there")
                .singleElement()
                .satisfies(each -> assertThat(each.reason()).doesNotContain("0.60 is needed"));
        AdapterId second = taught("pup", AdapterState.ACTIVE, true, fido);
        assertThat(ids(router.route(List.of(cube), "Bob's dog is called what?")))
                .contains(second);
        vault.write(writer -> {
            writer.erase(cube.key(), List.of(rex.id()), SampleItems.time(9));
            return true;
        });
        assertThat(ids(router.route(List.of(cube), question)))
                .as("even before it is told")
                .doesNotContain(first);
    }
}
