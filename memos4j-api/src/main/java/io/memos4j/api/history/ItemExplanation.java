package io.memos4j.api.history;

import io.memos4j.api.Actor;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.tasks.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Provenance of an item: the chain to its sources, and who created and changed it.
 *
 * @param item what is explained
 * @param history its versions, oldest first, each with its cause and actor
 * @param successions what it replaced, and what replaced it
 * @param sources what it was made from, each with its own sources
 * @param carried where else it is or was: at the start of prompts, in adapters; oldest first
 * @param tasks the background tasks that made its versions, as far as they are still known
 * @param reading which model read it, and with which prompt; empty if no model did
 */
public record ItemExplanation(
        MemoryItem item,
        List<ItemVersion> history,
        List<SupersessionRecord> successions,
        List<Source> sources,
        List<Carried> carried,
        List<Task> tasks,
        Optional<Reading> reading) {
    private static final int SHOWN = 160;

    public ItemExplanation {
        history = List.copyOf(history);
        successions = List.copyOf(successions);
        sources = List.copyOf(sources);
        carried = List.copyOf(carried);
        tasks = List.copyOf(tasks);
    }

    /**
     * A step on the way of a memory from plaintext into a model, or back.
     *
     * @param place {@code activation} for the start of prompts; the adapter, for example {@code lesson-1@2}
     * @param state {@code promoted}, or that of the adapter
     * @param why in a sentence
     * @param actor who made it
     */
    public record Carried(String place, String state, String why, Actor actor, Instant at) {}

    /**
     * A source of an item, with its own sources.
     *
     * @param ref the reference
     * @param item the item that it names; empty if it names a document or something outside, or an item that is gone
     * @param sources what that was made from; empty at the end of the chain, where it is deeper than is shown, and
     *     where it repeats
     */
    public record Source(SourceReference ref, Optional<MemoryItem> item, List<Source> sources) {
        public Source {
            sources = List.copyOf(sources);
        }

        private Stream<String> lines(int depth) {
            String what = item.map(ItemExplanation::summaryOf).orElseGet(() -> switch (ref.kind()) {
                case ITEM -> "item " + ref.id() + ", which is gone";
                case DOCUMENT -> "document " + ref.id();
                case EXTERNAL -> ref.id();
            });
            return Stream.concat(
                    Stream.of("  ".repeat(depth) + "from " + what),
                    sources.stream().flatMap(source -> source.lines(depth + 1)));
        }
    }

    /**
     * The model and the prompt that extracted it.
     *
     * @param model provider and model
     * @param prompt the name, version and a short hash of the instructions; the empty string where that was not kept
     */
    public record Reading(String model, String prompt) {}

    /** The explanation for people: the item, its sources as a tree, then its versions and successions. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(summaryOf(item));
        lines.add("  said by " + item.provenance().id()
                + (item.authorship().isOwner() ? "" : " " + item.authorship().principal()) + ", trust "
                + item.trust().id()
                + (item.authorship().isSuspected() ? ": " + item.authorship().suspicion() : ""));
        sources.forEach(source -> source.lines(1).forEach(lines::add));
        reading.ifPresent(how ->
                lines.add("  read by " + how.model + (how.prompt.isEmpty() ? "" : " with prompt " + how.prompt)));
        for (ItemVersion version : history) {
            lines.add("  version " + version.item().version() + ", " + version.recordedAt() + ", "
                    + version.item().state().id() + ": " + version.cause() + rule(version.reason())
                    + by(version.actor()));
        }
        for (SupersessionRecord each : successions) {
            boolean former = each.former().equals(item.id());
            lines.add((former ? "  replaced by " + each.successor() : "  replaced " + each.former()) + ": "
                    + each.reason());
        }
        for (Carried step : carried) {
            lines.add("  " + step.place + ", " + step.at + ", " + step.state + ": " + step.why + by(step.actor));
        }
        for (Task task : tasks) {
            lines.add("  task " + task.kind().id() + " " + task.id() + ", asked for by " + task.cause() + ": "
                    + task.note());
        }
        return String.join("\n", lines);
    }

    private static String rule(ChangeReason reason) {
        return reason.rule().isEmpty()
                ? ""
                : " (rule " + reason.rule()
                        + reason.evidence()
                                .map(evidence -> ", evidence " + evidence)
                                .orElse("")
                        + reason.confidence()
                                .map(confidence -> ", confidence " + confidence)
                                .orElse("") + ")";
    }

    private static String by(Actor actor) {
        return actor.equals(Actor.UNKNOWN) ? "" : ", by " + actor.stored();
    }

    private static String summaryOf(MemoryItem item) {
        String text = item.text().replaceAll("\\s+", " ");
        String by =
                item.origin().speaker().isEmpty() ? "" : " by " + item.origin().speaker();
        return item.type().id() + " " + item.id() + by + ", " + item.times().occurredAt() + ": \""
                + (text.length() > SHOWN ? text.substring(0, SHOWN - 1) + "…" : text) + "\"";
    }
}
