package io.memos4j.core.retention;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.retention.UsageRecord;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the use of items and the working memory of sessions. Notes go into a buffer, so a search never waits for a
 * write, and are written together once a second or after {@value #MANY} notes. Thread-safe.
 *
 * <p>A crash loses the notes of the last second, which are hints and not memories. Notes that cannot be written, for
 * example because the disk is full, are dropped with a warning; those beyond {@value #MAX_BUFFERED} waiting ones are
 * dropped silently.
 */
public final class UsageRecorder implements AutoCloseable {
    /** Learns that a session was touched, inside the transaction that records it. */
    public interface SessionListener {
        void sessionTouched(VaultWriter writer, CubeKey cube, String session);
    }

    private static final Logger LOG = LoggerFactory.getLogger(UsageRecorder.class);
    private static final int MANY = 1_000;
    private static final int MAX_BUFFERED = 20_000;
    private static final long DELAY_MILLIS = 1_000;

    /** The id that stands for the cube itself in a note that it was searched; no item has it. */
    private static final ItemId THE_CUBE = new ItemId(new UUID(0, 0));

    private final Vault vault;
    private final SessionListener follow;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("memos4j-uses").daemon().factory());
    private final Object writing = new Object();
    private List<Note> notes = new ArrayList<>();
    private List<Note> flushing = List.of();
    private boolean due;
    private boolean closed;

    /** One use or touch of an item; outside of sessions, session and cause are empty. */
    private record Note(CubeKey cube, String session, ItemId item, String cause, boolean use, Instant at) {}

    public UsageRecorder(Vault vault, SessionListener follow) {
        this.vault = vault;
        this.follow = follow;
        // close() writes what is left and does not wait for the next flush.
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Records that a cube was searched and these items were found, or fetched; an empty session stands for none. */
    public void recordUse(CubeKey cube, String session, List<ItemId> items, Instant at) {
        List<Note> found = new ArrayList<>();
        found.add(new Note(cube, "", THE_CUBE, "", true, at));
        items.forEach(item -> found.add(new Note(cube, session, item, SessionWorkingMemory.FOUND, true, at)));
        note(found);
    }

    /** Records that these items were said in a session. */
    public void recordSaid(CubeKey cube, String session, List<ItemId> items, Instant at) {
        note(items.subList(Math.max(0, items.size() - WorkingMemory.MAX_ITEMS), items.size()).stream()
                .map(item -> new Note(cube, session, item, SessionWorkingMemory.SAID, false, at))
                .toList());
    }

    private synchronized void note(List<Note> more) {
        if (closed || more.isEmpty() || notes.size() + more.size() > MAX_BUFFERED) {
            return;
        }
        notes.addAll(more);
        if (!due || notes.size() >= MANY && notes.size() - more.size() < MANY) {
            due = true;
            timer.schedule(this::flushQuietly, notes.size() >= MANY ? 0 : DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The working memory of a session, hottest first, with its present heat; unwritten notes count. */
    public List<WorkingMemoryEntry> workingMemory(VaultReader reader, CubeKey cube, String session, Instant now) {
        List<Note> waiting = pendingNotes();
        SessionWorkingMemory set = new SessionWorkingMemory(reader.usage().workingMemory(cube, session));
        waiting.stream()
                .filter(note -> note.cube.equals(cube) && note.session.equals(session))
                .forEach(note -> set.touch(note.item, note.cause, note.at));
        return set.rankedAt(now);
    }

    private synchronized List<Note> pendingNotes() {
        List<Note> all = new ArrayList<>(flushing);
        all.addAll(notes);
        return all;
    }

    private void flushQuietly() {
        try {
            flush();
        } catch (MemoryException e) {
            LOG.warn("The use of memories could not be recorded and is lost: {}", e.getMessage());
        }
    }

    /** Writes the notes so far. */
    public void flush() {
        synchronized (writing) {
            List<Note> batch = beginFlush();
            try {
                if (!batch.isEmpty()) {
                    vault.change(writer -> write(writer, batch));
                }
            } finally {
                endFlush();
            }
        }
    }

    private synchronized List<Note> beginFlush() {
        due = false;
        flushing = notes;
        notes = new ArrayList<>();
        return flushing;
    }

    private synchronized void endFlush() {
        flushing = List.of();
    }

    private record Session(CubeKey cube, String name) {}

    private void write(VaultWriter writer, List<Note> batch) {
        Map<CubeKey, List<Note>> uses = new HashMap<>();
        Map<Session, List<Note>> touches = new LinkedHashMap<>();
        for (Note note : batch) {
            if (note.use) {
                uses.computeIfAbsent(note.cube, cube -> new ArrayList<>()).add(note);
            }
            if (!note.session.isEmpty()) {
                touches.computeIfAbsent(new Session(note.cube, note.session), key -> new ArrayList<>())
                        .add(note);
            }
        }
        uses.forEach((cube, notes) -> writeUses(writer, cube, notes));
        touches.forEach((session, notes) -> writeTouches(writer, session, notes));
    }

    private static void writeUses(VaultWriter writer, CubeKey cube, List<Note> batch) {
        HeatCurve curve = HeatCurve.of(writer.usage().policy(cube));
        List<ItemId> ids = batch.stream().map(Note::item).distinct().toList();
        Map<ItemId, UsageRecord> uses = new HashMap<>();
        writer.items(cube, ids)
                .forEach(item ->
                        uses.put(item.id(), HeatCurve.unused(item.times().recordedAt())));
        uses.putAll(writer.usage().itemUsage(cube, ids));
        batch.forEach(note -> uses.computeIfPresent(note.item, (item, former) -> curve.afterUses(former, 1, note.at)));
        writer.usage().recordItemUsage(cube, uses);
        batch.stream().filter(note -> note.item.equals(THE_CUBE)).forEach(note -> {
            UsageRecord former = writer.usage().cubeUsage(cube).orElseGet(() -> new UsageRecord(0, 0, note.at));
            writer.usage().recordQueries(cube, QueryRate.afterQuery(former, note.at));
        });
    }

    private void writeTouches(VaultWriter writer, Session session, List<Note> batch) {
        if (writer.findCube(session.cube).isEmpty()) {
            return;
        }
        List<WorkingMemoryEntry> former = writer.usage().workingMemory(session.cube, session.name);
        SessionWorkingMemory set = new SessionWorkingMemory(former);
        batch.forEach(note -> set.touch(note.item, note.cause, note.at));
        writer.usage().replaceWorkingMemory(session.cube, session.name, set.toStored(batch.getLast().at));
        if (former.isEmpty()) {
            writer.usage().retainSessions(session.cube, WorkingMemory.MAX_SESSIONS);
        }
        if (writer.usage().workingMemory(session.cube, session.name).isEmpty()) {
            return; // All of it was erased meanwhile: nothing may name the session any more.
        }
        follow.sessionTouched(writer, session.cube, session.name);
    }

    /** Writes the notes that are left. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        timer.close();
        flushQuietly();
    }
}
