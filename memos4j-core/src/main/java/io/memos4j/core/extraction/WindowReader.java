package io.memos4j.core.extraction;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.privacy.Redactor;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.LexicalQuery;
import io.memos4j.spi.index.PassageCandidate;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;

/** Reads windows of messages with a language model, next to the memories that they may change. Thread-safe. */
public final class WindowReader {
    /** The most memories shown to the model. */
    private static final int MAX_KNOWN = 30;

    /** The characters of a message that are searched for. */
    private static final int SEARCHED_CHARS = 500;

    private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(2);

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
            ConsolidationMarker.NOT_CONSOLIDATED);

    private final Vault vault;
    private final CubeIndexManager indexes;
    private final LanguageModel model;
    private final ZoneId zone;

    /** @param zone the zone of messages that were said in none, in cubes without a zone */
    public WindowReader(Vault vault, CubeIndexManager indexes, LanguageModel model, ZoneId zone) {
        this.vault = vault;
        this.indexes = indexes;
        this.model = model;
        this.zone = zone;
    }

    String modelId() {
        return model.id();
    }

    /** The messages with the memories that they may change: those nearest to them by their words. */
    MessageWindow window(CubeRow cube, List<MemoryItem> messages) {
        StringBuilder text = new StringBuilder();
        for (MemoryItem message : messages) {
            text.append(
                            message.text(),
                            0,
                            Math.min(SEARCHED_CHARS, message.text().length()))
                    .append('\n');
        }
        LexicalQuery query = new LexicalQuery(text.toString(), CHANGEABLE, MAX_KNOWN, SEARCH_TIMEOUT);
        List<ItemId> ids = indexes.use(cube, index -> index.lexical(query)).candidates().stream()
                .map(PassageCandidate::item)
                .distinct()
                .toList();
        List<MemoryItem> known = vault.read(reader -> reader.items(cube.key(), ids)).stream()
                .filter(item ->
                        item.type() != ItemType.MESSAGE || StandingMemory.isWhole(item) && !messages.contains(item))
                .toList();
        Redactor prompts = Redactor.forPrompts(cube.privacy());
        return new MessageWindow(
                messages.stream().map(prompts::redact).toList(),
                known.stream().map(prompts::redact).toList(),
                ZoneResolver.resolve(cube, zone));
    }

    WindowExtraction read(MessageWindow window, Consumer<ModelUsage> meter) {
        return new FactExtractor(model, ExtractionLimits.DEFAULT, meter).extract(window);
    }

    /** Makes what was applied to a cube searchable, if its index is open. */
    void refresh(CubeRow cube) {
        indexes.catchUpIfOpen(cube);
    }
}
