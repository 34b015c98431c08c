package io.memos4j.core.operator;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.SearchHit;
import io.memos4j.api.SearchRequest;
import io.memos4j.core.operator.Fusion.Fused;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Takes hits into the answer in order while they fit the token budget. */
final class Packing {
    private final SearchRequest request;
    private final ContextBlock block;
    private final Function<Found, String> excerpt;

    /**
     * @param excerpt the part of an item that answers
     * @param lead what stands before an item in the context
     */
    Packing(ZoneId zone, SearchRequest request, Function<Found, String> excerpt, Function<MemoryItem, String> lead) {
        this.request = request;
        this.block = new ContextBlock(zone, Tokens.of(request.model()), request.maxTokens(), lead);
        this.excerpt = excerpt;
    }

    /** What fits. */
    record Packed(List<SearchHit> hits, String context, int tokens) {}

    Packed pack(List<Found> found) {
        List<Taken> taken = new ArrayList<>();
        int shownSoFar = 0;
        for (Found each : found) {
            if (request.known().contains(each.id())) {
                taken.add(new Taken(each, "", 0));
                continue;
            }
            if (shownSoFar == request.limit()) {
                break;
            }
            String shown = each.episode().size() > 1 ? episode(each) : excerpt.apply(each);
            int cost = block.offer(each, shown);
            if (cost > 0) {
                taken.add(new Taken(each, shown, cost));
                shownSoFar++;
            }
        }
        double top =
                taken.stream().mapToDouble(each -> each.found.score()).max().orElse(1);
        List<ItemId> cited = block.cited();
        Set<ItemId> shown = new LinkedHashSet<>(cited);
        List<SearchHit> hits = taken.stream()
                .map(each -> each.hit(cited.indexOf(each.found.id()) + 1, Math.max(1, top), shown, request.explain()))
                .toList();
        return new Packed(hits, block.render(), block.tokens());
    }

    private static String episode(Found found) {
        StringBuilder lines = new StringBuilder();
        for (MemoryItem turn : found.episode()) {
            lines.append(lines.isEmpty() ? "" : "\n    ")
                    .append(ContextBlock.by(turn))
                    .append(Episodes.lead(turn.text()));
        }
        return lines.toString();
    }

    private record Taken(Found found, String excerpt, int cost) {
        SearchHit hit(int citation, double top, Set<ItemId> shown, boolean explain) {
            return new SearchHit(
                    found.item(),
                    Math.clamp(found.score() / top, 0, 1),
                    excerpt,
                    citation,
                    cost,
                    found.folded(),
                    found.episode().stream()
                            .map(MemoryItem::id)
                            .filter(id -> !id.equals(found.id()))
                            .toList(),
                    found.successor().filter(shown::contains),
                    explain ? why() : List.of());
        }

        private List<String> why() {
            Fused fused = found.fused();
            List<String> why = new ArrayList<>();
            if (fused.lexicalRank() > 0) {
                why.add("words: rank " + fused.lexicalRank());
            }
            if (fused.denseRank() > 0) {
                why.add(String.format(Locale.ROOT, "meaning: rank %d, cosine %.3f", fused.denseRank(), fused.cosine()));
            }
            if (why.isEmpty() && found.why().isEmpty()) {
                why.add("context: directly before or after a match");
            }
            why.addAll(found.why());
            return why;
        }
    }
}
