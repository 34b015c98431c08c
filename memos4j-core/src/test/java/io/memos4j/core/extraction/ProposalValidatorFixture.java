package io.memos4j.core.extraction;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.extraction.ExtractionFixture.ScriptedModel;
import java.util.List;

import static io.memos4j.core.extraction.ExtractionFixture.memories;
import static io.memos4j.core.extraction.ExtractionFixture.memory;
import static io.memos4j.core.extraction.ExtractionFixture.user;
import static io.memos4j.core.extraction.ExtractionFixture.window;
import static org.assertj.core.api.Assertions.assertThat;

/** A window about green tea, and what a model may answer to it. */
abstract class ProposalValidatorFixture {
    static final String GOOD = memory("fact", "Alice drinks green tea every morning.", "[1]", "");
    static final MemoryItem TEA = user(1, "I drink green tea every morning, and I play chess on Sundays.");

    /** What is made of the model's answer to a window. */
    static WindowExtraction read(MessageWindow window, String answer) {
        return new FactExtractor(ScriptedModel.answering(answer), ExtractionLimits.DEFAULT, usage -> {})
                .extract(window);
    }

    /** The bad memory is refused for the reason, and a good one beside it is taken. */
    static void refuses(String code, MessageWindow window, String bad) {
        WindowExtraction extraction = read(window, memories(bad, GOOD));
        assertThat(extraction.refusals()).extracting(ExtractionFixture::code).containsExactly(code);
        assertThat(extraction.refusals().getFirst().what()).startsWith("memories[0] '");
        assertThat(extraction.proposals()).hasSize(1);
    }

    static void refuses(String code, String bad) {
        refuses(code, window(TEA), bad);
    }

    /** Why proposals of the answer are refused, in order. */
    static List<String> codes(MessageWindow window, String answer) {
        return read(window, answer).refusals().stream()
                .map(ExtractionFixture::code)
                .toList();
    }

    /** An answer that changes memories and adds none. */
    static String change(String updates, String retirements) {
        return "{\"memories\": [], \"updates\": [" + updates + "], \"retirements\": [" + retirements + "]}";
    }

    static String update(int known, String text, String sources) {
        return "{\"known\": " + known + ", \"text\": \"" + text + "\", \"sources\": " + sources
                + ", \"confidence\": 0.8, \"reason\": \"new\"}";
    }

    static String retire(int known, String sources) {
        return "{\"known\": " + known + ", \"sources\": " + sources + ", \"at\": null, \"reason\": \"over\"}";
    }
}
