package io.memos4j.core.working;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.WorkingMemory;
import io.memos4j.core.lifecycle.AskRate;
import io.memos4j.core.lifecycle.HeatCurve;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.Held;
import io.memos4j.spi.Use;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes what is used and what sessions touch, and writes it down together, once a second or after {@value #MANY} notes. Thread-safe.
 *
 * <p>A search never waits for a write: a note goes into a buffer. A crash loses the notes of the last second, which are hints and not
 * memories. What cannot be written, because the disk is full for example, is dropped with a warning; so are notes beyond {@value #MOST}.
 */
public final class UseRecorder implements AutoCloseable {
    /** Asks for what shall follow when a session was touched; inside the transaction that writes it down. */
    public interface Follow {
        void touched(VaultWriter writer, CubeKey cube, String session);
    }

    private static final Logger LOG = LoggerFactory.getLogger(UseRecorder.class);
    private static final int MANY = 1_000;
    private static final int MOST = 20_000;
    private static final long DELAY_MILLIS = 1_000;

    /** Stands for the cube itself, in a note that it was asked; no item has this id. */
    private static final ItemId THE_CUBE = new ItemId(new UUID(0, 0));

    private final Vault vault;
    private final Follow follow;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("memos4j-uses").daemon().factory());
    private final Object writing = new Object();
    private List<Note> notes = new ArrayList<>();
    private List<Note> flushing = List.of();
    private boolean due;
    private boolean closed;

    /** An empty session stands for none; an empty cause for a use outside any. */
    private record Note(CubeKey cube, String session, ItemId item, String cause, boolean use, Instant at) {}

    public UseRecorder(Vault vault, Follow follow) {
        this.vault = vault;
        this.follow = follow;
        // Who closes writes down what is left, and does not wait for the time of the next flush.
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** The cube was asked, and a session found these items, or the user got them; an empty session stands for none. */
    public void used(CubeKey cube, String session, List<ItemId> items, Instant at) {
        List<Note> found = new ArrayList<>();
        found.add(new Note(cube, "", THE_CUBE, "", true, at));
        items.forEach(item -> found.add(new Note(cube, session, item, WorkingSet.FOUND, true, at)));
        note(found);
    }

    /** These items were said in a session. */
    public void said(CubeKey cube, String session, List<ItemId> items, Instant at) {
        note(items.subList(Math.max(0, items.size() - WorkingMemory.MOST), items.size()).stream()
                .map(item -> new Note(cube, session, item, WorkingSet.SAID, false, at))
                .toList());
    }

    private synchronized void note(List<Note> more) {
        if (closed || more.isEmpty() || notes.size() + more.size() > MOST) {
            return;
        }
        notes.addAll(more);
        if (!due || notes.size() >= MANY && notes.size() - more.size() < MANY) {
            due = true;
            try {
                timer.schedule(this::flushQuietly, notes.size() >= MANY ? 0 : DELAY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("A use was noted while closing.", e);
            }
        }
    }

    /** What a session has at hand, hottest first, with its heat now; what is noted but not yet written counts too. */
    public List<Held> held(VaultReader reader, CubeKey cube, String session, Instant now) {
        List<Note> waiting = waiting();
        WorkingSet set = new WorkingSet(reader.usage().held(cube, session));
        waiting.stream()
                .filter(note -> note.cube == cube && note.session.equals(session))
                .forEach(note -> set.touch(note.item, note.cause, note.at));
        return set.at(now);
    }

    private synchronized List<Note> waiting() {
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

    /** Writes down what was noted so far. */
    public void flush() {
        synchronized (writing) {
            List<Note> batch = begin();
            try {
                if (!batch.isEmpty()) {
                    vault.write(writer -> {
                        write(writer, batch);
                        return batch.size();
                    });
                }
            } finally {
                end();
            }
        }
    }

    private synchronized List<Note> begin() {
        due = false;
        flushing = notes;
        notes = new ArrayList<>();
        return flushing;
    }

    private synchronized void end() {
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
        Map<ItemId, Use> uses = new HashMap<>();
        writer.items(cube, ids)
                .forEach(
                        item -> uses.put(item.id(), HeatCurve.fresh(item.times().recordedAt())));
        uses.putAll(writer.usage().uses(cube, ids));
        batch.forEach(note -> uses.computeIfPresent(note.item, (item, former) -> curve.used(former, 1, note.at)));
        writer.usage().use(cube, uses);
        batch.stream().filter(note -> note.item.equals(THE_CUBE)).forEach(note -> {
            Use former = writer.usage().asked(cube).orElseGet(() -> new Use(0, 0, note.at));
            writer.usage().asked(cube, AskRate.asked(former, note.at));
        });
    }

    private void writeTouches(VaultWriter writer, Session session, List<Note> batch) {
        if (writer.cube(session.cube).isEmpty()) {
            return;
        }
        List<Held> former = writer.usage().held(session.cube, session.name);
        WorkingSet set = new WorkingSet(former);
        batch.forEach(note -> set.touch(note.item, note.cause, note.at));
        writer.usage().hold(session.cube, session.name, set.stored(batch.getLast().at));
        if (former.isEmpty()) {
            writer.usage().keepSessions(session.cube, WorkingMemory.SESSIONS);
        }
        follow.touched(writer, session.cube, session.name);
    }

    /** Writes down what is left. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        timer.close();
        flushQuietly();
    }
}
