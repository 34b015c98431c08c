package io.memos4j.core.extraction;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A change of the memory that a window of messages suggests. Nothing is stored until it is applied. */
public sealed interface MemoryProposal {

    /** The messages that say so; never empty. */
    List<ItemId> sources();

    /**
     * A new memory.
     *
     * @param type one of fact, event, preference, instruction, profile, summary, skill, tool
     * @param text the memory, understandable without the messages
     * @param sources the messages that say so
     * @param confidence 0 to 1; at most 0.5 if implicit with a single source
     * @param occurredAt when it happened, if the messages tell
     * @param validFrom from when it holds in the world, if the messages tell
     * @param validTo until when it holds, exclusive, if the messages tell
     * @param implicit whether it is inferred from behavior rather than said
     * @param attribute the same claim as a value that can be replaced, if it is one
     * @param supersedes the known memories whose value it replaces; none of them is frozen
     */
    record Add(
            ItemType type,
            String text,
            List<ItemId> sources,
            double confidence,
            Optional<Instant> occurredAt,
            Optional<Instant> validFrom,
            Optional<Instant> validTo,
            boolean implicit,
            Optional<AttributeValue> attribute,
            List<ItemId> supersedes)
            implements MemoryProposal {
        public Add {
            sources = List.copyOf(sources);
            supersedes = List.copyOf(supersedes);
        }
    }

    /**
     * A better text for a known memory that stays the same memory.
     *
     * @param known the memory; not frozen
     * @param text its next text
     * @param sources the messages that say so
     * @param confidence 0 to 1
     * @param reason why, in a few words of the model
     */
    record Update(ItemId known, String text, List<ItemId> sources, double confidence, String reason)
            implements MemoryProposal {
        public Update {
            sources = List.copyOf(sources);
        }
    }

    /**
     * A known memory that is no longer true, or that the user asked to forget.
     *
     * @param known the memory; not frozen
     * @param sources the messages that say so
     * @param at since when it is no longer true, if the messages tell
     * @param reason why, in a few words of the model
     */
    record Retire(ItemId known, List<ItemId> sources, Optional<Instant> at, String reason) implements MemoryProposal {
        public Retire {
            sources = List.copyOf(sources);
        }
    }
}
