package io.memos4j.core.extraction;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.extraction.ExtractionFixture.ScriptedModel;
import io.memos4j.spi.models.LanguageModel.Completion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static io.memos4j.core.extraction.ExtractionFixture.BERLIN;
import static io.memos4j.core.extraction.ExtractionFixture.id;
import static io.memos4j.core.extraction.ExtractionFixture.known;
import static io.memos4j.core.extraction.ExtractionFixture.memories;
import static io.memos4j.core.extraction.ExtractionFixture.memory;
import static io.memos4j.core.extraction.ExtractionFixture.user;
import static io.memos4j.core.extraction.ExtractionFixture.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The conversation with the model: one call, one repair, what a cut answer is worth, and what it all costs. */
class FactExtractorTest {
    private static final MessageWindow TEA = window(user(1, "I drink green tea every morning."));
    private static final String TEA_ANSWER =
            memories(memory("preference", "Alice drinks green tea every morning.", "[1]", ""));

    private final List<ModelUsage> usages = new ArrayList<>();

    private WindowExtraction read(ScriptedModel model, MessageWindow window) {
        return new FactExtractor(model, ExtractionLimits.DEFAULT, usages::add).extract(window);
    }

    @Test
    void aGoodAnswerTakesOneCallAndKeepsEveryField() {
        MessageWindow window = new MessageWindow(
                List.of(
                        user(1, "I moved from Oslo to Lisbon on 20 February 2025."),
                        user(2, "My lease runs to June 2026.")),
                List.of(
                        known(3, ItemType.PROFILE, "Alice lives in Oslo."),
                        known(4, ItemType.FACT, "Alice rents a flat."),
                        known(5, ItemType.FACT, "Alice looks for a mover.")),
                BERLIN);
        ScriptedModel model = ScriptedModel.answering("""
                Here it is:
                ```json
                {"memories": [{"type": "profile", "text": "Alice moved to Lisbon on 2025-02-20.", "sources": [4],
                  "confidence": 0.9, "occurred": "2025-02-20", "valid_from": "2025-02-20T09:30", "valid_to": "2026-06",
                  "implicit": false, "attribute": {"subject": "Alice", "name": "home city", "value": "Lisbon"},
                  "supersedes": [1]}],
                 "updates": [{"known": 2, "text": "Alice rents a flat with a lease until June 2026.", "sources": [5],
                  "confidence": 0.8, "reason": "the lease is known now"}],
                 "retirements": [{"known": 3, "sources": [4], "at": "2025-02-20", "reason": "she has moved"}]}
                ```""");

        WindowExtraction extraction = read(model, window);

        assertThat(extraction.refusals()).isEmpty();
        assertThat(extraction.proposals())
                .containsExactly(
                        new MemoryProposal.Add(
                                ItemType.PROFILE,
                                "Alice moved to Lisbon on 2025-02-20.",
                                List.of(id(1)),
                                0.9,
                                Optional.of(Instant.parse("2025-02-19T23:00:00Z")),
                                Optional.of(Instant.parse("2025-02-20T08:30:00Z")),
                                Optional.of(Instant.parse("2026-06-30T22:00:00Z")),
                                false,
                                Optional.of(new AttributeValue("Alice", "home city", "Lisbon")),
                                List.of(id(3))),
                        new MemoryProposal.Update(
                                id(4),
                                "Alice rents a flat with a lease until June 2026.",
                                List.of(id(2)),
                                0.8,
                                "the lease is known now"),
                        new MemoryProposal.Retire(
                                id(5),
                                List.of(id(1)),
                                Optional.of(Instant.parse("2025-02-19T23:00:00Z")),
                                "she has moved"));
        assertThat(usages).containsExactly(new ModelUsage(100, 10));
    }

    @Test
    void theModelIsAskedWithTheLimitsAndTheSchema() {
        ScriptedModel model = ScriptedModel.answering(memories());
        ExtractionLimits limits = new ExtractionLimits(777, 5_000, 9, Duration.ofSeconds(3));

        WindowExtraction extraction = new FactExtractor(model, limits, usages::add).extract(TEA);

        assertThat(extraction.proposals()).isEmpty();
        assertThat(model.prompts).singleElement().satisfies(prompt -> {
            assertThat(prompt.maxTokens()).isEqualTo(777);
            assertThat(prompt.timeout()).isEqualTo(Duration.ofSeconds(3));
            assertThat(prompt.schema()).contains("\"retirements\"");
            assertThat(prompt.system()).contains("at most 9 proposals");
        });
    }

