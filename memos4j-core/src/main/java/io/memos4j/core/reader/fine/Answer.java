package io.memos4j.core.reader.fine;

import java.util.List;
import java.util.Optional;

/** What the model answered: of the right shape, not yet believed. Absent texts are empty. */
record Answer(List<Memory> memories, List<Change> updates, List<End> retirements) {

    record Memory(
            String type,
            String text,
            List<Integer> sources,
            double confidence,
            Dates dates,
            boolean implicit,
            Optional<Attribute> attribute,
            List<Integer> supersedes) {}

    /** As they stand in the answer. */
    record Dates(String occurred, String validFrom, String validTo) {}

    record Change(int known, String text, List<Integer> sources, double confidence, String reason) {}

    record End(int known, List<Integer> sources, String at, String reason) {}

    int size() {
        return memories.size() + updates.size() + retirements.size();
    }
}
