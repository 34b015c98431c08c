package io.memos4j.core;

import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErasureReceipt;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchResult;
import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.transfer.MergeReport;
import io.memos4j.api.transfer.MoveReport;
import io.memos4j.core.access.AuditTrail;
import io.memos4j.core.access.AuditedCall;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.spi.CubeRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The embedded memory operating system: opens a data directory and gives access to its cubes.
 *
 * <pre>{@code
 * try (var memos = MemOs.open(MemOsConfig.at(Path.of("data")))) {
 *     var cube = memos.cube("alice");
 *     cube.add(Message.user("I moved to Lyon last week.").by("Alice"));
 *     System.out.println(cube.search("Where does Alice live?").context());
 * }
 * }</pre>
 *
 * <p>Thread-safe. A data directory is open in one engine at a time; a second one, in this process or another, is
 * refused.
 */
public final class MemOs implements AutoCloseable {
    private final Engine engine;

    private MemOs(Engine engine) {
        this.engine = engine;
    }

    /**
     * Opens a data directory, creating it if needed.
     *
     * @throws MemoryException if the directory is in use, was written by a newer release, or cannot be read or written
     */
    public static MemOs open(MemOsConfig config) {
        return new MemOs(Engine.open(config, IdGenerator.timeOrdered()).start());
    }

    /** Returns the cube of this name, creating it if needed. */
    public MemCube cube(String name) {
        CubeId id = CubeId.of(name);
        return engine.cubes.factory.open(audited(id, "create cube", "cube", () -> engine.catalog.findOrCreate(id)));
    }

    /**
     * Creates a cube.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_EXISTS} if the name is taken
     */
    public MemCube create(CubeId id) {
        return engine.cubes.factory.open(audited(id, "create cube", "cube", () -> engine.catalog.create(id)));
    }

    public Optional<MemCube> find(CubeId id) {
        return engine.catalog.find(id).map(engine.cubes.factory::open);
    }

    /** Returns the cubes that hold an item, oldest first. There may be several if the item was copied. */
    public List<CubeId> findCubesWith(ItemId id) {
        return engine.storage.vault.read(
                reader -> reader.findCubesWith(id).stream().map(CubeRow::id).toList());
    }

    /**
     * Returns several cubes as one.
     *
     * @param ids 1 to {@value CompositeCube#MAX_MEMBERS} existing cubes, each once
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND} if one does not exist
     */
    public CompositeCube compose(CubeId... ids) {
        return engine.cubes.factory.compose(List.of(ids));
    }

    /**
     * Copies the items of a cube into another one, under the same ids, with their history, sources, links and ratings,
     * and with their vectors if both cubes have the same embedder. Items that the other cube already has, by id or from
     * the same input, stay as they are there. If the two cubes contradict each other, the later statement holds and the
     * earlier one is archived. The first cube is not changed.
     *
     * <p>Large cubes are copied in batches between other calls. A merge that fails or is interrupted has copied a part;
     * repeat it. Repeating a complete merge changes nothing.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND} if a cube does not exist
     */
    public MergeReport merge(CubeId from, CubeId to) {
        engine.storage.audit.read(from, "merge");
        return audited(to, "merge", "from " + from, () -> engine.cubes.transfers.merge(from, to));
    }

    /** Returns what {@link #merge} would do, without doing it. */
    public MergeReport compare(CubeId from, CubeId to) {
        engine.storage.audit.read(from, "compare");
        return engine.cubes.transfers.compare(from, to);
    }

    /**
     * Moves items to another cube, all or none, with their ids, their history and everything derived from them. They
     * are erased from the first cube, where the items that they had superseded hold again. Sources that stay behind
     * become external references, {@code cube:<name>/<id>}. If the items contradict the other cube, the later statement
     * holds and the earlier one is archived.
     *
     * <p>This is one transaction, for which other writers wait. Idempotency keys stay behind.
     *
     * @throws MemoryException if an item is frozen; with {@link ErrorCode#VERSION_CONFLICT} if the other cube has one
     *     of them with another text. Nothing was moved then
     */
    public MoveReport move(CubeId from, CubeId to, Selection selection) {
        return audited(from, "move", "", () -> engine.cubes.transfers.move(from, to, selection));
    }

    /** Returns all cubes, by name. */
    public List<CubeId> cubes() {
        return engine.storage.vault.read(
                reader -> reader.cubes().stream().map(CubeRow::id).toList());
    }

    /**
     * Deletes a cube with everything in it. The last traces are removed from disk within the hour, or at once by
     * {@link #compact()}.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND}
     */
    public void delete(CubeId id) {
        audited(id, "delete cube", "cube", () -> {
            engine.cubes.deletion.delete(id);
            return id;
        });
    }