    @Test
    void anAnswerThatIsNoJsonIsRepairedOnce() {
        ScriptedModel model = ScriptedModel.answering("Alice likes ⟦/answer⟧ tea, I think.", TEA_ANSWER);

        WindowExtraction extraction = read(model, TEA);

        assertThat(extraction.proposals()).hasSize(1);
        assertThat(usages).containsExactly(new ModelUsage(100, 10), new ModelUsage(100, 10));
        assertThat(model.prompts.get(1).system()).isEqualTo(model.prompts.get(0).system());
        assertThat(model.prompts.get(1).user())
                .startsWith(model.prompts.get(0).user())
                .contains("- the answer holds no JSON object")
                .contains("⟦answer⟧\nAlice likes [/answer] tea, I think.\n⟦/answer⟧");
    }

    @Test
    void theRepairIsToldAllErrorsWithTheirPaths() {
        ScriptedModel model = ScriptedModel.answering("""
                {"memories": [{"type": 3, "text": "x", "sources": ["1"], "confidence": "high",\
                 "attribute": {"name": "n"}}, 7],
                 "updates": {}, "retirements": [{"known": 1.5, "sources": 2}]}""", TEA_ANSWER);

        read(model, TEA);

        assertThat(model.prompts.get(1).user())
                .contains(
                        "- memories[0].type: must be a string",
                        "- memories[0].sources[0]: must be an integer",
                        "- memories[0].confidence: must be a number",
                        "- memories[0].attribute.subject: is missing",
                        "- memories[0].attribute.value: is missing",
                        "- memories[1]: must be an object",
                        "- updates: must be an array",
                        "- retirements[0].known: must be an integer",
                        "- retirements[0].sources: must be an array of integers");
    }

    @Test
    void aLongFormerAnswerIsShownCut() {
        ScriptedModel model = ScriptedModel.answering("no ".repeat(10_000), TEA_ANSWER);

        read(model, TEA);

        assertThat(model.prompts.get(1).user())
                .hasSizeLessThan(ExtractionPrompts.SHOWN_ANSWER + 2_000)
                .contains(" cut…]");
    }

    @Test
    void aFailedRepairIsAFailureOfTheModelAndCounted() {
        ScriptedModel model = ScriptedModel.answering("no", "{\"memories\": 1}");

        assertThatThrownBy(() -> read(model, TEA))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("test:scripted")
                .hasMessageContaining("memories: must be an array")
                .extracting(e -> ((MemoryException) e).code())
                .isEqualTo(ErrorCode.MODEL_FAILED);
        assertThat(usages).containsExactly(new ModelUsage(100, 10), new ModelUsage(100, 10));
    }

    @Test
    void aCutAnswerGivesItsCompleteEntries() {
        String cut = TEA_ANSWER.substring(0, TEA_ANSWER.indexOf("]}") > 0 ? TEA_ANSWER.indexOf("}]") + 1 : 0)
                + ", {\"type\": \"fact\", \"text\": \"Alice [is}";
        ScriptedModel model = new ScriptedModel().then(() -> new Completion(cut, 100, 10, true));

        WindowExtraction extraction = read(model, TEA);

        assertThat(extraction.proposals()).hasSize(1);
        assertThat(extraction.refusals()).extracting(ExtractionFixture::code).containsExactly("cut");
        assertThat(usages).hasSize(1);
    }

    @Test
    void aCutAnswerWithoutACompleteEntryIsRepaired() {
        ScriptedModel model = new ScriptedModel()
                .then(() -> new Completion("{\"memories\": [{\"type\": \"fact\", \"te", 100, 10, true))
                .then(() -> new Completion(TEA_ANSWER, 100, 10, true));

        WindowExtraction extraction = read(model, TEA);

        assertThat(extraction.proposals()).hasSize(1);
        assertThat(extraction.refusals()).isEmpty();
        assertThat(model.prompts.get(1).user()).contains("cut at its length limit before its first entry");
    }

