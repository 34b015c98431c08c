package io.memos4j.core.ingest;

import io.memos4j.api.Warning;
import java.util.List;
import java.util.Set;

/**
 * What was read from a request.
 *
 * @param drafts in input order
 * @param documents names of the documents among the inputs
 * @param warnings what was repaired
 */
public record ParsedBatch(List<ParsedInput> drafts, Set<String> documents, List<Warning> warnings) {
    public ParsedBatch {
        drafts = List.copyOf(drafts);
        documents = Set.copyOf(documents);
        warnings = List.copyOf(warnings);
    }
}
