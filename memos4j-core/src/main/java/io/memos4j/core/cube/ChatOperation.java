package io.memos4j.core.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.Message;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.adapters.AdapterService;
import io.memos4j.core.adapters.AdapterService.RoutingResult;
import io.memos4j.core.kvcache.KvCacheService;
import io.memos4j.core.kvcache.ModelAnswer;
import io.memos4j.core.prompt.DataBlock;
import io.memos4j.core.search.SearchService;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.FingerprintedItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Chats with the memory of one or more cubes: recalls, answers, remembers. Thread-safe. */
public final class ChatOperation {
    /** A longer message is a document with a question at its end. */
    private static final int LONGEST_QUERY = 4_000;

    private static final int LIMIT = 30;

    /** Further attempts at an answer whose adapters are taken away before its first word. */
    private static final int TRIES = 3;

    private final SearchService searcher;
    private final KvCacheService kvCache;
    private final AdapterService adapters;

    public ChatOperation(SearchService searcher, KvCacheService kvCache, AdapterService adapters) {
        this.searcher = searcher;
        this.kvCache = kvCache;
        this.adapters = adapters;
    }

    /** @param cubes whose memory is used; the last one remembers the conversation */
    ChatReply answer(List<StoredMemCube> cubes, ChatRequest request, Predicate<String> sink) {
        return new Call(cubes, request).answer(sink);
    }

    private record RoutedAnswer(RoutingResult route, ModelAnswer answer) {}

    /** One call, with what it has recalled so far. */
    private final class Call {
        private final List<StoredMemCube> cubes;
        private final ChatRequest request;
        private final List<SearchHit> memories = new ArrayList<>();
        private final List<Warning> warnings = new ArrayList<>();

        Call(List<StoredMemCube> cubes, ChatRequest request) {
            this.cubes = cubes;
            this.request = request;
        }

        ChatReply answer(Predicate<String> sink) {
            List<CubeRow> rows =
                    cubes.stream().map(cube -> cube.handle().readyRow()).toList();
            RoutedAnswer answered = answerOnce(rows, sink);
            warnings.addAll(answered.route.warnings());
            warnings.addAll(answered.answer.warnings());
            remember(answered.answer.text());
            return new ChatReply(
                    answered.answer.text(),
                    answered.answer.complete(),
                    answered.route.routed(),
                    memories,
                    answered.answer.usage(),
                    warnings);
        }

        /**
         * An adapter that is taken out of use ends the answer; if nothing of it was heard, the remaining ones are
         * asked.
         */
        private RoutedAnswer answerOnce(List<CubeRow> rows, Predicate<String> sink) {
            boolean[] heard = new boolean[1];
            Predicate<String> listening = text -> {
                heard[0] = true;
                return sink.test(text);
            };
            for (int left = TRIES; ; left--) {
                RoutingResult route = request.adapters() ? adapters.route(rows, question()) : RoutingResult.NONE;
                try {
                    return new RoutedAnswer(
                            route, kvCache.answer(rows, request, route.selection(), this::recall, listening));
                } catch (MemoryException e) {
                    if (e.code() != ErrorCode.CLOSED || route.routed().isEmpty() || left == 0) {
                        throw e;
                    }
                    if (heard[0]) {
                        throw new MemoryException(
                                ErrorCode.ADAPTER_REFUSED,
                                "An adapter was taken out of use during the answer, because a memory that it was"
                                        + " trained on has changed. Ask again.",
                                e);
                    }
                    memories.clear();
                    warnings.clear();
                }
            }
        }

        private String question() {
            String question = request.messages().getLast().text().strip();
            return question.substring(Math.max(0, question.length() - LONGEST_QUERY));
        }

        private String recall(Set<ItemId> inPrompt) {
            if (request.memoryTokens() == 0) {
                return "";
            }
            Set<ItemId> known = new HashSet<>(inPrompt);
            cubes.forEach(cube -> known.addAll(repeatedTurns(cube.handle())));
            SearchRequest search = SearchRequest.of(question())
                    .limit(LIMIT)
                    .maxTokens(request.memoryTokens())
                    .knowing(known)
                    .in(request.session());
            search = request.messages().getLast().zone().map(search::inZone).orElse(search);
            SearchResult found =
                    searcher.search(cubes.stream().map(StoredMemCube::scope).toList(), search);
            found.hits().stream().filter(hit -> hit.citation() > 0).forEach(memories::add);
            warnings.addAll(found.warnings());
            String names = cubes.stream().map(cube -> cube.id().value()).collect(Collectors.joining(", "));
            return found.context().isBlank() ? "" : DataBlock.wrap(names, found.context());
        }

        /**
         * Returns the last messages of the session, as many as the request repeats, which the model sees anyway, and
         * the question if the client has stored it before it asks.
         */
        private List<ItemId> repeatedTurns(CubeHandle cube) {
            if (request.session().isEmpty()) {
                return List.of();
            }
            int repeated = request.messages().size() - 1;
            return cube.read(reader -> {
                List<ItemId> recent = reader.recentFingerprints(cube.key(), request.session(), repeated + 1).stream()
                        .map(FingerprintedItem::item)
                        .toList();
                String question = request.messages().getLast().text().strip();
                boolean stored = reader
                        .items(cube.key(), recent.stream().limit(1).toList())
                        .stream()
                        .anyMatch(item -> item.text().strip().equals(question));
                return recent.stream().limit(stored ? repeated + 1 : repeated).toList();
            });
        }

        private static Warning forgotten(AddResult added, AddResult.Forgotten first) {
            return new Warning(
                    "forgotten",
                    added.forgotten().size() + " memories are withheld, and erased at " + first.erasedAt()
                            + ". To take that back before, undo the change of "
                            + first.id() + ".");
        }

        private void remember(String answer) {
            if (!request.remember()) {
                return;
            }
            List<Message> said = new ArrayList<>();
            said.add(request.messages().getLast().in(request.session()));
            if (!answer.isBlank()) {
                said.add(Message.assistant(answer).in(request.session()));
            }
            try {
                AddResult added = cubes.getLast().add(AddRequest.of(said));
                warnings.addAll(added.warnings());
                added.forgotten().stream().findFirst().ifPresent(first -> warnings.add(forgotten(added, first)));
            } catch (MemoryException e) {
                if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.CLOSED) {
                    throw e;
                }
                warnings.add(new Warning(
                        "not_remembered",
                        "The answer was given, but the exchange was not remembered: " + e.getMessage()));
            }
        }
    }
}
