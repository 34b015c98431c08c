package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Packs hits into the context in order while they fit the token budget. */
final class ContextPacker {
    private final SearchRequest request;
    private final ContextRenderer block;
    private final Texts texts;

    /**
     * @param setting what the cube of an item tells about it
     * @param texts what is shown of an item
     */
    ContextPacker(ItemSetting setting, SearchRequest request, Texts texts) {
        this.request = request;
        this.block = new ContextRenderer(setting, TokenCounter.forModel(request.model()), request.maxTokens());
        this.texts = texts;
    }

    /**
     * The texts of found items.
     *
     * @param hit the item as the reader may see it
     * @param prompt the item as a language model may see it
     * @param keptFromPrompts tells whether a language model may see nothing of it
     * @param excerpt the part of an item to show
     */
    record Texts(
            UnaryOperator<RankedItem> hit,
            UnaryOperator<RankedItem> prompt,
            Predicate<RankedItem> keptFromPrompts,
            Function<RankedItem, String> excerpt) {}

    /** The hits that fit, with the rendered context. */
    record PackedContext(List<SearchHit> hits, String context, int tokens) {}

    PackedContext pack(List<RankedItem> found) {
        List<Taken> taken = new ArrayList<>();
        int shownSoFar = 0;
        for (RankedItem each : found) {
            RankedItem hit = texts.hit.apply(each);
            if (request.known().contains(each.id())) {
                taken.add(new Taken(hit, "", 0));
                continue;
            }
            if (shownSoFar == request.limit()) {
                break;
            }
            RankedItem prompt = texts.prompt.apply(each);
            String shown = textOf(hit);
            boolean kept = texts.keptFromPrompts.test(each);
            int cost = kept ? 0 : block.offer(prompt, prompt == hit ? shown : textOf(prompt));
            if (cost > 0 || kept) {
                taken.add(new Taken(hit, shown, cost));
                shownSoFar++;
            }
        }
        double top =
                taken.stream().mapToDouble(each -> each.found.score()).max().orElse(1);
        List<ItemId> cited = block.citedItems();
        Set<ItemId> shown = new LinkedHashSet<>(cited);
        List<SearchHit> hits = taken.stream()
                .map(each -> each.hit(cited.indexOf(each.found.id()) + 1, Math.max(1, top), shown, request.explain()))
                .toList();
        return new PackedContext(hits, block.render(), block.tokens());
    }

    private String textOf(RankedItem found) {
        return found.span().size() > 1 ? renderSpan(found) : excerptOf(found);
    }

    private String excerptOf(RankedItem found) {
        return found.stated()
                .filter(statement -> !statement.isWholeItem())
                .map(StandingMemory::text)
                .orElseGet(() -> texts.excerpt.apply(found));
    }

    private static String renderSpan(RankedItem found) {
        StringBuilder lines = new StringBuilder();
        for (MemoryItem turn : found.span()) {
            lines.append(lines.isEmpty() ? "" : "\n    ")
                    .append(ContextRenderer.speakerPrefix(turn))
                    .append(ConversationSpans.leadingSentences(turn.text()));
        }
        return lines.toString();
    }

    private record Taken(RankedItem found, String excerpt, int cost) {
        SearchHit hit(int citation, double top, Set<ItemId> shown, boolean explain) {
            return new SearchHit(
                    found.item(),
                    Math.clamp(found.score() / top, 0, 1),
                    excerpt,
                    citation,
                    cost,
                    found.duplicates(),
                    found.span().stream()
                            .map(MemoryItem::id)
                            .filter(id -> !id.equals(found.id()))
                            .toList(),
                    found.successor().filter(shown::contains),
                    explain ? explainScore() : List.of());
        }

        private List<String> explainScore() {
            FusedCandidate fused = found.fused();
            List<String> why = new ArrayList<>();
            if (fused.lexicalRank() > 0) {
                why.add("words: rank " + fused.lexicalRank());
            }
            if (fused.denseRank() > 0) {
                why.add(String.format(Locale.ROOT, "meaning: rank %d, cosine %.3f", fused.denseRank(), fused.cosine()));
            }
            if (why.isEmpty() && found.reasons().isEmpty()) {
                why.add("context: directly before or after a match");
            }
            why.addAll(found.reasons());
            return why;
        }
    }
}
