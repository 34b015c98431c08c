package io.memos4j.core.search;

import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Reader;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.privacy.LabelFilters;
import io.memos4j.core.privacy.Redactor;
import java.util.Optional;

/**
 * The rights of the reader of a search in one cube.
 *
 * @param ranking what the reader may match: texts above the clearance do not count
 * @param hits what the hits show
 * @param prompts what the rendered context shows, which is for a language model
 */
record ReadingRights(Redactor ranking, Redactor hits, Redactor prompts) {
    static ReadingRights of(PrivacyPolicy policy, Reader reader) {
        return new ReadingRights(
                new Redactor(policy, Reader.upTo(reader.clearance())),
                new Redactor(policy, reader),
                new Redactor(policy, reader.throughModel()));
    }

    /** The items that may be ranked by the words and vectors of the index, which knows the whole texts. */
    Filter rankable() {
        return ranking.showsAll() ? Filter.ALL : Filter.not(LabelFilters.hidden(ranking));
    }

    RankedItem hit(RankedItem found) {
        return redact(found, hits);
    }

    RankedItem prompt(RankedItem found) {
        return redact(found, prompts);
    }

    /** Returns whether nothing of a hit may be shown to a language model. */
    boolean isKeptFromPrompts(RankedItem found) {
        return prompts.hidesWhole(found.item());
    }

    private static RankedItem redact(RankedItem found, Redactor redactor) {
        boolean open = !redactor.hides(found.item()) && found.span().stream().noneMatch(redactor::hides);
        if (open) {
            return found;
        }
        MemoryItem item = redactor.redact(found.item());
        Optional<StandingMemory> stated = found.stated()
                .map(each -> new StandingMemory(
                        item,
                        each.type(),
                        each.isWholeItem() ? item.text() : redactor.redact(found.item(), each.text())));
        return found.withTexts(item, found.span().stream().map(redactor::redact).toList(), stated);
    }
}
