package io.memos4j.core.scheduler;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.Extraction;
import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemType;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.TaskKind;
import io.memos4j.core.index.OpenIndexes;
import io.memos4j.core.lifecycle.Consolidated;
import io.memos4j.core.lifecycle.Extractions;
import io.memos4j.core.lifecycle.Extractions.Applied;
import io.memos4j.core.reader.fine.FineLimits;
import io.memos4j.core.reader.fine.FineReader;
import io.memos4j.core.reader.fine.Refusal;
import io.memos4j.core.reader.fine.Usage;
import io.memos4j.core.reader.fine.Window;
import io.memos4j.spi.Candidate;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Inserted;
import io.memos4j.spi.LanguageModel;
import io.memos4j.spi.LexicalQuery;
import io.memos4j.spi.Spending;
import io.memos4j.spi.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a language model read new messages, window by window: in the background when enough have come or none comes any more, at once when
 * asked. One call a window; what it proposes is applied in one transaction together with the mark that the window has been read, so a crash
 * repeats a window rather than losing it. Thread-safe.
 *
 * <p>A window that fails stays unread and is tried again, three times at the most; then it is passed over, with a warning, and its messages
 * stay as they are. The day's tokens, failed calls included, are counted in the vault; when they are spent, reading waits for the next day.
 */
