package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.ingest.ParsedInput;
import io.memos4j.core.language.MemoryCommand;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The requests to forget in a batch of inputs, with the memories that each covers. A request that covers no memory, or
 * too many, is a message like others.
 */
final class ForgetRequests {
    /** A request that covers more recalled memories than this is too vague to be carried out. */
    private static final int MOST_FORGOTTEN = 10;

    private final Map<ParsedInput, List<MemoryItem>> covered = new LinkedHashMap<>();
    private final Map<ItemId, ItemId> requests = new HashMap<>();
    private final List<ParsedInput> heeded = new ArrayList<>();

    private ForgetRequests() {}

    /** Finds what each request covers, among the memories and the messages before it. */
    static ForgetRequests find(VaultReader reader, CubeKey cube, ItemIngestion.Batch batch) {
        ForgetRequests found = new ForgetRequests();
        List<MemoryItem> before = new ArrayList<>();
        Optional<ParsedInput> answered = Optional.empty();
        for (ParsedInput draft : batch.reading().drafts()) {
            MemoryItem item = draft.item().item();
            boolean reply = answered.filter(request -> isReply(draft, request)).isPresent();
            if (reply) {
                found.add(draft, answered.orElseThrow().item().item().id());
            } else {
                answered = Optional.empty();
            }
            if (draft.command().kind().forgets()) {
                List<ItemId> described = batch.described().getOrDefault(draft, List.of());
                List<MemoryItem> covers = Stream.concat(reader.items(cube, described).stream(), before.stream())
                        .filter(coveredBy(draft))
                        .toList();
                if (isPlain(covers)) {
                    found.covered.put(draft, covers);
                    found.add(draft, item.id());
                    answered = Optional.of(draft);
                }
            }
            before.add(item);
        }
        return found;
    }

    private void add(ParsedInput draft, ItemId request) {
        heeded.add(draft);
        requests.put(draft.item().item().id(), request);
    }

    /** Tells whether an assistant's message directly answers a request, and is likely to repeat its words. */
    private static boolean isReply(ParsedInput draft, ParsedInput request) {
        return draft.item().item().origin().role() == Role.ASSISTANT
                && draft.session().equals(request.session());
    }

    private static Predicate<MemoryItem> coveredBy(ParsedInput request) {
        return item -> item.state() != ItemState.FROZEN
                && item.state() != ItemState.FORGOTTEN
                && !isOfAnotherUser(item, request.item().item())
                && request.command().covers(item.text());
    }

    /** Earlier requests in the same words are covered with the memories, but are none themselves. */
    private static boolean isPlain(List<MemoryItem> covers) {
        long recalled =
                covers.stream().filter(item -> item.state().isRecalled()).count();
        return recalled <= MOST_FORGOTTEN
                && covers.stream()
                        .anyMatch(
                                item -> !MemoryCommand.parse(item.text()).kind().forgets());
    }

    /**
     * Returns whether another user said a memory: in a shared cube, nobody's words are forgotten at others' request.
     */
    static boolean isOfAnotherUser(MemoryItem item, MemoryItem request) {
        return item.origin().role() == Role.USER
                        && !item.origin().speaker().equals(request.origin().speaker())
                || !item.authorship().principal().equals(request.authorship().principal());
    }

    /** The memories that each request covers, in order. */
    Map<ParsedInput, List<MemoryItem>> covered() {
        return covered;
    }

    /** The requests and the replies to them, which are withheld. */
    List<ParsedInput> heeded() {
        return heeded;
    }

    /** The request that a message carries or answers; empty for other messages. */
    Optional<ItemId> requestOf(MemoryItem message) {
        return Optional.ofNullable(requests.get(message.id()));
    }
}
