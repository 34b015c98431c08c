package io.memos4j.core.search;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.index.Passage;
import java.util.List;

/**
 * Selects the text to show of an item: all of it if it is one passage, else the passage that answers best, with
 * ellipses.
 */
final class ExcerptSelector {
    private ExcerptSelector() {}

    static String select(MemoryItem item, List<Passage> passages, List<ScoreFusion.PassageScore> ranked) {
        if (passages.size() <= 1) {
            return item.text().strip();
        }
        int best = ranked.isEmpty() ? 0 : ranked.getFirst().passage();
        Passage shown = passages.get(Math.min(best, passages.size() - 1));
        String text = item.text().substring(shown.start(), shown.end()).strip();
        return (shown.number() > 0 ? "… " : "") + text + (shown.number() < passages.size() - 1 ? " …" : "");
    }
}
