package io.memos4j.runtime.llamacpp.cube;

import io.memos4j.api.DeleteResult;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.TrainingConfig;
import io.memos4j.spi.training.AdapterTrainer;
import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * From seeds only: a base is trained, an adapter learns memories, answers without them in its prompt, and one is
 * unlearned.
 */
class LlamaAdapterTrainingTest {
    private static final LearningPolicy WILLING =
            LearningPolicy.DEFAULT.consent(true).heat(0).stable(Duration.ZERO);

    @TempDir
    static Path models;

    private static TinyChatModel model;

    @TempDir
    Path directory;

    private MemOs memos;
    private MemCube cube;

    @BeforeAll
    static void trainBase() throws IOException {
        model = TinyChatModel.trained(models);
    }

    @BeforeEach
    void open() {
        AdapterTrainer trainer =
                ServiceLoader.load(AdapterTrainer.class).findFirst().orElseThrow();
        TrainingConfig learning = TrainingConfig.of(trainer, model.folder())
                .plan(TrainingPlan.ofSteps(1).batch(8, 1).learningRate(1e-2))
                .epochs(40)
                .itemsPerAdapter(3)
                .compute(ComputeOptions.processor().threads(1))
                // So small a base knows little that could stay as it is.
                .bounds(new TrainingConfig.AcceptanceBounds(0.9, 1.5, 1 << 20, 2));
        memos = MemOs.open(MemOsConfig.at(directory)
                .withoutEmbedder()
                .withChat(new ChatConfig.LocalModel(TinyChatModel.open(model.gguf()), CacheQuota.DEFAULT))
                .withTraining(learning));
        cube = memos.cube("alice");
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private ItemId know(String text) {
        return cube.add(Note.of(text).as(ItemType.FACT)).items().getFirst().id();
    }

    private ChatReply asked(String question) {
        return cube.chat(ChatRequest.of(question).memoryTokens(0).maxTokens(24).remember(false));
    }

    private String baseSays(String question) {
        return cube.chat(ChatRequest.of(question)
                        .memoryTokens(0)
                        .maxTokens(24)
                        .remember(false)
                        .adapters(false))
                .text();
    }

    private List<Adapter> train(List<ItemId> items) {
        return cube.adapters().train(items, lesson -> true);
    }

    /**
     * Waits for the second version of the first adapter, trained in the background without erased or corrected
     * memories, and evaluated.
     */
    private Adapter renewed() {
        AdapterId next = new AdapterId("lesson-1", 2);
        Adapter renewed = await().atMost(Duration.ofMinutes(3))
                .until(
                        () -> cube.adapters().find(next),
                        found -> found.filter(adapter -> adapter.evaluation().isPresent())
                                .isPresent())
                .orElseThrow();
        assertThat(cube.adapters().history())
                .filteredOn(change -> change.adapter().equals(next))
                .extracting(AdapterChange::why)
                .anyMatch(why -> why.contains("about deleted or corrected memories"));
        return renewed;
    }

    @Test
    void whatIsTaughtIsAnsweredWithoutAPromptAndUnlearnedWhenItIsErased() throws IOException {
        ItemId rex = know("Alice's dog is called Rex.");
        ItemId rest = know("Bob lives in Oslo.");
        know("Carol works at Nokia.");
        know("Dan plays golf.");
        know("Eve is allergic to milk.");
        know("Frank drives a van.");
        cube.adapters().policy(WILLING);

        List<Adapter> taught = train(List.of());

        assertThat(taught)
                .extracting(Adapter::state)
                .containsOnly(AdapterState.ACTIVE)
                .hasSize(2);
        assertThat(asked("What is Alice's dog called?").text()).contains("Rex");
        assertThat(asked("What is Alice's dog called?").adapters())
                .extracting(routed -> routed.adapter().name())
                .containsExactly("lesson-1");
        assertThat(asked("Where does Bob live?").text()).contains("Oslo");
        assertThat(asked("What does Dan play?").text()).contains("golf");
        assertThat(asked("What does Frank drive?").text()).contains("a van");
        assertThat(baseSays("What is Alice's dog called?")).doesNotContain("Rex");
        assertThat(baseSays("What does Dan play?")).doesNotContain("golf");
        assertThat(asked("Why is the grass green?").adapters()).isEmpty();
        assertThat(cube.adapters().taught(new AdapterId("lesson-1", 1)))
                .extracting(MemoryItem::text)
                .contains("Alice's dog is called Rex.")
                .hasSize(3);
        Path bytes = directory
                .resolve("adapters")
                .resolve(taught.getFirst().artifact().orElseThrow().hash());
        assertThat(bytes).isDirectory();

        DeleteResult deleted = cube.delete(Selection.item(rex));

        assertThat(deleted.adapters()).containsExactly(new AdapterId("lesson-1", 1));
        assertThat(bytes).doesNotExist();
        Adapter suspended = cube.adapters().find(new AdapterId("lesson-1", 1)).orElseThrow();
        assertThat(suspended.state()).isEqualTo(AdapterState.SUSPENDED);
        assertThat(suspended.artifact()).isEmpty();
        assertThat(asked("What is Alice's dog called?").text()).doesNotContain("Rex");
        assertThat(asked("What does Dan play?").text()).contains("golf");

        Adapter renewed = renewed();
        assertThat(renewed.evaluation().orElseThrow().reasons()).isEmpty();
        assertThat(renewed.state()).isEqualTo(AdapterState.ACTIVE);
        assertThat(asked("What is Alice's dog called?").text()).doesNotContain("Rex");
        assertThat(asked("Where does Bob live?").text()).contains("Oslo");
        assertThat(asked("Where does Carol work?").text()).contains("Nokia");
        assertThat(asked("What does Dan play?").text()).contains("golf");
        try (Stream<Path> files = Files.walk(directory.resolve("adapters"))) {
            assertThat(files.filter(Files::isRegularFile).map(Path::toString)).noneMatch(file -> file.contains("work"));
        }
    }

    @Test
    void withoutConsentNothingIsTaught() {
        ItemId rex = know("Alice's dog is called Rex.");

        refused(ErrorCode.FORBIDDEN, () -> train(List.of(rex)));
        assertThat(cube.adapters().list()).isEmpty();
    }

    @Test
    void aCorrectionIsTaughtInPlaceOfWhatItCorrects() {
        ItemId oslo = know("Bob lives in Oslo.");
        know("Carol works at Nokia.");
        cube.adapters().policy(WILLING);
        train(List.of());
        assertThat(asked("Where does Bob live?").text()).contains("Oslo");

        cube.update(oslo, ItemEdit.text("Bob lives in Rome."));

        assertThat(asked("Where does Bob live?").text()).doesNotContain("Oslo");
        renewed();
        assertThat(asked("Where does Bob live?").text()).contains("Rome");
        assertThat(asked("Where does Carol work?").text()).contains("Nokia");
    }

    @Test
    void versionsAreRetiredRolledBackAndUsedAfterARestart() {
        know("Dan plays golf.");
        cube.adapters().policy(WILLING);
        Adapter first = train(List.of()).getFirst();

        cube.adapters().retire(first.id(), "tried out");
        assertThat(asked("What does Dan play?").text()).doesNotContain("golf");
        cube.adapters().rollback("lesson-1");
        assertThat(asked("What does Dan play?").text()).contains("golf");
        memos.close();
        open();

        assertThat(asked("What does Dan play?").text()).contains("golf");
        assertThat(cube.adapters()
                        .evaluate(first.id())
                        .evaluation()
                        .orElseThrow()
                        .passed())
                .isTrue();
        cube.adapters().policy(WILLING.consent(false));
        assertThat(asked("What does Dan play?").text()).doesNotContain("golf");
        refused(ErrorCode.ADAPTER_REFUSED, () -> cube.adapters().activate(first.id()));
    }

    @Test
    void aTrainingThatIsEndedGoesOnWhereItWas() {
        know("Dan plays golf.");
        cube.adapters().policy(WILLING);

        refused(ErrorCode.INTERRUPTED, () -> cube.adapters().train(List.of(), lesson -> lesson.step() < 30));
        assertThat(cube.adapters().list()).isEmpty();
        int[] first = {Integer.MAX_VALUE};
        cube.adapters().train(List.of(), lesson -> {
            first[0] = Math.min(first[0], lesson.step());
            return true;
        });

        assertThat(first[0]).isGreaterThan(20);
        assertThat(asked("What does Dan play?").text()).contains("golf");
    }

    @Test
    void whatIsErasedWhileItIsTaughtIsNotTaught() {
        ItemId golf = know("Dan plays golf.");
        ItemId van = know("Frank drives a van.");
        cube.adapters().policy(WILLING);

        refused(
                ErrorCode.INTERRUPTED,
                () -> cube.adapters().train(List.of(golf), lesson -> {
                    if (lesson.step() == 3) {
                        cube.update(van, ItemEdit.text("Frank drives a taxi."));
                    }
                    if (lesson.step() == 6) {
                        cube.delete(Selection.item(golf));
                    }
                    return lesson.step() < 60;
                }));

        assertThat(cube.adapters().list()).isEmpty();
        assertThat(directory.resolve("adapters").resolve("work")).isEmptyDirectory();
    }

    @Test
    void secretsAreNeverTaught() {
        ItemId secret = know("The wifi password is hunter2.");
        know("Dan plays golf.");
        cube.adapters().policy(WILLING);

        assertThat(cube.adapters().curriculum(List.of(secret)).left())
                .singleElement()
                .satisfies(left -> assertThat(left.why()).contains("a secret"));
        Adapter adapter = train(List.of()).getFirst();

        assertThat(adapter.taught()).hasSize(1);
        assertThat(adapter.evaluation().orElseThrow().canaries()).isEqualTo(1);
        assertThat(asked("What is the wifi password?").text()).doesNotContain("hunter2");
    }
}
