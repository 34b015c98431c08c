package io.memos4j.core.extraction;

import io.memos4j.api.items.ItemType;
import io.memos4j.core.extraction.ExtractionFixture.ScriptedModel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.core.extraction.ExtractionFixture.BERLIN;
import static io.memos4j.core.extraction.ExtractionFixture.assistant;
import static io.memos4j.core.extraction.ExtractionFixture.id;
import static io.memos4j.core.extraction.ExtractionFixture.known;
import static io.memos4j.core.extraction.ExtractionFixture.memories;
import static io.memos4j.core.extraction.ExtractionFixture.memory;
import static io.memos4j.core.extraction.ExtractionFixture.user;
import static io.memos4j.core.extraction.ExtractionFixture.window;
import static org.assertj.core.api.Assertions.assertThat;

/** Every reason for which a proposal is not taken, beside one that is. */
class ProposalValidatorTest extends ProposalValidatorFixture {
    @Test
    void aSourceThatWasNeverGivenIsRefused() {
        refuses("unknown_source", memory("fact", "Alice plays chess on Sundays.", "[1, 9]", ""));
    }

    @Test
    void aKnownMemoryThatWasNeverGivenIsRefused() {
        refuses("unknown_source", memory("fact", "Alice plays chess on Sundays.", "[1]", ", 'supersedes': [4]"));
        assertThat(codes(window(TEA), change(update(4, "Alice plays chess.", "[1]"), retire(5, "[1]"))))
                .containsExactly("unknown_source", "unknown_source");
    }

    @Test
    void aMessageIsNoKnownMemoryAndAKnownMemoryNoSource() {
        MessageWindow window =
                new MessageWindow(List.of(TEA), List.of(known(9, ItemType.FACT, "Alice plays chess.")), BERLIN);

        assertThat(codes(window, memories(memory("fact", "Alice plays chess.", "[1]", ""))))
                .containsExactly("unknown_source");
        assertThat(codes(window, change("", retire(2, "[2]")))).containsExactly("unknown_source");
    }

