package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory.Curriculum;
import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.adapters.ParametricMemory.Left;
import io.memos4j.api.history.ItemExplanation;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.spi.CubeKey;
import io.memos4j.testkit.SampleAdapters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which memories may be trained and which versions may be active; the training itself is tested with a real
 * model.
 */
class ParametricMemoryTest extends AgingFixture {
    private static final LearningPolicy WILLING =
            LearningPolicy.DEFAULT.consent(true).heat(0).stable(Duration.ZERO);

    private ItemId know(String text) {
        return remember(Note.of(text).as(ItemType.FACT));
    }

    private Map<ItemId, String> left(ItemId... items) {
        return cube.adapters().curriculum(List.of(items)).left().stream()
                .collect(Collectors.toMap(Left::item, Left::why));
    }

    /** Records a version like a training does, without an evaluation. */
    private AdapterId recorded(String id, ItemId... items) {
        AdapterId adapter = AdapterId.parse(id);
        Adapter made = SampleAdapters.recorded(adapter, AdapterState.CANDIDATE, List.of(items), now());
        assertThat(engine.storage.vault.<Boolean>write(
                        writer -> writer.adapters().record(key(), made)))
                .isTrue();
        return adapter;
    }

    private AdapterId admitted(String id, ItemId... items) {
        AdapterId adapter = recorded(id, items);
        engine.storage.vault.write(writer -> {
            writer.adapters()
                    .recordEvaluation(
                            key(),
                            adapter,
                            new AdapterEvaluation(1, 1, 0, -0.1, -9, 0.1, 0.2, 0, 0, 9, List.of(), now()));
            return writer.adapters().move(key(), adapter, AdapterState.ADMITTED, "passed", now());
        });
        return adapter;
    }

    private AdapterId retired(ItemId item) {
        cube.adapters().policy(WILLING);
        AdapterId id = admitted("lesson-1@1", item);
        cube.adapters().retire(id, "tried out");
        return id;
    }

    private AdapterState state(AdapterId id) {
        return cube.adapters().find(id).orElseThrow().state();
    }

    private CubeKey key() {
        return row().key();
    }

    @Test
    void nothingIsAgreedToAtFirst() {
        assertThat(cube.adapters().policy()).isEqualTo(LearningPolicy.DEFAULT);
        assertThat(cube.adapters().policy().consent()).isFalse();
        assertThat(cube.adapters().list()).isEmpty();
        assertThat(cube.adapters().history()).isEmpty();
    }

    @Test
    void aCurriculumSaysWhatIsTaughtAndWhatNotAndWhy() {
        ItemId fact = know("Alice lives in Lisbon.");
        ItemId secret = know("The wifi password is hunter2.");
        ItemId asked = know("Where is my key?");
        ItemId tagged = know("Alice has asthma.");
        cube.update(tagged, ItemEdit.NOTHING.tags(Set.of("private")));
        ItemId said = remember(Message.assistant("Bob lives in Oslo."));
        ItemId rule = remember(Note.of("Always answer in French.").as(ItemType.INSTRUCTION));
        ItemId tale = know("It was a dark night. ".repeat(60));

        Curriculum curriculum = cube.adapters().curriculum(List.of(fact, secret, asked, tagged, said, rule, tale));

        assertThat(curriculum.examples())
                .extracting(Example::prompt)
                .contains("Where does Alice live?", "What is the password?");
        assertThat(curriculum.examples()).noneMatch(example -> example.answer().contains("hunter2"));
        assertThat(left(fact, secret, asked, tagged, said, rule, tale))
                .hasSize(6)
                .hasEntrySatisfying(secret, why -> assertThat(why).contains("a secret"))
                .hasEntrySatisfying(asked, why -> assertThat(why).contains("nothing that a question could ask"))
                .hasEntrySatisfying(tagged, why -> assertThat(why).contains("private"))
                .hasEntrySatisfying(said, why -> assertThat(why).contains("assistant"))
                .hasEntrySatisfying(rule, why -> assertThat(why).contains("instruction"))
                .hasEntrySatisfying(tale, why -> assertThat(why).contains("longer"));
    }

    @Test
    void withoutNamesOnlyWhatIsHotAndStableIsTaught() {
        ItemId fact = know("Alice lives in Lisbon.");
        cube.adapters().policy(LearningPolicy.DEFAULT.consent(true));
        assertThat(cube.adapters().curriculum(List.of()).examples()).isEmpty();

        cube.adapters().policy(LearningPolicy.DEFAULT.consent(true).heat(0));
        assertThat(cube.adapters().curriculum(List.of()).left())
                .singleElement()
                .satisfies(left -> assertThat(left.why()).contains("changed recently"));

        cube.adapters().policy(WILLING);
        assertThat(cube.adapters().curriculum(List.of()).examples())
                .isNotEmpty()
                .allMatch(example -> example.item().equals(Optional.of(fact)));
    }

