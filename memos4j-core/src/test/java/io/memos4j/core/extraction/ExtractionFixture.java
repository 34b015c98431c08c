package io.memos4j.core.extraction;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemOrigin;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemTimes;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.spi.models.LanguageModel;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Windows and a scripted model for the tests of this package. Item n is said n minutes after noon of Saturday
 * 2025-03-01 in Berlin.
 */
final class ExtractionFixture {
    /** The stable code at the head of the reason. */
    static String code(ProposalRefusal refusal) {
        return refusal.reason().substring(0, refusal.reason().indexOf(':'));
    }

    static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    static final Instant NOON = Instant.parse("2025-03-01T11:00:00Z");

    private ExtractionFixture() {}

    static ItemId id(long number) {
        return new ItemId(new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | number));
    }

    static MemoryItem user(int number, String text) {
        return message(number, Role.USER, "Alice", text);
    }

    static MemoryItem assistant(int number, String text) {
        return message(number, Role.ASSISTANT, "", text);
    }

    static MemoryItem message(int number, Role role, String speaker, String text) {
        return item(number, ItemType.MESSAGE, ItemState.ACTIVATED, new ItemOrigin("s", role, speaker, List.of()), text);
    }

    static MemoryItem known(int number, ItemType type, String text) {
        return item(number, type, ItemState.ACTIVATED, ItemOrigin.NONE, text);
    }

    static MemoryItem item(int number, ItemType type, ItemState state, ItemOrigin origin, String text) {
        Instant time = NOON.plus(Duration.ofMinutes(number));
        return new MemoryItem(
                CubeId.of("c"),
                id(number),
                1,
                type,
                state,
                text,
                "",
                origin,
                ItemTimes.recorded(time, time),
                Set.of(),
                Map.of());
    }

    static MessageWindow window(MemoryItem... messages) {
        return new MessageWindow(List.of(messages), List.of(), BERLIN);
    }

    /** One entry of the list of memories; single quotes stand for double ones. */
    static String memory(String type, String text, String sources, String more) {
        return "{\"type\": \"" + type + "\", \"text\": \"" + text.replace("\"", "\\\"") + "\", \"sources\": " + sources
                + ", \"confidence\": 0.9" + more.replace('\'', '"') + "}";
    }

    static String memories(String... memories) {
        return "{\"memories\": [" + String.join(", ", memories) + "], \"updates\": [], \"retirements\": []}";
    }

    /** A model that gives its answers in order and keeps the prompts. */
    static final class ScriptedModel implements LanguageModel {
        final List<Prompt> prompts = new ArrayList<>();
        private final Deque<Supplier<Completion>> answers = new ArrayDeque<>();

        static ScriptedModel answering(String... texts) {
            ScriptedModel model = new ScriptedModel();
            for (String text : texts) {
                model.then(() -> new Completion(text, 100, 10, false));
            }
            return model;
        }

        ScriptedModel then(Supplier<Completion> answer) {
            answers.add(answer);
            return this;
        }

        @Override
        public String id() {
            return "test:scripted";
        }

        @Override
        public Completion complete(Prompt prompt) {
            prompts.add(prompt);
            return answers.remove().get();
        }
    }
}
