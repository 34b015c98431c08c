package io.memos4j.api.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.MemoryItem;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The parametric memory of a cube: adapters of a model that were taught some of its memories, each a shard of its own
 * with versions.
 *
 * <p>Thread-safe. What an adapter was taught is known to the version of the item. When one of these is corrected or
 * erased, the adapter is out of use and its bytes are gone before the call that did it returns, and a background task
 * trains a next version without it. Methods that name an adapter fail with {@link ErrorCode#ADAPTER_NOT_FOUND} if there
 * is none.
 */
public interface ParametricMemory {
    /** Returns the learning policy. */
    LearningPolicy policy();

    /** Says which memories may be taught from now on. Without consent all adapters are retired at once. */
    void policy(LearningPolicy policy);

    /** Every version of every adapter, by name, the last version first. */
    List<Adapter> list();

    /** One version of an adapter. */
    Optional<Adapter> find(AdapterId id);

    /** Returns the items that an adapter was taught, in the versions that were taught; erased ones are left out. */
    List<MemoryItem> taught(AdapterId id);

    /** Returns the history of the adapters, oldest first. */
    List<AdapterChange> history();

    /**
     * Returns what {@link #train} would teach now, and what not and why; changes nothing.
     *
     * @param items which memories; all that are hot and stable enough if empty
     */
    Curriculum curriculum(List<ItemId> items);

    /**
     * Teaches memories that no adapter has been taught, in adapters of their own, and trains anew those that were
     * suspended. Each is evaluated and activated if it passes; if not, it stays a {@link AdapterState#CANDIDATE} with
     * its report. Takes minutes.
     *
     * @param items which memories, whatever their heat and stability; if empty all that are hot and stable enough, and
     *     what was refused is tried again
     * @param progress takes each step and returns true to continue
     * @return the new versions
     * @throws MemoryException {@link ErrorCode#INVALID_CONFIGURATION} if the engine has no trainer or no model to
     *     answer with; {@link ErrorCode#FORBIDDEN} without consent; {@link ErrorCode#ITEM_NOT_FOUND}; as the trainer
     *     does
     */
    List<Adapter> train(List<ItemId> items, Predicate<Lesson> progress);

    /**
     * Examines an adapter again and keeps the result. One in use that does not pass is suspended.
     *
     * @throws MemoryException {@link ErrorCode#INVALID_CONFIGURATION} if there is no model to answer with;
     *     {@link ErrorCode#ADAPTER_REFUSED} if its bytes are gone or damaged
     */
    Adapter evaluate(AdapterId id);

    /**
     * Puts an admitted or retired version to use, in place of the one of the same name that is.
     *
     * @throws MemoryException {@link ErrorCode#ADAPTER_REFUSED} if it has not passed its evaluation, or something that
     *     it was taught is no longer so
     */
    Adapter activate(AdapterId id);

    /**
     * Puts the last version before the one in use, that may still be used, to use again.
     *
     * @throws MemoryException {@link ErrorCode#ADAPTER_REFUSED} if there is none
     */
    Adapter rollback(String name);

    /** Takes a version out of use. */
    Adapter retire(AdapterId id, String why);

    /**
     * Progress of a training.
     *
     * @param adapter which one
     * @param step changes of the weights so far; 0 before the first
     * @param steps of how many
     * @param loss of this step, mean negative logarithm of the probability of a taught token
     */
    record Lesson(AdapterId adapter, int step, int steps, double loss) {}

    /**
     * Examples and items of a training.
     *
     * @param examples the training data
     * @param left the memories that are not taught
     */
    record Curriculum(List<Example> examples, List<Left> left) {
        public Curriculum {
            examples = List.copyOf(examples);
            left = List.copyOf(left);
        }
    }

    /**
     * A question and its answer.
     *
     * @param item which memory it teaches; empty for what teaches to keep silent
     * @param kind of the example
     */
    record Example(Optional<ItemId> item, Kind kind, String prompt, String answer) {}

    /** Purpose of an example. */
    enum Kind {
        /** The memory in its own words. */
        STATEMENT,
        /** The memory in other words. */
        PARAPHRASE,
        /** A question that the memory answers. */
        QUESTION,
        /** A question for something that must not be said. */
        REFUSAL
    }

    /** A memory that is not taught. */
    record Left(ItemId item, String why) {}
}
