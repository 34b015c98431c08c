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
import io.memos4j.api.privacy.Reader;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.search.SearchService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Several cubes of an engine, searched and written as one. Thread-safe. */
public final class StoredCompositeCube implements CompositeCube {
    private final List<StoredMemCube> members;
    private final SearchService searcher;
    private final ChatOperation chat;

    public StoredCompositeCube(List<StoredMemCube> members, SearchService searcher, ChatOperation chat) {
        this.members = members;
        this.searcher = searcher;
        this.chat = chat;
    }

    public static void requireMembers(List<CubeId> ids) {
        if (ids.isEmpty() || ids.size() > MAX_MEMBERS) {
            throw MemoryException.invalid(
                    "A composite has 1 to " + MAX_MEMBERS + " cubes, this one has " + ids.size() + ".");
        }
        if (new HashSet<>(ids).size() < ids.size()) {
            throw MemoryException.invalid("A composite names each cube once: " + ids + ".");
        }
    }

    @Override
    public CompositeCube as(Function<CubeId, Reader> readers) {
        return new StoredCompositeCube(
                members.stream()
                        .map(member -> member.searchedBy(readers.apply(member.id())))
                        .toList(),
                searcher,
                chat);
    }

    @Override
    public List<MemCube> members() {
        return members.stream().map(StoredMemCube::forReader).toList();
    }

    @Override
    public SearchResult search(SearchRequest request) {
        members.forEach(member -> member.handle().auditRead("search"));
        return searcher.search(members.stream().map(StoredMemCube::scope).toList(), request);
    }

    @Override
    public ChatReply chat(ChatRequest request, Predicate<String> sink) {
        members.forEach(member -> member.handle().auditRead("chat"));
        return chat.answer(members, request, sink);
    }

    @Override
    public MultiCubeAddResult add(AddRequest request) {
        Map<CubeId, AddResult> added = new LinkedHashMap<>();
        List<Failure> failures = new ArrayList<>();
        for (StoredMemCube member : members) {
            try {
                added.put(member.id(), member.forReader().add(request));
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
