package io.memos4j.testkit.vault;

import io.memos4j.api.Actor;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.Adapter.Artifact;
import io.memos4j.api.adapters.Adapter.Source;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.api.adapters.TrainingRecord.LossPoint;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.adapters.AdapterReader;
import io.memos4j.spi.adapters.AdapterWriter;
import io.memos4j.spi.adapters.AdapterWriter.AffectedAdapter;
import io.memos4j.spi.history.HistoryWriter;
import io.memos4j.spi.vault.VaultWriter;
import io.memos4j.testkit.SampleItems;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract of vaults for adapters. */
abstract class VaultAdapterContract extends VaultActivationContract {
    private static final Actor KEY = Actor.named("key:7");

    private static final AdapterEvaluation EVALUATION = new AdapterEvaluation(
            9, 8, 1, -0.25, -7.5, 0.01, 0.125, 4, 0, 528_000, List.of("recall is below 0.9"), SampleItems.time(5));

    /** A candidate; its artifact is named like itself. */
    static Adapter adapter(String id, long... items) {
        return new Adapter(
                AdapterId.parse(id),
                AdapterState.CANDIDATE,
                "trained",
                new Adapter.Base("llama", "trained hash", "served hash"),
                new LoraShape(8, 12.5, Set.of(LoraTarget.QUERY, LoraTarget.DOWN)),
                LongStream.of(items)
                        .mapToObj(item -> new Source(SampleItems.id(item), 1))
                        .toList(),
                new TrainingRecord(
                        "pytorch 2.7.1",
                        "trained hash",
                        "data hash",
                        -42,
                        200,
                        0.0003,
                        List.of(new LossPoint(1, 7.57), new LossPoint(200, 0.0003)),
                        9_000_000_000L,
                        Duration.ofNanos(4_000_000_123L)),
                Optional.empty(),
                Optional.of(new Artifact(id, 528_000)),
                SampleItems.time(2),
                SampleItems.time(2));
    }

    boolean recorded(Adapter adapter) {
        return changing(adapters -> adapters.record(cube.key(), adapter));
    }

    Adapter record(String id, AdapterState state, long... items) {
        Adapter adapter = adapter(id, items).in(state, "for the test", SampleItems.time(3));
        assertThat(recorded(adapter)).isTrue();
        return adapter;
    }

    private boolean moved(String id, AdapterState state) {
        return changing(
                adapters -> adapters.move(cube.key(), AdapterId.parse(id), state, "asked for", SampleItems.time(7)));
    }

    private <T> T changing(Function<AdapterWriter, T> work) {
        return vault.<T>write(writer -> work.apply(writer.adapters()));
    }

    private <T> T reading(Function<AdapterReader, T> work) {
        return vault.<T>read(reader -> work.apply(reader.adapters()));
    }

    List<Adapter> adapters(CubeRow owner) {
        return reading(adapters -> adapters.of(owner.key()));
    }

    List<AdapterChange> changes(CubeRow owner) {
        return reading(adapters -> adapters.changes(owner.key()));
    }

    private LearningPolicy learning(CubeRow owner) {
        return reading(adapters -> adapters.policy(owner.key()));
    }

    Set<String> artifacts() {
        return reading(AdapterReader::artifacts);
    }

    private Set<CubeKey> suspended() {
        return reading(AdapterReader::cubesWithSuspended);
    }

    private Optional<Adapter> found(String id) {
        return reading(adapters -> adapters.find(cube.key(), AdapterId.parse(id)));
    }

    Adapter find(String id) {
        return found(id).orElseThrow();
    }

    AdapterState state(String id) {
        return find(id).state();
    }

    static Actor task(TaskKind kind, int number) {
        return new Actor.TaskRun(kind, new TaskId(new UUID(0, number)));
    }

    /** Returns the adapters that a transaction reports as affected. */
    Set<AffectedAdapter> touched(Actor actor, Consumer<VaultWriter> work) {
        return vault.<Set<AffectedAdapter>>write(actor, writer -> {
            work.accept(writer);
            return writer.adapters().affectedAdapters();
        });
    }

    AffectedAdapter touch(String id) {
        return new AffectedAdapter(cube.key(), AdapterId.parse(id));
    }