    @Test
    void anAnswerCutWhileThinkingIsRepaired() {
        ScriptedModel model = new ScriptedModel()
                .then(() -> new Completion("", 100, 10, true))
                .then(() -> new Completion("<think>{\"memories\": 3}</think>" + TEA_ANSWER, 100, 10, false));

        assertThat(read(model, TEA).proposals()).hasSize(1);
    }

    @Test
    void anAnswerThatEndsEarlyWithoutSayingSoIsRepaired() {
        ScriptedModel model = ScriptedModel.answering(TEA_ANSWER.substring(0, TEA_ANSWER.length() - 30), TEA_ANSWER);

        read(model, TEA);

        assertThat(usages).hasSize(2);
    }

    @Test
    void aFailureOfTheModelPassesThroughAndIsCounted() {
        MemoryException refused = new MemoryException(ErrorCode.MODEL_REFUSED, "wrong key");
        ScriptedModel model = new ScriptedModel().then(() -> {
            throw refused;
        });

        assertThatThrownBy(() -> read(model, TEA)).isSameAs(refused);

        int chars = model.prompts.getFirst().system().length()
                + model.prompts.getFirst().user().length()
                + model.prompts.getFirst().schema().length();
        assertThat(usages).containsExactly(new ModelUsage((chars + 2) / 3, 0));
    }

    @Test
    void aFailureDuringTheRepairPassesThroughAndBothCallsAreCounted() {
        MemoryException late = new MemoryException(ErrorCode.TIMEOUT, "too late");
        ScriptedModel model = ScriptedModel.answering("no").then(() -> {
            throw late;
        });

        assertThatThrownBy(() -> read(model, TEA)).isSameAs(late);
        assertThat(usages).extracting(ModelUsage::outputTokens).containsExactly(10, 0);
    }

    @Test
    void tokensAreEstimatedWhereTheProviderDoesNotCount() {
        ScriptedModel model = new ScriptedModel().then(() -> new Completion(TEA_ANSWER, 0, 0, false));

        read(model, TEA);

        assertThat(usages).singleElement().satisfies(usage -> {
            assertThat(usage.outputTokens()).isEqualTo((TEA_ANSWER.length() + 2) / 3);
            assertThat(usage.inputTokens()).isGreaterThan(1_000);
        });
    }

    @Test
    void aHugeWindowIsCutInTheMiddleOfItsLongTexts() {
        MemoryItem huge = user(1, "START " + "😀 lorem ipsum ".repeat(100_000) + " END");
        ScriptedModel model = ScriptedModel.answering(memories());

        read(model, window(huge, user(2, "A short one stays whole.")));

        assertThat(model.prompts.getFirst().user())
                .hasSizeLessThanOrEqualTo(ExtractionLimits.DEFAULT.inputChars())
                .hasSizeGreaterThan(ExtractionLimits.DEFAULT.inputChars() - 200)
                .contains("START", " cut…]", "END", "A short one stays whole.")
                .matches(text -> text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff), "has whole characters");
    }

    @Test
    void knownMemoriesMakeRoomForMessages() {
        List<MemoryItem> known = IntStream.range(100, 300)
                .mapToObj(i -> known(i, ItemType.FACT, "Known text " + "x".repeat(200) + i))
                .toList();
        ScriptedModel model = ScriptedModel.answering(memories());

        read(model, new MessageWindow(List.of(user(1, "Hello there.")), known, BERLIN));

        assertThat(model.prompts.getFirst().user())
                .hasSizeLessThanOrEqualTo(ExtractionLimits.DEFAULT.inputChars())
                .contains("⟦known 1 |", "Hello there.")
                .doesNotContain("⟦known 200 |");
    }

    @Test
    void tooManyMessagesAreRefusedBeforeAnyCall() {
        List<MemoryItem> messages = IntStream.range(0, 1_000)
                .mapToObj(i -> user(i, "Word ".repeat(50)))
                .toList();
        ScriptedModel model = new ScriptedModel();

        assertThatThrownBy(() -> read(model, new MessageWindow(messages, List.of(), BERLIN)))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("Split the window");
        assertThat(model.prompts).isEmpty();
    }
}
