package io.memos4j.core;

import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchResult;
import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.transfer.MergeReport;
import io.memos4j.api.transfer.MoveReport;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.spi.CubeRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The memory operating system, embedded: opens a data directory and hands out its cubes.
 *
 * <pre>{@code
 * try (var memos = MemOs.open(MemOsConfig.at(Path.of("data")))) {
 *     var cube = memos.cube("alice");
 *     cube.add(Message.user("I moved to Lyon last week.").by("Alice"));
 *     System.out.println(cube.search("Where does Alice live?").context());
 * }
 * }</pre>
 *
 * <p>Thread-safe. One engine a directory: a second one, in this process or another, is refused.
 */
public final class MemOs implements AutoCloseable {
    private final Engine engine;

    private MemOs(Engine engine) {
        this.engine = engine;
    }

    /**
     * Opens a data directory; makes it if it is not there.
     *
     * @throws MemoryException if the directory is in use, was written by a newer release, or cannot be read or written
     */
    public static MemOs open(MemOsConfig config) {
        return new MemOs(Engine.open(config, IdGenerator.timeOrdered()).start());
    }

    /** The cube of this name; made if it is not there. */
    public MemCube cube(String name) {
        return engine.cubes.factory.open(engine.catalog.findOrCreate(CubeId.of(name)));
    }

    /**
     * Makes a cube.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_EXISTS} if the name is taken
     */
    public MemCube create(CubeId id) {
        return engine.cubes.factory.open(engine.catalog.create(id));
    }

    public Optional<MemCube> find(CubeId id) {
        return engine.catalog.find(id).map(engine.cubes.factory::open);
    }

    /**
     * The cubes that hold an item of this id, oldest first: one, more where it was copied, none if there is no such
     * item.
     */
    public List<CubeId> findCubesWith(ItemId id) {
        return engine.storage.vault.read(
                reader -> reader.findCubesWith(id).stream().map(CubeRow::id).toList());
    }

    /**
     * Several cubes seen as one.
     *
     * @param ids 1 to {@value CompositeCube#MAX_MEMBERS} existing cubes, each once
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND} if one is not there
     */
    public CompositeCube compose(CubeId... ids) {
        return engine.cubes.factory.compose(List.of(ids));
    }

    /**
     * Copies the items of a cube into another one: under the same ids, with history, sources, links, ratings and, where
     * both cubes have one embedder, vectors. What the other cube has already, by id or because the same input was told
     * to it, stays as it is there. Where the two contradict each other, the later statement holds and the former is
     * archived. The first cube stays as it is.
     *
     * <p>Large cubes are copied in batches, and other calls go on in between. A merge that fails or is interrupted has
     * copied a part; repeat it. Repeating a merge that is complete changes nothing.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND} if one is not there
     */
    public MergeReport merge(CubeId from, CubeId to) {
        return engine.cubes.transfers.merge(from, to);
    }

    /** What {@link #merge} would do, without doing it. */
    public MergeReport compare(CubeId from, CubeId to) {
        return engine.cubes.transfers.compare(from, to);
    }

    /**
     * Moves items to another cube, all or nothing: with their ids and history, and with everything that was made from
     * them. They are erased from the first cube; what they had replaced there holds again. Sources that stay behind
     * become external references, {@code cube:<name>/<id>}. Where the items contradict the other cube, the later
     * statement holds and the former is archived.
     *
     * <p>One transaction: other calls that write wait for it. Idempotency keys stay behind.
     *
     * @throws MemoryException if an item is frozen; with {@link ErrorCode#VERSION_CONFLICT} if the other cube has one
     *     of them with another text. Nothing was moved then
     */
    public MoveReport move(CubeId from, CubeId to, Selection selection) {
        return engine.cubes.transfers.move(from, to, selection);
    }

    /** Every cube, by name. */
    public List<CubeId> cubes() {
        return engine.storage.vault.read(
                reader -> reader.cubes().stream().map(CubeRow::id).toList());
    }

    /**
     * Deletes a cube with everything in it. {@link #compact()} then takes the last traces off the disk.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND} if it is not there
     */
    public void delete(CubeId id) {
        engine.cubes.deletion.delete(id);
    }

    /** Whether there is a model that answers conversations. */
    public boolean canChat() {
        return engine.services.activations.answers();
    }

    /** The background work: its tasks, how they stand, and how to pause or repeat them. */
    public MemScheduler scheduler() {
        return engine.background.tasks;
    }

    /**
     * Who may use which cube, and who did what. The caller of this class is the owner of everything and is not asked.
     */
    public MemGovernance governance() {
        return engine.services.governance;
    }

    /**
     * Does the work in the name of somebody: the versions that it makes on this thread, and the tasks that it asks for,
     * are recorded under this actor, see {@link io.memos4j.api.history.ItemVersion#actor}. Within it another actor may
     * take over for a part. What follows in the background is done in the name of its task.
     *
     * @param actor 1 to 200 characters, for example {@link io.memos4j.api.access.CallerIdentity#actor}; does not begin
     *     with {@code task:}
     */
    public <T> T runAs(String actor, Supplier<T> work) {
        return engine.storage.actor.as(actor, work);
    }

    /**
     * Rewrites the storage so that no byte of deleted content is left, and gives the space back. Slow on large
     * directories.
     */
    public void compact() {
        engine.background.indexing.compactAll();
    }

    /**
     * Writes everything acknowledged before the call into one new file, while others read and write. {@link #restore}
     * makes a data directory of it. The search indexes are not in it; they are rebuilt. What is deleted later stays in
     * the file.
     *
     * @param file appears when it is complete and durable; lies in an existing directory
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if there is such a file already
     */
    public void backup(Path file) {
        engine.storage.vault.backup(file);
    }

    /**
     * Makes a data directory of a backup, after looking it over whole. The directory is made if it is not there.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if the directory is not empty,
     *     {@link ErrorCode#CORRUPT} if the backup is damaged; the directory is empty then
     */
    public static void restore(Path backup, Path directory) {
        BackupRestorer.restore(backup, directory);
    }

    /** Where everything lies. */
    public Path directory() {
        return engine.storage.config.directory();
    }

    /** How large it is, for those who watch over it. */
    public EngineStats stats() {
        return new EngineStats(cubes().size(), engine.storage.vault.bytes(), engine.storage.indexes.openCount());
    }

    /**
     * Shows the answer of every search, those of preloading included, to {@code watcher}, on the thread that searched.
     * The watcher must be quick and must not throw.
     *
     * @return ends the watching
     */
    public Runnable watchSearches(Consumer<SearchResult> watcher) {
        return engine.services.searcher.watch((cubes, result) -> watcher.accept(result));
    }

    /** Looks at every part and says what is wrong and what to do. Loads the embedding model. */
    public HealthReport checkHealth() {
        return engine.checkHealth();
    }

    /** Waits for running calls, makes everything durable and releases the directory. */
    @Override
    public void close() {
        engine.close();
    }
}
