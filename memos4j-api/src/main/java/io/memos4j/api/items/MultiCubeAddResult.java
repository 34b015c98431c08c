package io.memos4j.api.items;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import java.util.List;
import java.util.Map;

/**
 * Result of adding a batch to several cubes.
 *
 * @param added the answer of each cube that has stored it
 * @param failures why the other cubes have not, in the order of the members
 */
public record MultiCubeAddResult(Map<CubeId, AddResult> added, List<Failure> failures) {
    public MultiCubeAddResult {
        added = Map.copyOf(added);
        failures = List.copyOf(failures);
    }

    /**
     * A cube that has stored nothing.
     *
     * @param code what kind of failure; whether it may be tried again
     * @param message what failed, on what, and what to do
     */
    public record Failure(CubeId cube, ErrorCode code, String message) {}

    /** Returns true if every cube stored the batch. */
    public boolean isComplete() {
        return failures.isEmpty();
    }
}
