package io.memos4j.testkit.vault;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskKind.Lane;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.tasks.LeaseRequest;
import io.memos4j.spi.tasks.TaskLease;
import io.memos4j.spi.tasks.TaskReader;
import io.memos4j.spi.tasks.TaskWriter;
import io.memos4j.spi.tasks.TaskWriter.RoundRobin;
import io.memos4j.testkit.SampleItems;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract of vaults for the task queue. */
abstract class VaultTaskContract extends VaultFixture {
    private static final Instant NOW = SampleItems.EPOCH;
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final TaskRequest MERGE = TaskRequest.of(TaskKind.MERGE);

    private static final Set<TaskKind> MERGES = Set.of(TaskKind.MERGE);

    private long lastId;

    @Test
    void aTaskIsReadyAtOnceOrWhenItsTimeHasCome() {
        TaskId now = enqueue(cube, MERGE);
        TaskId later = enqueue(cube, TaskRequest.of(TaskKind.LINK).dueAt(NOW.plusSeconds(60)));
        assertThat(task(now).state()).isEqualTo(TaskState.READY);
        assertThat(task(later).state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(this.<Optional<Instant>>look(TaskReader::nextEvent)).contains(NOW.plusSeconds(60));
        assertThat(this.<Integer>change(tasks -> tasks.releaseDue(NOW.plusSeconds(59))))
                .isZero();
        assertThat(this.<Integer>change(tasks -> tasks.releaseDue(NOW.plusSeconds(60))))
                .isOne();
        assertThat(task(later).state()).isEqualTo(TaskState.READY);
    }

    @Test
    void aWishForWhatWaitsAlreadyJoinsItAndMakesItAsUrgentAsBoth() {
        TaskId first = enqueue(cube, MERGE.dueAt(NOW.plusSeconds(60)).priority(3));
        TaskId second = enqueue(cube, MERGE.dueAt(NOW.plusSeconds(30)).priority(1));
        assertThat(second).isEqualTo(first);
        assertThat(task(first).due()).isEqualTo(NOW.plusSeconds(30));
        assertThat(task(first).priority()).isEqualTo(3);
        enqueue(cube, MERGE);
        assertThat(task(first).state()).isEqualTo(TaskState.READY);
        assertThat(enqueue(cube, MERGE.about("other subject"))).isNotEqualTo(first);
        assertThat(enqueue(second(), MERGE)).isNotEqualTo(first);
    }

    @Test
    void aWishForWhatRunsAlreadyIsATaskOfItsOwn() {
        TaskId running = enqueue(cube, MERGE);
        TaskLease lease = lease(Lane.UPKEEP).getFirst();
        TaskId next = enqueue(cube, MERGE);
        assertThat(next).isNotEqualTo(running);
        run(tasks -> tasks.postpone(lease, NOW, 0, "", NOW));
        assertThat(task(running).state()).as("the waiting one does the rest").isEqualTo(TaskState.DONE);
        assertThat(task(next).state()).isEqualTo(TaskState.READY);
    }

    @Test
    void aFailedTaskKeepsItsAttemptsBesideANewOne() {
        TaskId failed = enqueue(cube, MERGE);
        TaskLease lease = lease(Lane.UPKEEP).getFirst();
        TaskId next = enqueue(cube, MERGE);
        run(tasks -> tasks.postpone(lease, NOW, 1, "", NOW));
        assertThat(task(failed).attempts()).isOne();
        assertThat(task(failed).state()).isEqualTo(TaskState.READY);
        assertThat(task(next).attempts()).isZero();
    }

    @Test
    void tasksOfACubeComeByPriorityAndOrderOfAsking() {
        TaskId first = enqueue(cube, MERGE);
        TaskId second = enqueue(cube, MERGE.about("b"));
        TaskId urgent = enqueue(cube, MERGE.about("c").priority(5));
        List<TaskId> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<TaskLease> leases = lease(Lane.UPKEEP);
            assertThat(leases).as("one task of a cube at a time").hasSize(1);
            order.add(leases.getFirst().task().id());
            end(leases.getFirst());
        }
        assertThat(order).containsExactly(urgent, first, second);
        assertThat(lease(Lane.UPKEEP)).isEmpty();
    }

