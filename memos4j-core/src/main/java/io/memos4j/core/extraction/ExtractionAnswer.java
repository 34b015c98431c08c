package io.memos4j.core.extraction;

import java.util.List;
import java.util.Optional;

/** The answer of a model: of the required shape, but not yet validated. Absent texts are empty. */
record ExtractionAnswer(List<Memory> memories, List<Update> updates, List<Retirement> retirements) {

    record Memory(
            String type,
            String text,
            List<Integer> sources,
            double confidence,
            Dates dates,
            boolean implicit,
            Optional<AttributeValue> attribute,
            List<Integer> supersedes) {}

    /** Dates as written in the answer. */
    record Dates(String occurred, String validFrom, String validTo) {}

    record Update(int knownNumber, String text, List<Integer> sources, double confidence, String reason) {}

    record Retirement(int knownNumber, List<Integer> sources, String at, String reason) {}

    int size() {
        return memories.size() + updates.size() + retirements.size();
    }
}
