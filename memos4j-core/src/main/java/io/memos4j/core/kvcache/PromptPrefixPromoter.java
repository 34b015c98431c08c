package io.memos4j.core.kvcache;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.kvcache.PromotionRule.Decision;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.retention.QueryRate;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.kvcache.PromotedItem;
import io.memos4j.spi.kvcache.PromotionCandidate;
import io.memos4j.spi.kvcache.PromotionTarget;
import io.memos4j.spi.retention.UsageRecord;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Promotes memories that are asked for often and rarely change into the prompt prefix of their cube, by
 * {@link PromotionRule}, demotes those that have cooled, and precomputes the prefix. The memories that are stable for
 * longest come first, so that a change invalidates little. Thread-safe.
 */
public final class PromptPrefixPromoter implements PromotionTarget {
    /** The most tokens of promoted memories in a cube. */
    private static final int MAX_TOKENS = 1_024;

    private final Vault vault;
    private final KvCacheService kvCache;
    private final InstantSource clock;

    public PromptPrefixPromoter(Vault vault, KvCacheService kvCache, InstantSource clock) {
        this.vault = vault;
        this.kvCache = kvCache;
        this.clock = clock;
    }

    private record Candidate(PromotionCandidate memory, int tokens, Decision decision) {
        MemoryItem item() {
            return memory.item();
        }
    }

    @Override
    public void offer(CubeId id, List<PromotionCandidate> memories) {
        Instant now = clock.instant();
        Optional<CubeRow> cube = vault.read(reader -> reader.findCube(id));
        if (cube.isEmpty()) {
            return;
        }
        CubeKey key = cube.get().key();
        Optional<UsageRecord> asked = vault.read(reader -> reader.usage().cubeUsage(key));
        Set<ItemId> there = vault
                .<List<PromotedItem>>read(reader -> reader.activations().promoted(key))
                .stream()
                .map(PromotedItem::item)
                .collect(Collectors.toSet());
        PromotionRule rule =
                new PromotionRule(asked.map(use -> QueryRate.perDay(use, now)).orElse(0.0), MAX_TOKENS, now);
        List<PromotedItem> chosen = select(memories, rule, there).stream()
                .map(each -> new PromotedItem(each.item().id(), each.item().version(), explain(each), now))
                .toList();
        boolean changed = vault.write(writer -> {
            List<ItemId> before = writer.activations().promoted(key).stream()
                    .map(PromotedItem::item)
                    .toList();
            boolean differs =
                    !before.equals(chosen.stream().map(PromotedItem::item).toList());
            if (differs) {
                writer.activations().replacePromoted(key, chosen);
            }
            return differs;
        });
        if (kvCache.isLocal() && (changed || !chosen.isEmpty())) {
            kvCache.compile(List.of(cube.get()));
        }
    }

    /**
     * Selects the memories that save the most computation per token until the block is full, in the order of the
     * prefix.
     */
    private static List<Candidate> select(List<PromotionCandidate> memories, PromotionRule rule, Set<ItemId> there) {
        List<Candidate> worthIt = memories.stream()
                .filter(memory -> !StandingMemory.isWhole(memory.item()))
                .map(memory -> {
                    int tokens = PromptPrefix.tokens(memory.item());
                    return new Candidate(
                            memory,
                            tokens,
                            rule.decide(
                                    memory, tokens, there.contains(memory.item().id())));
                })
                .filter(each -> each.decision.promoted())
                .sorted(Comparator.comparingDouble((Candidate each) -> -each.decision.savedTokens() / each.tokens)
                        .thenComparing(each -> each.item().id()))
                .toList();
        List<Candidate> chosen = new ArrayList<>();
        int left = MAX_TOKENS;
        for (Candidate each : worthIt) {
            if (each.tokens <= left) {
                left -= each.tokens;
                chosen.add(each);
            }
        }
        chosen.sort(Comparator.comparing((Candidate each) -> each.memory.stableSince())
                .thenComparing(each -> each.item().id()));
        return chosen;
    }

    private String explain(Candidate candidate) {
        Duration saved = kvCache.estimatePrefill(candidate.decision.savedTokens());
        long bytes = kvCache.bytesPerToken() * candidate.tokens;
        String seconds = saved.isZero() ? "" : String.format(Locale.ROOT, " (%.1f s)", saved.toMillis() / 1_000.0);
        String room = bytes == 0 ? "" : String.format(Locale.ROOT, ", for %.1f MB", bytes / 1e6);
        return candidate.decision.reason() + seconds + room;
    }
}
