package io.memos4j.api;

import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.MultiCubeAddResult;
import io.memos4j.api.privacy.Reader;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Several cubes searched as one, for example a person's and a team's. Nothing is copied; each item stays in its cube.
 *
 * <p>Thread-safe; calls block as those of a {@link MemCube} do. A member that was deleted since takes no part, and a
 * warning says so.
 */
public interface CompositeCube {
    /** The most cubes of one composite. */
    int MAX_MEMBERS = 64;

    /** The cubes, in the order in which they were named. */
    List<MemCube> members();

    /**
     * Searches all members side by side under one deadline and ranks what they have together, as one cube that held
     * everything would. Every hit names its cube ({@link MemoryItem#cube}), and so does every entry of the context,
     * whose token budget is that of all. What is said in several cubes in the same words by the same speaker is one
     * hit. Conversations, ratings and newer values count inside their cube.
     *
     * <p>A member that fails is left out with the warning {@code member_unavailable}, one that does not answer before
     * the deadline with {@code member_late}. The members' vectors must be from one embedder; a member without vectors
     * is ranked by words.
     *
     * @throws MemoryException if every member fails
     */
    SearchResult search(SearchRequest request);

    /**
     * Returns these cubes as a reader sees them, see {@link MemCube#as}.
     *
     * @param readers the reader of each cube
     */
    CompositeCube as(Function<CubeId, Reader> readers);

    default SearchResult search(String query) {
        return search(SearchRequest.of(query));
    }

    /**
     * Remembers the same batch in every member. Each cube for itself stores all of it or nothing; a cube that fails
     * changes nothing in the others, and the same request may be repeated: with an idempotency key, those that have it
     * answer as before.
     */
    MultiCubeAddResult add(AddRequest request);

    /**
     * Continues a conversation with the memory of all members, see {@link MemCube#chat}. Their prompt prefixes follow
     * each other in the order of the members, so name first the cube that most composites have in common: equal
     * prefixes share their KV cache. The last member remembers.
     */
    ChatReply chat(ChatRequest request, Predicate<String> sink);

    /** {@link #chat(ChatRequest, Predicate)} without looking at the text as it comes. */
    default ChatReply chat(ChatRequest request) {
        return chat(request, text -> true);
    }
}
