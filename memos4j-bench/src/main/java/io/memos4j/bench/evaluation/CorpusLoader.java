package io.memos4j.bench.evaluation;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.bench.evaluation.LabeledDataset.Question;
import io.memos4j.bench.evaluation.LabeledDataset.Unit;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/** Turns the units of a labeled set into messages and its questions into searches. */
final class CorpusLoader {
    private static final int BATCH = 200;
    private static final int UNBOUNDED_TOKENS = 1_000_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private CorpusLoader() {}

    static Message message(Unit unit) {
        Role role = unit.role().isEmpty() ? Role.USER : Role.parse(unit.role());
        Message message = Message.of(role, unit.text()).by(unit.speaker()).in(unit.session());
        return unit.time().map(message::at).orElse(message);
    }

    /** Adds units to a cube in batches and reports the item that holds each of them. */
    static void add(MemCube cube, List<Unit> units, BiConsumer<ItemId, Unit> added) {
        for (int from = 0; from < units.size(); from += BATCH) {
            List<Unit> batch = units.subList(from, Math.min(units.size(), from + BATCH));
            cube.add(batch.stream().map(CorpusLoader::message).toList())
                    .items()
                    .forEach(each -> added.accept(each.id(), batch.get(each.input())));
        }
    }

    /** Returns the search for a question, at its time, without a limit on tokens. */
    static SearchRequest request(Question question, int limit) {
        SearchRequest request = SearchRequest.of(question.text())
                .limit(limit)
                .maxTokens(UNBOUNDED_TOKENS)
                .within(TIMEOUT);
        return question.time().map(request::at).orElse(request);
    }
}
