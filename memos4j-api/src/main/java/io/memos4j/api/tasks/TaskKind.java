package io.memos4j.api.tasks;

import io.memos4j.internal.EnumNames;

/** Kind of a background task. The {@link #id()} is stored on disk: append only. */
public enum TaskKind {
    /** Computes the vectors that adds left pending. */
    EMBED(Lane.VECTORS),
    /** Lets the language model read new messages. */
    EXTRACT(Lane.MODEL),
    /** Finds which new items belong to which earlier ones. */
    LINK(Lane.UPKEEP),
    /** Settles which of several values of an attribute is current. */
    RECONCILE(Lane.UPKEEP),
    /** Brings the summary of a session, its subject, up to date; without a subject that of the cube. */
    SUMMARIZE(Lane.MODEL),
    /** Brings the profile of the cube's people up to date. */
    PROFILE(Lane.MODEL),
    /** Lets one item stand for those that say the same. */
    MERGE(Lane.UPKEEP),
    /** Archives what has cooled below the cube's threshold. */
    DECAY(Lane.UPKEEP),
    /** Expires what is past its time to live. */
    EXPIRE(Lane.UPKEEP),
    /** Archives the coldest items of a cube that holds more than its capacity. */
    CAPACITY(Lane.UPKEEP),
    /** Drops the derived index and rebuilds it. */
    REINDEX(Lane.UPKEEP),
    /** Rewrites the storage so that nothing deleted is left in it. */
    COMPACT(Lane.UPKEEP),
    /** Puts what the next question of a session, its subject, will need into its working memory. */
    PRELOAD(Lane.UPKEEP),
    /** Offers stable, often used memories to activation and parametric memory. */
    PROMOTE(Lane.UPKEEP),
    /**
     * Trains anew the adapters that lost a source, and teaches: the items whose ids are its subject; with the subject
     * {@value #ALL} what is hot and stable; without a subject the same, but only where the cube's policy wants it by
     * itself.
     */
    TEACH(Lane.TRAINING),
    /** Lets the language model decide which new statements end earlier ones, where no rule does. */
    REVIEW(Lane.MODEL);

    /** Tasks of different lanes do not wait for each other; of a cube, one task a lane runs at a time. */
    public enum Lane {
        /** Keeps the processor busy. */
        VECTORS,
        /** Waits for a language model, where there is one. */
        MODEL,
        /** Reads and writes the vault. */
        UPKEEP,
        /** Keeps processor or accelerator busy for minutes. */
        TRAINING;

        /** The stored name. */
        public String id() {
            return EnumNames.id(this);
        }
    }

    /** The subject of a task that is about all there is, whether or not it would be done by itself. */
    public static final String ALL = "all";

    private final Lane lane;

    TaskKind(Lane lane) {
        this.lane = lane;
    }

    public Lane lane() {
        return lane;
    }

    /** The stored and wire name, for example {@code embed}. */
    public String id() {
        return EnumNames.id(this);
    }

    /** The kind with this name, in any case. */
    public static TaskKind parse(String text) {
        return EnumNames.parse(TaskKind.class, "kind of task", text);
    }
}
