package io.memos4j.core.cube;

import io.memos4j.api.CompositeCube;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.MultiCubeAddResult;
import io.memos4j.api.items.MultiCubeAddResult.Failure;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.Engine;
import io.memos4j.core.search.SearchScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A composite of cubes of an open engine. Immutable; thread-safe. */
public final class StoredCompositeCube implements CompositeCube {
    private final Engine engine;
    private final List<StoredMemCube> members;

    private StoredCompositeCube(Engine engine, List<StoredMemCube> members) {
        this.engine = engine;
        this.members = members;
    }

    public static StoredCompositeCube of(Engine engine, List<CubeId> ids) {
        if (ids.isEmpty() || ids.size() > MAX_MEMBERS) {
            throw MemoryException.invalid(
                    "A composite has 1 to " + MAX_MEMBERS + " cubes, this one has " + ids.size() + ".");
        }
        if (new HashSet<>(ids).size() < ids.size()) {
            throw MemoryException.invalid("A composite names each cube once: " + ids + ".");
        }
        return new StoredCompositeCube(
                engine,
                ids.stream()
                        .map(id -> new StoredMemCube(engine, engine.existing(id)))
                        .toList());
    }

    @Override
    public List<MemCube> members() {
        return List.copyOf(members);
    }

    @Override
    public SearchResult search(SearchRequest request) {
        List<SearchScope> scopes = members.stream()
                .map(member -> new SearchScope(member.id(), member::ready))
                .toList();
        return engine.searcher().search(scopes, request);
    }

    @Override
    public ChatReply chat(ChatRequest request, Predicate<String> sink) {
        return new ChatOperation(engine, members, request).answer(sink);
    }

    @Override
    public MultiCubeAddResult add(AddRequest request) {
        Map<CubeId, AddResult> added = new LinkedHashMap<>();
        List<Failure> failures = new ArrayList<>();
        for (StoredMemCube member : members) {
            try {
                added.put(member.id(), member.add(request));
            } catch (MemoryException e) {
                if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.CLOSED) {
                    throw e;
                }
                failures.add(new Failure(member.id(), e.code(), e.getMessage()));
            }
        }
        return new MultiCubeAddResult(added, failures);
    }
}
