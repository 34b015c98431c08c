package io.memos4j.core.parametric;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryItem;
import io.memos4j.spi.Vault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A training that goes on as long as what it teaches is so. Thread-safe. */
final class Running {
    private final Vault vault;
    private final Lesson lesson;
    private final Supplier<Instant> now;
    private volatile boolean touched;
    private volatile boolean ended;

    Running(Vault vault, Lesson lesson, Supplier<Instant> now) {
        this.vault = vault;
        this.lesson = lesson;
        this.now = now;
    }

    /** Something in the cube was changed; whether it is taught here is looked up before the next step. */
    void touched() {
        touched = true;
    }

    boolean goesOn() {
        if (touched) {
            touched = false;
            ended = ended || !isSo();
        }
        return !ended;
    }

    private boolean isSo() {
        List<ItemId> ids = lesson.items().stream().map(MemoryItem::id).toList();
        Map<ItemId, MemoryItem> present = vault.read(reader -> reader.items(lesson.cube(), ids)).stream()
                .collect(Collectors.toMap(MemoryItem::id, Function.identity()));
        return lesson.items().stream().allMatch(item -> {
            MemoryItem current = present.get(item.id());
            return current != null
                    && current.text().equals(item.text())
                    && current.times().heldAt(now.get());
        });
    }
}
