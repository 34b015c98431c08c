package io.memos4j.core.cube;

import io.memos4j.api.Page;
import io.memos4j.api.Warning;
import io.memos4j.api.history.ItemExplanation;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.api.retention.WorkingMemoryItem;
import io.memos4j.api.tasks.Task;
import io.memos4j.core.privacy.Redactor;
import java.util.List;

/** The results of reading a cube as one reader may see them. */
record RedactedResults(Redactor redactor) {
    Page<MemoryItem> items(Page<MemoryItem> page) {
        return new Page<>(page.items().stream().map(redactor::redact).toList(), page.next());
    }

    List<Warning> warnings(List<Warning> warnings) {
        return warnings.stream()
                .map(warning -> new Warning(warning.code(), redactor.redact(warning.message())))
                .toList();
    }

    ItemVersion version(ItemVersion version) {
        return new ItemVersion(
                redactor.redact(version.item()),
                version.recordedAt(),
                version.supersededAt(),
                redactor.redact(version.item(), version.cause()),
                version.actor(),
                version.reason(),
                version.succession().map(this::supersession));
    }

    SupersessionRecord supersession(SupersessionRecord record) {
        return new SupersessionRecord(
                record.former(), record.successor(), redactor.redact(record.reason()), record.since());
    }

    ItemExplanation explanation(ItemExplanation explained) {
        return new ItemExplanation(
                redactor.redact(explained.item()),
                explained.history().stream().map(this::version).toList(),
                explained.successions().stream().map(this::supersession).toList(),
                explained.sources().stream().map(this::source).toList(),
                explained.carried().stream()
                        .map(each -> new ItemExplanation.Carried(
                                each.place(), each.state(), redactor.redact(each.why()), each.actor(), each.at()))
                        .toList(),
                explained.tasks().stream().map(this::task).toList(),
                explained.reading());
    }

    private ItemExplanation.Source source(ItemExplanation.Source source) {
        return new ItemExplanation.Source(
                source.ref(),
                source.item().map(redactor::redact),
                source.sources().stream().map(this::source).toList());
    }

    private Task task(Task task) {
        return new Task(
                task.id(),
                task.cube(),
                task.kind(),
                task.subject(),
                task.state(),
                task.priority(),
                task.due(),
                task.deadline(),
                task.attempts(),
                task.done(),
                task.total(),
                redactor.redact(task.note()),
                redactor.redact(task.cause()),
                task.createdAt(),
                task.changedAt());
    }

    WorkingMemory workingMemory(WorkingMemory memory) {
        return new WorkingMemory(
                memory.session(),
                memory.items().stream()
                        .map(each -> new WorkingMemoryItem(
                                redactor.redact(each.item()), each.heat(), each.touchedAt(), each.cause()))
                        .toList());
    }
}