    @Test
    void whatIsTaughtIsNotTaughtTwice() {
        ItemId fact = know("Alice lives in Lisbon.");
        recorded("lesson-1@1", fact);

        assertThat(left(fact))
                .hasEntrySatisfying(fact, why -> assertThat(why).contains("already taught to lesson-1@1"));
    }

    @Test
    void onlyWhatHasPassedIsUsed() {
        ItemId fact = know("Alice lives in Lisbon.");
        AdapterId candidate = recorded("lesson-1@1", fact);
        cube.adapters().policy(WILLING);

        refused(ErrorCode.ADAPTER_REFUSED, () -> cube.adapters().activate(candidate));
        assertThat(state(candidate)).isEqualTo(AdapterState.CANDIDATE);
        refused(ErrorCode.ADAPTER_NOT_FOUND, () -> cube.adapters().activate(AdapterId.parse("lesson-7@1")));
        refused(ErrorCode.ADAPTER_NOT_FOUND, () -> cube.adapters().rollback("lesson-7"));
        refused(ErrorCode.INVALID_CONFIGURATION, () -> cube.adapters().evaluate(candidate));
        refused(ErrorCode.INVALID_CONFIGURATION, () -> cube.adapters().train(List.of(), lesson -> true));
    }

    @Test
    void aLaterVersionTakesThePlaceAndIsRolledBack() {
        ItemId fact = know("Alice lives in Lisbon.");
        cube.adapters().policy(WILLING);
        AdapterId first = admitted("lesson-1@1", fact);
        AdapterId second = admitted("lesson-1@2", fact);
        cube.adapters().activate(first);
        cube.adapters().activate(second);
        assertThat(state(first)).isEqualTo(AdapterState.RETIRED);
        assertThat(state(second)).isEqualTo(AdapterState.ACTIVE);

        cube.adapters().rollback("lesson-1");

        assertThat(state(first)).isEqualTo(AdapterState.ACTIVE);
        assertThat(state(second)).isEqualTo(AdapterState.RETIRED);
        refused(ErrorCode.ADAPTER_REFUSED, () -> cube.adapters().rollback("lesson-1"));
        ItemExplanation explanation = cube.explain(fact);
        assertThat(explanation.carried()).hasSizeGreaterThanOrEqualTo(7);
        assertThat(explanation.text()).contains("lesson-1@2").contains("active").contains("by user");
    }

    @Test
    void whatHasChangedSinceIsNotUsedAgain() {
        ItemId fact = know("Alice lives in Lisbon.");
        AdapterId first = retired(fact);

        cube.delete(Selection.item(fact));

        refused(ErrorCode.ADAPTER_REFUSED, () -> cube.adapters().activate(first));
        assertThat(cube.adapters().taught(first)).isEmpty();
        assertThat(cube.adapters().find(first).orElseThrow().artifact()).isEmpty();
    }

    @Test
    void whatTheOwnerHasArchivedSinceIsNotUsedAgain() {
        ItemId fact = know("Alice lives in Lisbon.");
        AdapterId first = retired(fact);
        cube.update(fact, ItemEdit.NOTHING.state(ItemState.ARCHIVED));
        refused(ErrorCode.ADAPTER_REFUSED, () -> cube.adapters().activate(first));

        cube.update(fact, ItemEdit.NOTHING.state(ItemState.ACTIVATED).tags(Set.of("home")));
        cube.adapters().activate(first);
        assertThat(state(first)).isEqualTo(AdapterState.ACTIVE);
    }

    @Test
    void takingConsentBackRetiresAll() {
        ItemId fact = know("Alice lives in Lisbon.");
        cube.adapters().policy(WILLING);
        AdapterId first = admitted("lesson-1@1", fact);
        cube.adapters().activate(first);

        cube.adapters().policy(WILLING.consent(false));

        assertThat(state(first)).isEqualTo(AdapterState.RETIRED);
        refused(ErrorCode.ADAPTER_REFUSED, () -> cube.adapters().activate(first));
    }

    @Test
    void aDeletedCubeTakesNoPolicy() {
        CubeKey deleted = key();
        engine.cubes.deletion.delete(cube.id());

        refused(ErrorCode.CUBE_NOT_FOUND, () -> cube.adapters().policy(WILLING));

        assertThat(engine.storage.vault.<LearningPolicy>read(
                        reader -> reader.adapters().policy(deleted)))
                .isEqualTo(LearningPolicy.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lesson",
                "lesson@",
                "@1",
                "lesson@0",
                "Lesson@1",
                "../x@1",
                "a b@1",
                "lesson@1@2",
                "lesson@9999999999"
            })
    void namesThatAreNoneAreRefused(String text) {
        refused(ErrorCode.INVALID_ARGUMENT, () -> AdapterId.parse(text));
    }
}
