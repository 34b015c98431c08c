package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.SourceReference;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.consolidation.DerivedMemoryWriter.Content;
import io.memos4j.core.extraction.ExtractionLimits;
import io.memos4j.core.extraction.MessageWindow;
import io.memos4j.core.extraction.ModelUsage;
import io.memos4j.core.extraction.SummaryExtractor;
import io.memos4j.core.extraction.SummaryExtractor.Sentence;
import io.memos4j.core.extraction.SummaryExtractor.Summary;
import io.memos4j.spi.models.LanguageModel;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Updates the summary of a session with the messages since, by a language model. Thread-safe. */
final class LlmSummarizer {
    /** Metadata key for the last message that the summary covers. */
    static final String THROUGH = "through";

    /** The most messages and characters per call. */
    private static final int MAX_MESSAGES = 30;

    private static final int MAX_CHARS = 16_000;

    private static final Pattern DATE = Pattern.compile("^\\d{4}-\\d\\d-\\d\\d[ :,]+");

    private final LanguageModel model;
    private final ZoneId zone;

    LlmSummarizer(LanguageModel model, ZoneId zone) {
        this.model = model;
        this.zone = zone;
    }

    /** Returns whether a model wrote this summary, so that it can be continued. */
    static boolean isLlmSummary(MemoryItem summary) {
        return summary.state() == ItemState.ACTIVATED && summary.metadata().containsKey(THROUGH);
    }

    /** Returns the first messages that a summary does not cover yet; all if the last one it covers is gone. */
    static List<MemoryItem> unseenMessages(List<MemoryItem> session, Optional<MemoryItem> former) {
        String through = former.filter(LlmSummarizer::isLlmSummary)
                .map(item -> String.valueOf(item.metadata().get(THROUGH)))
                .orElse("");
        int from = 0;
        for (int i = 0; i < session.size(); i++) {
            if (session.get(i).id().toString().equals(through)) {
                from = i + 1;
            }
        }
        List<MemoryItem> unseen = new ArrayList<>();
        int chars = 0;
        for (MemoryItem message : session.subList(from, session.size())) {
            chars += message.text().length();
            if (unseen.size() == MAX_MESSAGES || chars > MAX_CHARS && !unseen.isEmpty()) {
                break;
            }
            unseen.add(message);
        }
        return unseen;
    }

    /**
     * Writes the summary.
     *
     * @param former the previous summary by a model, if there is one
     * @param formerSources the sources of the previous summary that still exist
     * @param usage receives the cost of the call, even if it fails
     */
    Content summarize(
            List<MemoryItem> unseen,
            Optional<MemoryItem> former,
            List<MemoryItem> formerSources,
            List<ModelUsage> usage) {
        MessageWindow window = new MessageWindow(unseen, former.stream().toList(), zone);
        Summary summary = new SummaryExtractor(model, ExtractionLimits.DEFAULT, usage::add).summarize(window);
        Map<ItemId, MemoryItem> sources = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (Sentence sentence : summary.sentences()) {
            if (sentence.kept()) {
                formerSources.forEach(item -> sources.put(item.id(), item));
            }
            sentence.messages().forEach(item -> sources.put(item.id(), item));
            lines.add(datedLine(sentence, former));
        }
        String gist = summary.gist().isEmpty() ? summary.sentences().getFirst().text() : summary.gist();
        return new Content(
                SummarizeTask.title(gist),
                String.join("\n", lines),
                List.copyOf(sources.values()),
                former.orElse(unseen.getFirst()).times().occurredAt(),
                Map.of(
                        "model",
                        model.id(),
                        "prompt",
                        summary.prompt(),
                        THROUGH,
                        unseen.getLast().id().toString()));
    }

    /** Prefixes a sentence with the day of the last message that supports it, or the day in the previous summary. */
    private String datedLine(Sentence sentence, Optional<MemoryItem> former) {
        var dated = DATE.matcher(sentence.text());
        String text = dated.replaceFirst("");
        String day = sentence.messages().isEmpty() && dated.find(0)
                ? sentence.text().substring(0, 10)
                : day(sentence.messages().isEmpty() ? former.stream().toList() : sentence.messages())
                        .toString();
        return day + " " + text;
    }

    private LocalDate day(List<MemoryItem> items) {
        return ZoneResolver.dayOf(items.getLast(), zone);
    }

    static List<ItemId> sourceIds(MemoryItem summary) {
        return summary.origin().sources().stream()
                .filter(ref -> ref.kind() == SourceReference.Kind.ITEM)
                .map(ref -> ItemId.parse(ref.id()))
                .toList();
    }
}