    @Test
    void anAdapterIsFoundAsItWasRecorded() {
        insertMessages(1, 2);
        Adapter adapter = adapter("lesson-1@1", 2, 1);
        assertThat(recorded(adapter)).isTrue();
        assertThat(find("lesson-1@1")).isEqualTo(adapter);
        write(writer -> writer.adapters().recordEvaluation(cube.key(), adapter.id(), EVALUATION));
        vault.close();
        vault = open(directory);
        assertThat(find("lesson-1@1")).isEqualTo(adapter.evaluated(EVALUATION));
        assertThat(found("lesson-1@2")).isEmpty();
        assertThat(adapters(other())).isEmpty();
        refused(ErrorCode.VERSION_CONFLICT, () -> recorded(adapter));
    }

    @Test
    void theLastVersionOfANameComesFirst() {
        insertMessages(1);
        recorded(adapter("b@1", 1).evaluated(EVALUATION));
        recorded(adapter("a@2", 1));
        recorded(adapter("b@10", 1));
        assertThat(adapters(cube))
                .extracting(adapter -> adapter.id().toString())
                .containsExactly("a@2", "b@10", "b@1");
        assertThat(find("b@1").evaluation()).contains(EVALUATION);
    }

    @Test
    void anActiveVersionTakesThePlaceOfTheActiveOneOfItsName() {
        insertMessages(1);
        record("a@1", AdapterState.ACTIVE, 1);
        record("a@2", AdapterState.ADMITTED, 1);
        record("b@1", AdapterState.ACTIVE, 1);
        assertThat(moved("a@2", AdapterState.ACTIVE)).isTrue();
        assertThat(state("a@1")).isEqualTo(AdapterState.RETIRED);
        assertThat(find("a@2")).isEqualTo(adapter("a@2", 1).in(AdapterState.ACTIVE, "asked for", SampleItems.time(7)));
        assertThat(state("b@1")).isEqualTo(AdapterState.ACTIVE);
        assertThat(moved("a@1", AdapterState.ACTIVE)).as("back").isTrue();
        assertThat(state("a@2")).isEqualTo(AdapterState.RETIRED);
        assertThat(moved("a@1", AdapterState.ACTIVE)).as("again").isTrue();
        record("a@3", AdapterState.ACTIVE, 1);
        assertThat(state("a@1")).isEqualTo(AdapterState.RETIRED);
        record("c@1", AdapterState.CANDIDATE, 1);
        assertThat(this.<Map<AdapterId, String>>reading(adapters -> adapters.active(cube.key())))
                .containsExactly(Map.entry(AdapterId.parse("a@3"), "a@3"), Map.entry(AdapterId.parse("b@1"), "b@1"));
        assertThat(this.<Map<AdapterId, String>>reading(adapters -> adapters.active(other().key())))
                .isEmpty();
    }

    @Test
    void aSuspendedVersionStaysSo() {
        insertMessages(1);
        record("a@1", AdapterState.CANDIDATE, 1);
        assertThat(touched(
                        Actor.USER,
                        writer -> writer.adapters()
                                .move(
                                        cube.key(),
                                        AdapterId.parse("a@1"),
                                        AdapterState.SUSPENDED,
                                        "by hand",
                                        SampleItems.time(4))))
                .containsExactly(touch("a@1"));
        int before = changes(cube).size();
        for (AdapterState state : AdapterState.values()) {
            assertThat(moved("a@1", state)).isFalse();
        }
        assertThat(moved("a@2", AdapterState.RETIRED)).as("there is none").isFalse();
        assertThat(state("a@1")).isEqualTo(AdapterState.SUSPENDED);
        assertThat(changes(cube)).hasSize(before);
    }

    @Test
    void whatHasNoArtifactIsNotUsed() {
        insertMessages(1);
        record("a@1", AdapterState.RETIRED, 1);
        erase(1);
        insertMessages(2);
        record("a@2", AdapterState.ACTIVE, 2);
        assertThat(moved("a@1", AdapterState.ACTIVE)).isFalse();
        assertThat(state("a@2")).isEqualTo(AdapterState.ACTIVE);
        assertThat(moved("a@1", AdapterState.ADMITTED)).isTrue();
    }

