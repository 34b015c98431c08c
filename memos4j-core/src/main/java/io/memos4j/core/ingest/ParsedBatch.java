package io.memos4j.core.ingest;

import io.memos4j.api.Warning;
import java.util.List;
import java.util.Set;

/**
 * The result of parsing a request.
 *
 * @param drafts in input order
 * @param documents names of the documents among the inputs
 * @param warnings the repairs that were made
 */
public record ParsedBatch(List<ParsedInput> drafts, Set<String> documents, List<Warning> warnings) {
    public ParsedBatch {
        drafts = List.copyOf(drafts);
        documents = Set.copyOf(documents);
        warnings = List.copyOf(warnings);
    }
}
