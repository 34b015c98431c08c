package io.memos4j.core.privacy;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.privacy.Reader;
import java.util.List;

/** Filters by label. */
public final class LabelFilters {
    private LabelFilters() {}

    /** Matches the items of which something may be withheld. */
    public static Filter hidden(Redactor redactor) {
        return Filter.in("sensitivity", redactor.hiddenLabels());
    }

    /**
     * The filter as a reader may use it: where it asks for what a label withholds, tags and metadata, it matches no
     * item of which something is withheld, so that a guess is never confirmed.
     */
    public static Filter guarded(Filter filter, Redactor redactor) {
        return redactor.showsAll() || !asksForContent(filter)
                ? filter
                : Filter.and(filter, Filter.not(hidden(redactor)));
    }

    /** Returns whether a cube holds a memory of which something is withheld from a reader. */
    public static boolean hidesFrom(MemCube whole, Reader reader) {
        Redactor redactor = new Redactor(whole.settings().privacy(), reader);
        return !redactor.showsAll()
                && !whole.list(ListRequest.first().where(hidden(redactor)).limit(1))
                        .items()
                        .isEmpty();
    }

    private static boolean asksForContent(Filter filter) {
        return switch (filter) {
            case Filter.And(List<Filter> parts) -> parts.stream().anyMatch(LabelFilters::asksForContent);
            case Filter.Or(List<Filter> parts) -> parts.stream().anyMatch(LabelFilters::asksForContent);
            case Filter.Not(Filter part) -> asksForContent(part);
            case Filter.Compare compare -> isContent(compare.field());
            case Filter.In in -> isContent(in.field());
            case Filter.Exists exists -> isContent(exists.field());
        };
    }

    private static boolean isContent(String field) {
        return field.equals("tag") || field.startsWith(Filter.METADATA);
    }
}
