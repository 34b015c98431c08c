package io.memos4j.core;

import io.memos4j.api.AddRequest;
import io.memos4j.api.AddResult;
import io.memos4j.api.ChatReply;
import io.memos4j.api.ChatRequest;
import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.FanOut;
import io.memos4j.api.FanOut.Failure;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.SearchResult;
import io.memos4j.core.operator.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Several cubes of an open engine as one. */
final class EngineComposite implements CompositeCube {
    private final Engine engine;
    private final List<EngineCube> members;

    private EngineComposite(Engine engine, List<EngineCube> members) {
        this.engine = engine;
        this.members = members;
    }

    static EngineComposite of(Engine engine, List<CubeId> ids) {
        if (ids.isEmpty() || ids.size() > MAX_MEMBERS) {
            throw MemoryException.invalid(
                    "A composite has 1 to " + MAX_MEMBERS + " cubes, this one has " + ids.size() + ".");
        }
        if (new HashSet<>(ids).size() < ids.size()) {
            throw MemoryException.invalid("A composite names each cube once: " + ids + ".");
        }
        return new EngineComposite(
                engine,
                ids.stream()
                        .map(id -> new EngineCube(engine, engine.existing(id)))
                        .toList());
    }

    @Override
    public List<MemCube> members() {
        return List.copyOf(members);
    }

    @Override
    public SearchResult search(SearchRequest request) {
        List<Scope> scopes = members.stream()
                .map(member -> new Scope(member.id(), member::ready))
                .toList();
        return engine.searcher().search(scopes, request);
    }

    @Override
    public ChatReply chat(ChatRequest request, Predicate<String> sink) {
        return new EngineChat(engine, members, request).answer(sink);
    }

    @Override
    public FanOut add(AddRequest request) {
        Map<CubeId, AddResult> added = new LinkedHashMap<>();
        List<Failure> failures = new ArrayList<>();
        for (EngineCube member : members) {
            try {
                added.put(member.id(), member.add(request));
            } catch (MemoryException e) {
                if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.CLOSED) {
                    throw e;
                }
                failures.add(new Failure(member.id(), e.code(), e.getMessage()));
            }
        }
        return new FanOut(added, failures);
    }
}