    @Test
    void cubesTakeTurns() {
        List<CubeRow> cubes = new ArrayList<>(List.of(cube, second(), create("third")));
        for (CubeRow each : cubes) {
            for (int i = 0; i < 3; i++) {
                enqueue(each, MERGE.about("task " + i));
            }
        }
        List<CubeKey> served = new ArrayList<>();
        Optional<CubeKey> last = Optional.empty();
        for (int i = 0; i < 9; i++) {
            Optional<CubeKey> after = last;
            TaskLease lease = this.<List<TaskLease>>change(
                            tasks -> tasks.lease(request(Lane.UPKEEP), new RoundRobin(1, Set.of(), after)))
                    .getFirst();
            last = Optional.of(lease.cube());
            served.add(lease.cube());
            end(lease);
        }
        List<CubeKey> keys = cubes.stream().map(CubeRow::key).toList();
        assertThat(served)
                .containsExactlyElementsOf(
                        Stream.of(keys, keys, keys).flatMap(List::stream).toList());
    }

    @Test
    void busyAndPausedCubesAreLeftAlone() {
        CubeRow other = second();
        enqueue(cube, MERGE);
        enqueue(other, MERGE);
        assertThat(this.<List<TaskLease>>change(tasks ->
                        tasks.lease(request(Lane.UPKEEP), new RoundRobin(9, Set.of(cube.key()), Optional.empty()))))
                .extracting(TaskLease::cube)
                .containsExactly(other.key());
        run(tasks -> tasks.pause(cube.key()));
        assertThat(lease(Lane.UPKEEP)).isEmpty();
        run(tasks -> tasks.resume(cube.key()));
        run(TaskWriter::pauseAll);
        assertThat(lease(Lane.UPKEEP)).isEmpty();
        assertThat(this.<Boolean>look(tasks -> tasks.allPaused())).isTrue();
        run(TaskWriter::resumeAll);
        assertThat(lease(Lane.UPKEEP)).hasSize(1);
    }

    @Test
    void lanesAndUnknownKindsDoNotMix() {
        enqueue(cube, TaskRequest.of(TaskKind.EMBED));
        enqueue(cube, TaskRequest.of(TaskKind.REINDEX));
        assertThat(this.<Boolean>look(tasks -> tasks.hasReady(Lane.MODEL))).isFalse();
        assertThat(lease(Lane.MODEL)).isEmpty();
        LeaseRequest merging = new LeaseRequest("w", NOW, NOW.plus(LEASE), Set.of(TaskKind.MERGE), 5);
        assertThat(this.<List<TaskLease>>change(
                        tasks -> tasks.lease(merging, new RoundRobin(9, Set.of(), Optional.empty()))))
                .as("REINDEX waits for a worker that can")
                .isEmpty();
        assertThat(lease(Lane.VECTORS)).extracting(lease -> lease.task().kind()).containsExactly(TaskKind.EMBED);
    }

    @Test
    void whoLostTheLeaseCommitsNothing() {
        TaskId id = enqueue(cube, MERGE);
        TaskLease lost = lease(Lane.UPKEEP).getFirst();
        assertThat(this.<Integer>change(tasks -> tasks.reclaim("", NOW.plus(LEASE))))
                .isZero();
        assertThat(this.<Integer>change(
                        tasks -> tasks.reclaim("", NOW.plus(LEASE).plusMillis(1))))
                .isOne();
        assertRefused(lost);
        TaskLease second = lease(Lane.UPKEEP).getFirst();
        assertThat(second.task().id()).isEqualTo(id);
        assertThat(second.task().attempts()).isEqualTo(2);
        assertRefused(lost);
        end(second);
        assertRefused(second);
        assertThat(vault.<Optional<CubeRow>>read(reader -> reader.findCube(CubeId.of("made under a lost lease"))))
                .isEmpty();
    }

    private void assertRefused(TaskLease lease) {
        refused(
                ErrorCode.LEASE_LOST,
                () -> vault.change(writer -> {
                    writer.createCube(CubeId.of("made under a lost lease"), "", 0, NOW);
                    writer.tasks().end(lease, TaskState.DONE, "", NOW);
                }));
    }

