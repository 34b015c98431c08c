package io.memos4j.core.cube;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.Engine;
import io.memos4j.core.adapters.AdapterService.RoutingResult;
import io.memos4j.core.kvcache.ModelAnswer;
import io.memos4j.core.prompt.DataBlock;
import io.memos4j.core.search.SearchScope;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.FingerprintedItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A conversation with the memory of one or more cubes: recall, answer, remember. For one call. */
final class ChatOperation {
    /** A longer message is a document with a question at its end. */
    private static final int LONGEST_QUERY = 4_000;

    private static final int LIMIT = 30;

    /** How often an answer is asked for again when its adapters are taken away before its first word. */
    private static final int TRIES = 3;

    private final Engine engine;
    private final List<StoredMemCube> cubes;
    private final ChatRequest request;
    private final List<SearchHit> memories = new ArrayList<>();
    private final List<Warning> warnings = new ArrayList<>();

    /** @param cubes whose memory is used; the last one remembers */
    ChatOperation(Engine engine, List<StoredMemCube> cubes, ChatRequest request) {
        this.engine = engine;
        this.cubes = cubes;
        this.request = request;
    }

    ChatReply answer(Predicate<String> sink) {
        List<CubeRow> rows = cubes.stream().map(StoredMemCube::ready).toList();
        Answered answered = answered(rows, sink);
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

    private record Answered(RoutingResult route, ModelAnswer answer) {}

    /**
     * An adapter that is taken out of use ends what it says; if nothing was heard of it, those that are left are asked.
     */
    private Answered answered(List<CubeRow> rows, Predicate<String> sink) {
        boolean[] heard = new boolean[1];
        Predicate<String> listening = text -> {
            heard[0] = true;
            return sink.test(text);
        };
        for (int left = TRIES; ; left--) {
            RoutingResult route =
                    request.adapters() ? engine.parametrics().route(rows, question()) : RoutingResult.NONE;
            try {
                return new Answered(
                        route, engine.activations().answer(rows, request, route.selection(), this::recall, listening));
            } catch (MemoryException e) {
                if (e.code() != ErrorCode.CLOSED || route.routed().isEmpty() || left == 0) {
                    throw e;
                }
                if (heard[0]) {
                    throw new MemoryException(
                            ErrorCode.ADAPTER_REFUSED,
                            "An adapter was taken out of use while it answered, because something that it was taught has changed."
                                    + " Ask again.",
                            e);
                }
                memories.clear();
            }
        }
    }

    private String question() {
        String question = request.messages().getLast().text().strip();
        return question.substring(Math.max(0, question.length() - LONGEST_QUERY));
    }

    private String recall(Set<ItemId> beginning) {
        if (request.memoryTokens() == 0) {
            return "";
        }
        Set<ItemId> known = new HashSet<>(beginning);
        cubes.forEach(cube -> known.addAll(said(cube)));
        SearchRequest search = SearchRequest.of(question())
                .limit(LIMIT)
                .maxTokens(request.memoryTokens())
                .knowing(known)
                .in(request.session());
        SearchResult found = cubes.size() == 1
                ? cubes.getFirst().search(search)
                : engine.searcher()
                        .search(
                                cubes.stream()
                                        .map(cube -> new SearchScope(cube.id(), cube::ready))
                                        .toList(),
                                search);
        found.hits().stream().filter(hit -> hit.citation() > 0).forEach(memories::add);
        warnings.addAll(found.warnings());
        String names = cubes.stream().map(cube -> cube.id().value()).collect(Collectors.joining(", "));
        return found.context().isBlank() ? "" : DataBlock.wrap(names, found.context());
    }

    /** What the model is told anyway: the last messages of the session, as many as the request repeats. */
    private List<ItemId> said(StoredMemCube cube) {
        int repeated = request.messages().size() - 1;
        if (request.session().isEmpty() || repeated == 0) {
            return List.of();
        }
        CubeKey key = cube.row().key();
        return engine.vault().read(reader -> reader.recentFingerprints(key, request.session(), repeated)).stream()
                .map(FingerprintedItem::item)
                .toList();
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
            warnings.addAll(cubes.getLast().add(AddRequest.of(said)).warnings());
        } catch (MemoryException e) {
            if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.CLOSED) {
                throw e;
            }
            warnings.add(new Warning(
                    "not_remembered", "The conversation went on but was not remembered: " + e.getMessage()));
        }
    }
}
