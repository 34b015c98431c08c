package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.Warning;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.FeedbackResult;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemOrigin;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies the feedback of a user on the memories of a cube: ratings and corrections. For one call. */
final class FeedbackOperation {
    private static final String CORRECTED = "corrected by the user";
    private static final ChangeReason REASON = ChangeReason.of(ChangeReason.CORRECTION, 1);

    private final CubeHandle handle;
    private final MemCube cube;
    private final EditOperations edits;

    FeedbackOperation(CubeHandle handle, MemCube cube, EditOperations edits) {
        this.handle = handle;
        this.cube = cube;
        this.edits = edits;
    }

    FeedbackResult take(Feedback feedback) {
        return switch (feedback.kind()) {
            case HELPFUL -> rate(feedback.items(), 1);
            case UNHELPFUL -> rate(feedback.items(), -1);
            case CORRECTION -> correct(feedback);
        };
    }

    private FeedbackResult rate(List<ItemId> items, int change) {
        handle.write(writer -> {
            items.forEach(each ->
                    writer.rate(handle.key(), handle.requireItem(writer, each).id(), change));
            return items.size();
        });
        return new FeedbackResult(Optional.empty(), items, List.of());
    }

    private FeedbackResult correct(Feedback feedback) {
        feedback.items().forEach(wrong -> handle.read(reader -> handle.requireChangeable(reader, wrong)));
        Message correction = Message.user(feedback.text()).by(speakerOf(feedback));
        ItemId stored = cube.add(correction).ids().getFirst();
        feedback.items().stream()
                .filter(wrong -> !wrong.equals(stored))
                .forEach(wrong ->
                        edits.supersede(handle, wrong, new EditOperations.Successor(stored, CORRECTED, REASON)));
        List<ItemId> changed = cube.supersessions(stored).stream()
                .filter(each -> each.successor().equals(stored))
                .map(SupersessionRecord::former)
                .toList();
        List<Warning> warnings = changed.isEmpty()
                ? List.of(new Warning(
                        "nothing_corrected",
                        "The correction is kept as a message, but no memory was found for it to replace. "
                                + "Name the item."))
                : List.of();
        return new FeedbackResult(Optional.of(stored), changed, warnings);
    }

    /**
     * Returns the speaker whose words are corrected: of the items named, else of the memories nearest to the
     * correction, else of the last message. Empty if no user said any of them.
     */
    private String speakerOf(Feedback feedback) {
        List<MemoryItem> meant = new ArrayList<>(handle.read(reader -> reader.items(handle.key(), feedback.items())));
        if (meant.isEmpty()) {
            cube.search(feedback.text()).hits().forEach(hit -> meant.add(hit.item()));
        }
        Filter said = Filter.eq("role", Role.USER.id());
        meant.addAll(cube.list(ListRequest.first()
                        .where(said)
                        .sortedBy(ListRequest.Sort.NEWEST)
                        .limit(1))
                .items());
        return meant.stream()
                .map(MemoryItem::origin)
                .filter(origin -> origin.role() == Role.USER)
                .map(ItemOrigin::speaker)
                .findFirst()
                .orElse("");
    }
}