    @Test
    void anExtendedLeaseHolds() {
        enqueue(cube, MERGE);
        TaskLease lease = lease(Lane.UPKEEP).getFirst();
        assertThat(this.<List<TaskLease>>change(tasks -> tasks.extend(List.of(lease), NOW.plusSeconds(90))))
                .isEmpty();
        assertThat(this.<Integer>change(tasks -> tasks.reclaim("", NOW.plusSeconds(89))))
                .isZero();
        end(lease);
        assertThat(this.<List<TaskLease>>change(tasks -> tasks.extend(List.of(lease), NOW.plusSeconds(90))))
                .containsExactly(lease);
    }

    @Test
    void aNewOwnerTakesOverWhatAFormerOneLeftRunning() {
        enqueue(cube, MERGE);
        lease(Lane.UPKEEP);
        assertThat(this.<Integer>change(tasks -> tasks.reclaim("worker", NOW))).isZero();
        assertThat(this.<Integer>change(tasks -> tasks.reclaim("another", NOW))).isOne();
        assertThat(lease(Lane.UPKEEP)).hasSize(1);
    }

    @Test
    void whatIsPastItsDeadlineOrNeverEndsIsDead() {
        TaskId late = enqueue(cube, MERGE.before(NOW.minusSeconds(1)));
        TaskId crashing = enqueue(cube, MERGE.about("crash"));
        for (int i = 0; i < 5; i++) {
            assertThat(lease(Lane.UPKEEP))
                    .extracting(lease -> lease.task().id())
                    .containsExactly(crashing);
            change(tasks -> tasks.reclaim("another", NOW));
        }
        assertThat(lease(Lane.UPKEEP)).isEmpty();
        assertThat(task(late).state()).isEqualTo(TaskState.DEAD);
        assertThat(task(late).note()).contains("deadline");
        assertThat(task(crashing).state()).isEqualTo(TaskState.DEAD);
        assertThat(task(crashing).note()).contains("begun 5 times");
        assertThat(this.<TaskId>change(tasks -> tasks.replay(crashing, NOW))).isEqualTo(crashing);
        assertThat(lease(Lane.UPKEEP)).hasSize(1);
    }