public final class ReadingWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingWorker.class);

    /** Messages and characters read together. */
    private static final int WINDOW = 20;

    private static final int WINDOW_CHARS = 16_000;

    /** In the background a window is read when it has this many messages, or when none came for this long. */
    private static final int DUE = 8;

    private static final Duration QUIET = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** Memories that a window may change, shown to the model. */
    private static final int KNOWN = 30;

    private static final int TRIES = 3;

    private static final Filter READABLE =
            Filter.and(Filter.type(ItemType.MESSAGE), Filter.eq("state", ItemState.ACTIVATED.id()));

    private static final Filter CHANGEABLE = Filter.and(
            Filter.in(
                    "type",
                    List.of(
                            ItemType.FACT.id(),
                            ItemType.EVENT.id(),
                            ItemType.PREFERENCE.id(),
                            ItemType.INSTRUCTION.id(),
                            ItemType.PROFILE.id(),
                            ItemType.SUMMARY.id(),
                            ItemType.SKILL.id())),
            Filter.eq("state", ItemState.ACTIVATED.id()),
            Consolidated.NONE);

    private final Vault vault;
    private final OpenIndexes indexes;
    private final Setting setting;
    private final Set<Long> dirty = ConcurrentHashMap.newKeySet();
    private final Map<Long, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Map<Long, Integer> failures = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * How to read.
     *
     * @param tokensPerDay what each cube may spend a day (UTC), calls that fail included
     */
    public record Setting(
            LanguageModel model,
            Extractions extractions,
            Clock clock,
            ZoneId zone,
            long tokensPerDay,
            Runnable changed) {}

    public ReadingWorker(Vault vault, OpenIndexes indexes, Setting setting) {
        this.vault = vault;
        this.indexes = indexes;
        this.setting = setting;
        this.thread = Thread.ofPlatform().name("memos4j-reading").daemon().start(this::run);
    }

    /** Says that a cube may have something to read. Never blocks. */
    public void wake(long cube) {
        dirty.add(cube);
    }

    /**
     * Reads everything that is unread in a cube.
     *
     * @throws MemoryException as the model fails; what was read before that is applied
     */
    public Extraction readNow(long cube) {
        Extraction total = Extraction.NOTHING;
        while (true) {
            Optional<Extraction> window = readWindow(cube, true);
            if (window.isEmpty()) {
                return total;
            }
            total = sum(total, window.get());
            if (!total.complete()) {
                return total;
            }
        }
    }

    /** Whether a cube has messages that are not read. */
    public boolean hasUnread(long cube) {
        return !vault.read(reader -> reader.unmarked(cube, TaskKind.EXTRACT, READABLE, 1))
                .isEmpty();
    }

    private void run() {
        Duration pause = POLL;
        vault.read(reader -> reader.cubes()).forEach(cube -> dirty.add(cube.key()));
        while (!closed) {
            try {
                Thread.sleep(pause);
                boolean failed = false;
                for (Long cube : List.copyOf(dirty)) {
                    failed |= !drain(cube);
                }
                pause = failed ? longer(pause) : POLL;
            } catch (InterruptedException e) {
                return;
            } catch (MemoryException e) {
                if (closed || e.code() == ErrorCode.CLOSED || e.code() == ErrorCode.INTERRUPTED) {
                    return;
                }
                pause = longer(pause);
                LOG.warn("Reading waits for another try: {}", e.getMessage());
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    /** Reads what is due; false if the model failed. */
    private boolean drain(long cube) {
        dirty.remove(cube);
        try {
            Optional<Extraction> read;
            do {
                read = readWindow(cube, false);
            } while (!closed && read.filter(Extraction::complete).isPresent());
            if (hasUnread(cube)) {
                dirty.add(cube);
            }
            return true;
        } catch (MemoryException e) {
            if (closed || e.code() == ErrorCode.CUBE_NOT_FOUND) {
                return true;
            }
            dirty.add(cube);
            LOG.warn("A window of messages was not read: {}", e.getMessage());
            return false;
        }
    }

    /** Reads one window; empty if there is none, or none that is due. */
    private Optional<Extraction> readWindow(long cube, boolean now) {
        ReentrantLock lock = locks.computeIfAbsent(cube, key -> new ReentrantLock());
        lock.lock();
        try {
            Optional<CubeRow> row = vault.read(reader -> reader.cube(cube));
            List<Inserted> unread =
                    window(vault.read(reader -> reader.unmarked(cube, TaskKind.EXTRACT, READABLE, WINDOW)));
            if (closed || row.isEmpty() || unread.isEmpty() || !now && !isDue(unread)) {
                return Optional.empty();
            }
            if (spent(cube).tokens() >= setting.tokensPerDay) {
                return Optional.of(new Extraction(List.of(), List.of(), List.of(), List.of(), 0, 0, false));
            }
            return Optional.of(read(row.get(), unread));
        } finally {
            lock.unlock();
        }
    }

    /** The beginning of what is unread, as far as it is one session and fits into one reading. */
    private static List<Inserted> window(List<Inserted> unread) {
        List<Inserted> window = new ArrayList<>();
        int chars = 0;
        for (Inserted each : unread) {
            String session = window.isEmpty()
                    ? each.item().origin().session()
                    : window.getFirst().item().origin().session();
            chars += each.item().text().length();
            boolean fits = window.isEmpty() || chars <= WINDOW_CHARS;
            if (!fits || !each.item().origin().session().equals(session)) {
                break;
            }
            window.add(each);
        }
        return window;
    }

    private boolean isDue(List<Inserted> unread) {
        return unread.size() >= DUE
                || unread.getLast()
                        .item()
                        .times()
                        .recordedAt()
                        .isBefore(setting.clock.instant().minus(QUIET));
    }

    private Spending spent(long cube) {
        return vault.read(reader -> reader.spending(cube, today()));
    }

    private LocalDate today() {
        return setting.clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    }

    private Extraction read(CubeRow cube, List<Inserted> unread) {
        long last = unread.getLast().ordinal();
        List<MemoryItem> messages = unread.stream().map(Inserted::item).toList();
        Window window = new Window(messages, known(cube, messages), setting.zone);
        List<Usage> usage = new ArrayList<>();
        FineReader reader = new FineReader(setting.model, FineLimits.DEFAULT, usage::add);
        io.memos4j.core.reader.fine.Extraction extraction;
        try {
            extraction = reader.read(window);
        } catch (MemoryException e) {
            failed(cube, last, usage, e);
            throw e;
        }
        Applied applied = vault.write(writer -> {
            if (writer.cube(cube.key()).isEmpty()) {
                throw new MemoryException(ErrorCode.CUBE_NOT_FOUND, "Cube '" + cube.id() + "' was deleted.");
            }
            writer.spend(cube.key(), today(), spending(usage));
            writer.mark(cube.key(), TaskKind.EXTRACT, last);
            return setting.extractions.apply(writer, cube.key(), window, extraction.proposals(), setting.model.id());
        });
        failures.remove(cube.key());
        indexes.catchUpIfOpen(cube);
        setting.changed.run();
        return new Extraction(
                applied.added(),
                applied.updated(),
                applied.retired(),
                extraction.refusals().stream().map(ReadingWorker::told).toList(),
                extraction.calls(),
                spending(usage).tokens(),
                true);
    }

    private static String told(Refusal refusal) {
        return refusal.reason() + " (" + refusal.what() + ")";
    }

    /** Counts what a failed window cost; after the last try it is passed over, and its messages stay as they are. */
    private void failed(CubeRow cube, long last, List<Usage> usage, MemoryException failure) {
        boolean given = failures.merge(cube.key(), 1, Integer::sum) >= TRIES || failure.code() == ErrorCode.TOO_LARGE;
        vault.write(writer -> {
            if (writer.cube(cube.key()).isPresent()) {
                writer.spend(cube.key(), today(), spending(usage));
                if (given) {
                    writer.mark(cube.key(), TaskKind.EXTRACT, last);
                }
            }
            return given;
        });
        if (given) {
            failures.remove(cube.key());
            LOG.warn(
                    "Messages of cube '{}' stay without extraction, after {} tries: {}",
                    cube.id(),
                    TRIES,
                    failure.getMessage());
        }
    }

    private static Spending spending(List<Usage> usage) {
        long tokens = usage.stream()
                .mapToLong(each -> (long) each.inputTokens() + each.outputTokens())
                .sum();
        return new Spending(usage.size(), tokens);
    }

    /** The memories nearest to the window by their words: what it may change. */
    private List<MemoryItem> known(CubeRow cube, List<MemoryItem> messages) {
        StringBuilder text = new StringBuilder();
        messages.forEach(message -> text.append(
                        message.text(), 0, Math.min(500, message.text().length()))
                .append('\n'));
        LexicalQuery query = new LexicalQuery(text.toString(), CHANGEABLE, KNOWN, Duration.ofSeconds(2));
        List<ItemId> ids = indexes.use(cube, index -> index.lexical(query)).candidates().stream()
                .map(Candidate::item)
                .distinct()
                .toList();
        return vault.read(reader -> reader.items(cube.key(), ids));
    }

    private static Extraction sum(Extraction a, Extraction b) {
        return new Extraction(
                joined(a.added(), b.added()),
                joined(a.updated(), b.updated()),
                joined(a.retired(), b.retired()),
                joined(a.refused(), b.refused()),
                a.calls() + b.calls(),
                a.tokens() + b.tokens(),
                a.complete() && b.complete());
    }

    private static <T> List<T> joined(List<T> a, List<T> b) {
        List<T> joined = new ArrayList<>(a);
        joined.addAll(b);
        return joined;
    }

    /** Stops reading; a running call is interrupted and its window stays unread. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        setting.model.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