    @Test
    void aProposalWithoutSourcesIsRefused() {
        refuses("no_source", memory("fact", "Alice plays chess on Sundays.", "[]", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \\n\\t ", "\u200b"})
    void aBlankTextIsRefused(String text) {
        refuses("blank_text", memory("fact", text, "[1]", ""));
    }

    @Test
    void anOverlongTextIsRefused() {
        refuses("text_too_long", memory("fact", "green tea ".repeat(201), "[1]", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "note", "document", "opinion", ""})
    void aTypeThatIsNotMadeIsRefused(String type) {
        refuses("bad_type", memory(type, "Alice plays chess on Sundays.", "[1]", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "1.01", "1e400"})
    void aConfidenceOutOfRangeIsRefused(String confidence) {
        String bad = memory("fact", "Alice plays chess on Sundays.", "[1]", "");
        refuses("bad_confidence", bad.replace("0.9", confidence));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'occurred': 'yesterday'",
                "'occurred': '2025-02-30'",
                "'valid_from': '2025-13'",
                "'valid_to': '01/02/2025'",
                "'occurred': '0000-01-01'",
                "'occurred': '2025-03-01T25:00'",
                "'valid_from': '2025-03-02', 'valid_to': '2025-03-01'"
            })
    void aDateThatIsNoneIsRefused(String dates) {
        refuses("bad_date", memory("fact", "Alice plays chess on Sundays.", "[1]", ", " + dates));
    }

    @ParameterizedTest
    @CsvSource({
        "2025-03-01, 2025-02-28T23:00:00Z",
        "2025-03, 2025-02-28T23:00:00Z",
        "2025, 2024-12-31T23:00:00Z",
        "2025-03-01T14:30, 2025-03-01T13:30:00Z",
        "2025-03-01 14:30:10, 2025-03-01T13:30:10Z",
        "2025-03-01T14:30Z, 2025-03-01T14:30:00Z",
        "2025-03-01T14:30:00+08:00, 2025-03-01T06:30:00Z"
    })
    void datesAreReadInTheZoneOfTheWindow(String date, String instant) {
        WindowExtraction extraction = read(
                window(TEA),
                memories(memory("event", "Alice plays chess on Sundays.", "[1]", ", 'occurred': '" + date + "'")));

        assertThat(extraction.proposals())
                .singleElement()
                .extracting(add ->
                        ((MemoryProposal.Add) add).occurredAt().orElseThrow().toString())
                .isEqualTo(instant);
    }

    @Test
    void theSameTextTwiceOrKnownAlreadyIsRefused() {
        MessageWindow window = new MessageWindow(
                List.of(TEA), List.of(known(9, ItemType.FACT, "Alice plays chess on Sundays.")), BERLIN);

        WindowExtraction extraction = read(
                window,
                memories(
                        memory("fact", "Alice drinks green tea.", "[2]", ""),
                        memory("preference", "ALICE drinks  green tea!", "[2]", ""),
                        memory("fact", "alice plays chess, on Sundays", "[2]", "")));

        assertThat(extraction.proposals()).hasSize(1);
        assertThat(extraction.refusals()).extracting(ExtractionFixture::code).containsExactly("duplicate", "duplicate");
    }

    @Test
    void oneKnownMemoryIsChangedByOneProposal() {
        MessageWindow window =
                new MessageWindow(List.of(TEA), List.of(known(9, ItemType.FACT, "Alice drinks coffee.")), BERLIN);
        String answer = memories(memory("fact", "Alice drinks green tea.", "[2]", ", 'supersedes': [1, 1]"))
                .replace("\"updates\": []", "\"updates\": [" + update(1, "Alice drinks tea.", "[2]") + "]")
                .replace("\"retirements\": []", "\"retirements\": [" + retire(1, "[2]") + "]");

        WindowExtraction extraction = read(window, answer);

        assertThat(extraction.proposals())
                .singleElement()
                .satisfies(add ->
                        assertThat(((MemoryProposal.Add) add).supersedes()).containsExactly(id(9)));
        assertThat(extraction.refusals()).extracting(ExtractionFixture::code).containsExactly("duplicate", "duplicate");
    }

    @Test
    void aLyingModelIsNotBelieved() {
        refuses("unsupported", memory("fact", "Alice was born in Reykjavik in 1983.", "[1]", ""));
        refuses("unsupported", memory("fact", "Bob drinks green tea.", "[1]", ""));
        refuses("unsupported", memory("fact", "Alice drinks 12 cups of green tea.", "[1]", ""));
        refuses("unsupported", memory("fact", "Alice works as dentist near the harbour.", "[1]", ""));
    }

    @Test
    void aValueThatNobodySaidIsRefused() {
        refuses(
                "unsupported",
                memory(
                        "fact",
                        "Alice plays chess on Sundays.",
                        "[1]",
                        ", 'attribute': {'subject': 'Alice', 'name': 'rating', 'value': '2100'}"));
        refuses(
                "unsupported",
                memory(
                        "fact",
                        "Alice plays chess on Sundays.",
                        "[1]",
                        ", 'attribute': {'subject': 'about Bob', 'name': 'game', 'value': 'chess'}"));
    }

    @Test
    void whatOnlyTheReplacedMemorySaysIsUnsupported() {
        MessageWindow window = new MessageWindow(
                List.of(user(1, "Good evening!")),
                List.of(known(9, ItemType.FACT, "The garage door is broken.")),
                BERLIN);

        assertThat(codes(window, change(update(1, "The garage door is broken again.", "[2]"), "")))
                .containsExactly("unsupported");
    }

    @Test
    void proposalsBeyondTheLimitAreRefused() {
        ExtractionLimits two = new ExtractionLimits(4_096, 24_000, 2, Duration.ofSeconds(1));
        String answer = memories(
                GOOD,
                memory("fact", "Alice plays chess.", "[1]", ""),
                memory("fact", "Alice plays chess on Sundays.", "[1]", ""));

        WindowExtraction extraction =
                new FactExtractor(ScriptedModel.answering(answer), two, usage -> {}).extract(window(TEA));

        assertThat(extraction.proposals()).hasSize(2);
        assertThat(extraction.refusals()).extracting(ExtractionFixture::code).containsExactly("too_many");
    }

    @Test
    void whatOneMessageOnlyLetsSuspectHasALowConfidence() {
        MessageWindow window = window(TEA, user(2, "More green tea, please."));
        WindowExtraction extraction = read(
                window,
                memories(
                        memory("preference", "Alice likes green tea.", "[1]", ", 'implicit': true"),
                        memory("preference", "Alice prefers tea that is green.", "[1, 2]", ", 'implicit': true")));

        assertThat(extraction.proposals())
                .extracting(add -> ((MemoryProposal.Add) add).confidence())
                .containsExactly(0.5, 0.9);
    }

    @Test
    void aChineseWindowIsReadByTheSameRules() {
        MessageWindow window = window(user(1, "我叫王芳，昨天从北京搬到了上海，家里养了两只猫。"), assistant(2, "推荐您去外滩看夜景。"));
        WindowExtraction extraction = read(
                window,
                memories(
                        memory("event", "王芳于2025年2月28日从北京搬到上海。", "[1]", ", 'occurred': '2025-02-28'"),
                        memory("profile", "王芳家里养了2只猫。", "[1]", ""),
                        memory("fact", "助手推荐王芳去外滩看夜景。", "[1, 2]", ""),
                        memory("profile", "王芳家里养了三只猫。", "[1]", ""),
                        memory("fact", "王芳在大学教授古典文学。", "[1]", ""),
                        memory("preference", "王芳想去外滩看夜景。", "[2]", "")));

        assertThat(extraction.proposals()).hasSize(3);
        assertThat(extraction.refusals())
                .extracting(ExtractionFixture::code)
                .containsExactly("unsupported", "unsupported", "not_the_users");
    }
}