    @Test
    void theHistoryTellsWhatWhyWhoAndWhen() {
        insertMessages(1);
        AdapterId id = AdapterId.parse("a@1");
        vault.write(task(TaskKind.TEACH, 1), writer -> writer.adapters().record(cube.key(), adapter("a@1", 1)));
        vault.write(KEY, writer -> {
            writer.adapters().recordNote(cube.key(), id, "examined", SampleItems.time(4));
            writer.adapters().recordNote(cube.key(), id.next(), "there is none", SampleItems.time(4));
            return writer.adapters().move(cube.key(), id, AdapterState.ACTIVE, "chosen", SampleItems.time(5));
        });
        erase(1);
        vault.close();
        vault = open(directory);
        assertThat(changes(cube))
                .containsExactly(
                        new AdapterChange(
                                id, AdapterState.CANDIDATE, "trained", task(TaskKind.TEACH, 1), SampleItems.time(2)),
                        new AdapterChange(id, AdapterState.CANDIDATE, "examined", KEY, SampleItems.time(4)),
                        new AdapterChange(id, AdapterState.ACTIVE, "chosen", KEY, SampleItems.time(5)),
                        new AdapterChange(
                                id,
                                AdapterState.SUSPENDED,
                                "item " + SampleItems.id(1) + " was erased",
                                Actor.USER,
                                SampleItems.time(60)));
    }

    @Test
    void aCubeIsToldAsSuspendedUntilALaterVersionIsThere() {
        insertMessages(1, 2);
        record("a@1", AdapterState.ACTIVE, 1);
        record("b@1", AdapterState.ACTIVE, 2);
        assertThat(suspended()).isEmpty();
        erase(1);
        assertThat(suspended()).containsExactly(cube.key());
        record("a@2", AdapterState.CANDIDATE, 2);
        assertThat(suspended()).isEmpty();
    }

    @Test
    void whatMayBeTaughtIsKept() {
        assertThat(learning(cube)).isEqualTo(LearningPolicy.DEFAULT);
        LearningPolicy policy = new LearningPolicy(true, true, 0.5, Duration.ofHours(5));
        write(writer -> writer.adapters().policy(cube.key(), policy.heat(9)));
        write(writer -> writer.adapters().policy(cube.key(), policy));
        vault.close();
        vault = open(directory);
        assertThat(learning(cube)).isEqualTo(policy);
        assertThat(learning(other())).isEqualTo(LearningPolicy.DEFAULT);
    }

    @Test
    void aDeletedCubeTakesItsAdapters() {
        insertMessages(1);
        record("a@1", AdapterState.RETIRED, 1);
        record("a@2", AdapterState.ACTIVE, 1);
        write(writer -> writer.adapters().policy(cube.key(), LearningPolicy.DEFAULT.consent(true)));
        assertThat(touched(Actor.USER, writer -> writer.deleteCube(cube.key())))
                .containsExactlyInAnyOrder(touch("a@1"), touch("a@2"));
        assertThat(adapters(cube)).isEmpty();
        assertThat(changes(cube)).isEmpty();
        assertThat(artifacts()).isEmpty();
        assertThat(learning(cube)).isEqualTo(LearningPolicy.DEFAULT);
    }

    @Test
    void adaptersAndConsentDoNotTravel() {
        CubeRow other = other();
        insertMessages(1, 2);
        record("a@1", AdapterState.ACTIVE, 1, 2);
        write(writer -> writer.adapters().policy(cube.key(), LearningPolicy.DEFAULT.consent(true)));
        CubeRow fork = vault.<CubeRow>write(writer -> writer.history()
                .fork(
                        cube.key(),
                        new HistoryWriter.ForkRequest(
                                CubeId.of("fork"), SampleItems.time(30), SampleItems.time(40), "fork", "")));
        vault.<Long>write(writer -> writer.transfers().copy(cube.key(), other.key(), ids(1)));
        for (CubeRow each : List.of(fork, other)) {
            assertThat(adapters(each)).isEmpty();
            assertThat(changes(each)).isEmpty();
            assertThat(learning(each)).isEqualTo(LearningPolicy.DEFAULT);
        }
        assertThat(state("a@1")).as("a copy takes nothing").isEqualTo(AdapterState.ACTIVE);
        write(writer -> writer.erase(fork.key(), ids(1), SampleItems.time(50)));
        write(writer -> writer.deleteCube(other.key()));
        assertThat(state("a@1")).as("each cube has its own").isEqualTo(AdapterState.ACTIVE);
        assertThat(vault.verify()).isEmpty();
    }
}