    @Test
    void aReplayJoinsWhatWaitsForTheSame() {
        TaskId dead = enqueue(cube, MERGE);
        TaskLease lease = lease(Lane.UPKEEP).getFirst();
        run(tasks -> tasks.end(lease, TaskState.DEAD, "broken", NOW));
        TaskId waiting = enqueue(cube, MERGE);
        assertThat(this.<TaskId>change(tasks -> tasks.replay(dead, NOW))).isEqualTo(waiting);
        assertThat(task(dead).state()).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void aCancelledTaskIsNotRunAndARunningOneCommitsNoMore() {
        TaskId waiting = enqueue(cube, MERGE);
        assertThat(this.<Boolean>change(tasks -> tasks.cancel(waiting, NOW))).isTrue();
        assertThat(this.<Boolean>change(tasks -> tasks.cancel(waiting, NOW))).isFalse();
        assertThat(lease(Lane.UPKEEP)).isEmpty();
        TaskId running = enqueue(cube, MERGE);
        TaskLease lease = lease(Lane.UPKEEP).getFirst();
        assertThat(this.<Boolean>change(tasks -> tasks.cancel(running, NOW))).isTrue();
        assertRefused(lease);
    }

    @Test
    void aGivenTaskCanBeLeasedBeforeItsTime() {
        TaskId later = enqueue(cube, MERGE.dueAt(NOW.plusSeconds(60)));
        assertThat(this.<Optional<TaskLease>>change(tasks -> tasks.lease(request(Lane.UPKEEP), later)))
                .isPresent();
        assertThat(this.<Optional<TaskLease>>change(tasks -> tasks.lease(request(Lane.UPKEEP), later)))
                .isEmpty();
        TaskId hurried = enqueue(cube, MERGE.about("hurry").dueAt(NOW.plusSeconds(60)));
        assertThat(this.<Integer>change(tasks -> tasks.expedite(List.of(hurried, later), NOW)))
                .isOne();
        assertThat(task(hurried).state()).isEqualTo(TaskState.READY);
    }

    @Test
    void progressListAndCountsTellHowItStands() {
        enqueue(cube, MERGE);
        enqueue(cube, MERGE.about("b"));
        enqueue(second(), MERGE.about("Ω subject 时间"));
        TaskLease lease = this.<List<TaskLease>>change(
                        tasks -> tasks.lease(request(Lane.UPKEEP), new RoundRobin(1, Set.of(), Optional.empty())))
                .getFirst();
        run(tasks -> tasks.recordProgress(lease, 3, 7));
        Task running = task(lease.task().id());
        assertThat(running.done()).isEqualTo(3);
        assertThat(running.total()).isEqualTo(7);
        assertThat(this.<Long>look(tasks -> tasks.count(cube.key()).get(TaskState.READY)))
                .isOne();
        assertThat(this.<Long>look(tasks -> tasks.countAll().get(TaskState.READY)))
                .isEqualTo(2);
        assertThat(this.<Optional<Instant>>look(tasks -> tasks.oldestReady())).contains(NOW);
        assertThat(this.<List<Task>>look(tasks -> tasks.list(TaskQuery.ALL.of(CubeId.of("other")))))
                .extracting(Task::subject)
                .containsExactly("Ω subject 时间");
        assertThat(this.<List<Task>>look(tasks -> tasks.list(TaskQuery.ALL.in(TaskState.RUNNING))))
                .containsExactly(running);
        assertThat(this.<List<Task>>look(tasks -> tasks.list(TaskQuery.ALL.limit(2))))
                .hasSize(2);
    }

    @Test
    void endedTasksAreForgottenAndACubeTakesItsTasksAlong() {
        TaskId done = enqueue(cube, MERGE);
        end(lease(Lane.UPKEEP).getFirst());
        TaskId waiting = enqueue(cube, MERGE);
        assertThat(this.<Integer>change(tasks -> tasks.deleteEnded(MERGES, Set.of(TaskState.DONE), NOW)))
                .isZero();
        assertThat(this.<Integer>change(tasks ->
                        tasks.deleteEnded(MERGES, Set.of(TaskState.DONE, TaskState.READY), NOW.plusSeconds(1))))
                .isOne();
        assertThat(this.<Optional<Task>>look(tasks -> tasks.find(done))).isEmpty();
        TaskLease lease = lease(Lane.UPKEEP).getFirst();
        vault.change(writer -> writer.deleteCube(cube.key()));
        assertThat(this.<Optional<Task>>look(tasks -> tasks.find(waiting))).isEmpty();
        assertRefused(lease);
    }

    @Test
    void tasksSurviveARestart() {
        TaskId id = enqueue(
                cube, MERGE.about("s").priority(7).before(NOW.plusSeconds(9)).because("test"));
        Task before = task(id);
        vault.close();
        vault = open(directory);
        assertThat(task(id)).isEqualTo(before);
        assertThat(before.cause()).isEqualTo("test");
    }

    private CubeRow second() {
        return create("other");
    }

    private CubeRow create(String name) {
        return vault.write(writer ->
                writer.findCube(CubeId.of(name)).orElseGet(() -> writer.createCube(CubeId.of(name), "", 0, NOW)));
    }

    private TaskId enqueue(CubeRow where, TaskRequest request) {
        return change(tasks -> tasks.enqueue(where.key(), request, new TaskId(new UUID(0, ++lastId)), NOW));
    }

    private List<TaskLease> lease(Lane lane) {
        return change(tasks -> tasks.lease(request(lane), new RoundRobin(9, Set.of(), Optional.empty())));
    }

    private static LeaseRequest request(Lane lane) {
        Set<TaskKind> kinds = Arrays.stream(TaskKind.values())
                .filter(kind -> kind.lane() == lane)
                .collect(Collectors.toSet());
        return new LeaseRequest("worker", NOW, NOW.plus(LEASE), kinds, 5);
    }

    private void end(TaskLease lease) {
        run(tasks -> tasks.end(lease, TaskState.DONE, "", NOW));
    }

    private Task task(TaskId id) {
        return this.<Optional<Task>>look(tasks -> tasks.find(id)).orElseThrow();
    }

    private void run(Consumer<TaskWriter> work) {
        vault.change(writer -> work.accept(writer.tasks()));
    }

    private <T> T change(Function<TaskWriter, T> work) {
        return vault.write(writer -> work.apply(writer.tasks()));
    }

    private <T> T look(Function<TaskReader, T> work) {
        return vault.read(reader -> work.apply(reader.tasks()));
    }
}
