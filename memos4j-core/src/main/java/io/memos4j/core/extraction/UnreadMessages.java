package io.memos4j.core.extraction;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The messages of a cube that no language model has read yet, window by window. Thread-safe. */
public final class UnreadMessages {
    /** The messages that a language model reads. */
    public static final Filter READABLE =
            Filter.and(Filter.type(ItemType.MESSAGE), Filter.eq("state", ItemState.ACTIVATED.id()));

    private static final int WINDOW_MESSAGES = 20;
    private static final int WINDOW_CHARS = 16_000;

    /** So many messages are read without waiting for more. */
    private static final int ENOUGH = 8;

    /** The position of messages that a task names: the mark of the cube has passed them. */
    private static final long PASSED = -1;

    private final Vault vault;

    UnreadMessages(Vault vault) {
        this.vault = vault;
    }

    /** Returns whether a cube has unread messages. */
    public static boolean exist(VaultReader reader, CubeKey cube) {
        return !reader.itemsAfterMark(cube, TaskKind.EXTRACT, READABLE, 1).isEmpty();
    }

    /** Returns whether a cube has so many unread messages that reading need not wait for more. */
    public static boolean areEnough(VaultReader reader, CubeKey cube) {
        return reader.itemsAfterMark(cube, TaskKind.EXTRACT, READABLE, ENOUGH).size() == ENOUGH;
    }

    /** Returns whether a task is about messages that it names, rather than about all unread ones. */
    static boolean areNamedBy(Task task) {
        return !task.subject().isEmpty();
    }

    /** Names messages for a task of their own. */
    static String name(List<InsertedItem> messages) {
        return messages.stream().map(each -> each.item().id().toString()).collect(Collectors.joining(" "));
    }

    boolean exist(CubeRow cube) {
        return vault.read(reader -> exist(reader, cube.key()));
    }

    /** The next window of a task: one session, within the bounds of one reading; empty if there is none. */
    List<InsertedItem> nextWindow(CubeRow cube, Task task) {
        return areNamedBy(task)
                ? vault.read(reader -> named(reader, cube.key(), task.subject()))
                : window(vault.read(
                        reader -> reader.itemsAfterMark(cube.key(), TaskKind.EXTRACT, READABLE, WINDOW_MESSAGES)));
    }

    /** Marks a window as read. */
    static void mark(VaultWriter writer, CubeRow cube, List<InsertedItem> window) {
        long ordinal = window.getLast().ordinal();
        if (ordinal != PASSED) {
            writer.setMark(cube.key(), TaskKind.EXTRACT, ordinal);
        }
    }

    /** Returns whether a window of the cube was skipped and waits for its own task. */
    boolean hasSkippedWindow(CubeRow cube) {
        return vault.read(reader -> tasks(reader, cube, TaskState.SCHEDULED, TaskState.READY)).stream()
                .anyMatch(UnreadMessages::areNamedBy);
    }

    /**
     * The windows of a cube that were skipped and are still unread, by their tasks, oldest first: they wait for another
     * try, or are given up until somebody asks for it.
     *
     * @param holder the cube that holds messages of the windows: this one, or one to which they were copied
     */
    public static List<Task> skippedWindows(VaultReader reader, CubeRow cube, CubeKey holder) {
        Map<String, Task> bySubject = new LinkedHashMap<>();
        tasks(reader, cube, TaskState.SCHEDULED, TaskState.READY, TaskState.DEAD).reversed().stream()
                .filter(UnreadMessages::areNamedBy)
                .filter(task -> !named(reader, holder, task.subject()).isEmpty())
                .forEach(task -> bySubject.put(task.subject(), task));
        return List.copyOf(bySubject.values());
    }

    private static List<Task> tasks(VaultReader reader, CubeRow cube, TaskState first, TaskState... more) {
        TaskQuery query = TaskQuery.ALL.of(cube.id()).kind(TaskKind.EXTRACT).in(first, more);
        return reader.tasks().list(query.limit(TaskQuery.MAX_LIMIT));
    }

    /** The named messages that still exist and are active. */
    private static List<InsertedItem> named(VaultReader reader, CubeKey cube, String subject) {
        List<ItemId> ids =
                Arrays.stream(subject.split(" ", -1)).map(ItemId::parse).toList();
        return reader.items(cube, ids).stream()
                .filter(item -> item.state() == ItemState.ACTIVATED)
                .map(item -> new InsertedItem(item, PASSED))
                .toList();
    }

    private static List<InsertedItem> window(List<InsertedItem> unread) {
        List<InsertedItem> window = new ArrayList<>();
        int chars = 0;
        for (InsertedItem each : unread) {
            String session = (window.isEmpty() ? each : window.getFirst())
                    .item()
                    .origin()
                    .session();
            chars += each.item().text().length();
            boolean fits = window.isEmpty() || chars <= WINDOW_CHARS;
            if (!fits || !each.item().origin().session().equals(session)) {
                break;
            }
            window.add(each);
        }
        return window;
    }
}