    /**
     * Checks the signature of a receipt of this directory, and looks for the erased words in every byte of it. What
     * files hold in compressed form is not seen.
     */
    public ErasureReceipt.Verification verifyErasure(ErasureReceipt receipt) {
        return engine.background.erasure.verify(receipt);
    }

    /** Returns whether a model is configured that answers conversations. */
    public boolean canChat() {
        return engine.services.kvCache.answers();
    }

    /** Returns the scheduler of background tasks, to watch, pause and replay them. */
    public MemScheduler scheduler() {
        return engine.background.tasks;
    }

    /**
     * Returns the principals, keys, grants and audit log. The caller of this class owns everything and is not checked.
     */
    public MemGovernance governance() {
        return engine.services.governance;
    }

    /**
     * Does work in the name of an actor: the versions that it makes on this thread and the tasks that it enqueues are
     * recorded under this actor, see {@link io.memos4j.api.history.ItemVersion#actor}. Another actor may take over for
     * a part of the work. Background tasks that follow are done in their own name.
     *
     * @param actor 1 to 200 characters, for example {@link io.memos4j.api.access.CallerIdentity#actor}; does not begin
     *     with {@code task:}
     */
    public <T> T runAs(String actor, Supplier<T> work) {
        return engine.storage.actor.as(actor, work);
    }

    /**
     * Does work as a part of a call, so that the audit names its caller and its action. What is written is recorded
     * under the caller's key, if it has one, as by {@link #runAs(String, Supplier)}.
     */
    public <T> T runAs(AuditedCall call, Supplier<T> work) {
        return engine.storage.calls.as(call, () -> call.key().isEmpty() ? work.get() : runAs(call.actor(), work));
    }

    /** Returns the audit of calls that change nothing. Changes are audited where they are made. */
    public AuditTrail audit() {
        return engine.storage.audit;
    }

    private <T> T audited(CubeId cube, String operation, String target, Supplier<T> work) {
        return engine.storage.audit.change(cube, operation, target, work);
    }

    /**
     * Does work in the name of a caller with a key, as {@link #runAs(String, Supplier)} does. In cubes that the caller
     * does not own, what it writes is recorded as the words of its principal and instructs nobody, and what it reads
     * holds no standing instructions.
     */
    public <T> T runAs(CallerIdentity caller, Supplier<T> work) {
        return engine.storage.actor.as(caller, work);
    }

    /**
     * Does work that an assistant decides on behalf of the present caller: what it writes is screened as the words of
     * others are, and it cannot release suspected memories.
     */
    public <T> T runAsAssistant(Supplier<T> work) {
        return engine.storage.actor.asAssistant(work);
    }

    /**
     * Rewrites the storage so that no byte of deleted content is left, and releases the space. Slow on large
     * directories.
     */
    public void compact() {
        engine.background.indexing.compactAll();
    }

    /**
     * Backs up everything acknowledged before the call into one new file, while others read and write. {@link #restore}
     * turns it into a data directory. The search indexes are not included; they are rebuilt. What is deleted later
     * stays in the file.
     *
     * @param file appears when it is complete and durable; its directory must exist
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if the file exists
     */
    public void backup(Path file) {
        engine.storage.vault.backup(file);
        engine.storage.audit.read("backup", file.toString());
    }

    /**
     * Restores a backup into a new data directory, after verifying it. The directory is created if needed.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if the directory is not empty,
     *     {@link ErrorCode#CORRUPT} if the backup is damaged; the directory is empty then
     */
    public static void restore(Path backup, Path directory) {
        BackupRestorer.restore(backup, directory);
    }

    /** Returns the data directory. */
    public Path directory() {
        return engine.storage.config.directory();
    }

    /** Returns the number of cubes and the space that they take, for monitoring. */
    public EngineStats stats() {
        return new EngineStats(cubes().size(), engine.storage.vault.bytes(), engine.storage.indexes.openCount());
    }

    /**
     * Calls {@code watcher} with the result of every search, preloading included, on the thread that searched. It must
     * be quick and must not throw.
     *
     * @return stops the watching when run
     */
    public Runnable watchSearches(Consumer<SearchResult> watcher) {
        return engine.services.search.watch((cubes, result) -> watcher.accept(result));
    }

    /**
     * Reads the storage and writes to it durably, without leaving a trace. Quick, unless the storage hangs: then this
     * hangs, too. A running compaction is not waited for.
     *
     * @throws MemoryException as reads and writes do, for example with {@link ErrorCode#STORAGE_FULL}
     */
    public void probe() {
        engine.storage.vault.probe();
    }

    /** Checks every part of the engine and reports what is wrong and how to repair it. Loads the embedding model. */
    public HealthReport checkHealth() {
        return engine.checkHealth();
    }

    /** Waits for running calls, makes everything durable and releases the directory. */
    @Override
    public void close() {
        engine.close();
    }
}
