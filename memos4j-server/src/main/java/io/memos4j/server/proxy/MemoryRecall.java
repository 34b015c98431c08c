package io.memos4j.server.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.prompt.DataBlock;
import io.memos4j.server.facade.PromptTokenBudget;
import io.memos4j.server.proxy.ChatCompletionRequest.Turn;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Recalls the memories for a chat completion. Leaves out what the client's own history contains. Each turn of the user
 * gets one recall: all requests of a tool loop carry the same memories, byte for byte, so that the provider's prompt
 * cache stays valid; unless one of them was erased, forgotten or rewritten meanwhile, which needs another recall.
 * Thread-safe.
 */
final class MemoryRecall {
    /** A longer message is treated as a document that ends with a question. */
    private static final int LONGEST_QUERY = 4_000;

    /** The number of messages of the history that are left out of the recall. */
    private static final int MOST_MARKS = 500;

    private static final int MOST_ABOUT_USER = 100;
    private static final int LIMIT = 30;
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final ProxyConfig.Recall config;
    private final Cache<String, RecalledTurn> turns = Caffeine.newBuilder()
            .maximumSize(1_000)
            .expireAfterWrite(Duration.ofMinutes(5))
            .build();

    /**
     * The memories added to a request.
     *
     * @param profile the user's profile; empty for none
     * @param memories the recalled memories; empty for none
     */
    record RecalledContext(String profile, String memories) {
        static final RecalledContext NOTHING = new RecalledContext("", "");
    }

    /**
     * The recall of a turn.
     *
     * @param items the texts of the recalled items, by id
     */
    private record RecalledTurn(Map<ItemId, String> items, String memories) {
        static final RecalledTurn NOTHING = new RecalledTurn(Map.of(), "");

        /** Returns whether every recalled item is still there and says the same. */
        boolean holds(MemCube cube) {
            if (items.isEmpty()) {
                return true;
            }
            Filter recalled = Filter.and(
                    Filter.in(
                            "id", items.keySet().stream().map(ItemId::toString).toList()),
                    Filter.not(Filter.eq("state", ItemState.FORGOTTEN.id())));
            Map<ItemId, String> present = new HashMap<>();
            cube.list(ListRequest.first().where(recalled).limit(ListRequest.MAX_LIMIT))
                    .items()
                    .forEach(item -> present.put(item.id(), item.text()));
            return present.equals(items);
        }
    }

    MemoryRecall(ProxyConfig.Recall config) {
        this.config = config;
    }

    RecalledContext recall(MemCube whole, ProxyConversation conversation) {
        MemCube cube = whole.as(conversation.reader());
        String profile = conversation.own() ? profile(cube, conversation.name()) : "";
        return new RecalledContext(profile, memories(cube, conversation));
    }

    private String memories(MemCube cube, ProxyConversation conversation) {
        if (conversation.request().question().isBlank()) {
            return "";
        }
        String turn = conversation.cube().value() + "\n" + conversation.reader().clearance() + "\n"
                + ConversationFingerprint.of(
                        conversation.session(), conversation.request().throughLastUserTurn());
        RecalledTurn former = turns.getIfPresent(turn);
        if (former != null && !conversation.request().endsWithUser() && former.holds(cube)) {
            return former.memories;
        }
        RecalledTurn recalled = search(cube, conversation);
        turns.put(turn, recalled);
        return recalled.memories;
    }

    private RecalledTurn search(MemCube cube, ProxyConversation conversation) {
        String question = conversation.request().question().strip();
        List<String> said = conversation.request().turns().reversed().stream()
                .map(Turn::text)
                .filter(text -> !text.isBlank())
                .map(ConversationFingerprint::of)
                .distinct()
                .limit(MOST_MARKS)
                .toList();
        SearchResult found =
                cube.search(SearchRequest.of(question.substring(Math.max(0, question.length() - LONGEST_QUERY)))
                        .limit(LIMIT)
                        .maxTokens(config.maxTokens())
                        .within(DEADLINE)
                        .where(Filter.not(Filter.in(Filter.METADATA + ConversationCapture.MARK, said)))
                        .in(conversation.session()));
        if (found.context().isBlank()) {
            return RecalledTurn.NOTHING;
        }
        Map<ItemId, String> items = new HashMap<>();
        found.hits().forEach(hit -> items.put(hit.item().id(), hit.item().text()));
        return new RecalledTurn(items, DataBlock.wrap(conversation.name(), found.context()));
    }

    /**
     * Renders the user's newest profile and preferences, the oldest of them first, so that later facts are appended at
     * the end.
     */
    private String profile(MemCube cube, String name) {
        if (config.profileTokens() == 0) {
            return "";
        }
        ListRequest request = ListRequest.first()
                .limit(MOST_ABOUT_USER)
                .sortedBy(ListRequest.Sort.NEWEST)
                .where(Filter.and(Filter.in("type", ids(ItemType.PROFILE, ItemType.PREFERENCE)), Filter.RECALLED));
        StringBuilder lines = new StringBuilder();
        PromptTokenBudget budget = new PromptTokenBudget(config.profileTokens());
        for (StandingMemory known :
                StandingMemory.current(cube.list(request).items().reversed())) {
            String line = "- " + known.text().strip() + "\n";
            if (!budget.tryConsume(line)) {
                break;
            }
            lines.append(line);
        }
        return lines.isEmpty() ? "" : DataBlock.wrap(name, "About the user:\n" + lines);
    }

    private static List<String> ids(ItemType... types) {
        return Stream.of(types).map(ItemType::id).toList();
    }
}
