package io.memos4j.cli.adapters;

import io.memos4j.api.Actor;
import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.api.adapters.TrainingRecord.LossPoint;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.cli.output.Sparkline;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints adapters as text for people. */
final class AdapterPrinter {
    private static final int CURVE = 40;
    private static final int HASH = 12;
    private static final String HANGING = " ".repeat(12);

    private final TextOutput screen;

    AdapterPrinter(PrintWriter out) {
        this.screen = new TextOutput(out);
    }

    /** Prints one entry of a list. */
    void printSummary(Adapter adapter) {
        heading(adapter);
        screen.wrapped(why(adapter), "    ");
    }

    /** Returns the reasons of a rejection, or of the current state. */
    private static String why(Adapter adapter) {
        return adapter.evaluation()
                .filter(each -> adapter.state() == AdapterState.CANDIDATE && !each.passed())
                .map(each -> "Rejected. " + String.join(" ", each.reasons()))
                .orElse(adapter.why());
    }

    /** Prints an adapter that was just evaluated, with its scores. */
    void printEvaluated(Adapter adapter) {
        heading(adapter);
        adapter.evaluation().ifPresent(evaluation -> {
            field("  evaluation", figures(evaluation));
            evaluation.reasons().forEach(reason -> field("  rejected", reason));
        });
    }

    private void heading(Adapter adapter) {
        screen.format(
                "%s  %-9s  %3d memories  rank %d  %s%s  %s",
                TextOutput.bold(adapter.id().toString()),
                adapter.state().id(),
                adapter.taught().size(),
                adapter.lora().rank(),
                bytes(adapter),
                adapter.evaluation()
                        .map(each -> "  recall " + each.recalled() + " of " + each.questions())
                        .orElse("  not evaluated"),
                TimeFormat.format(adapter.changedAt()));
    }

    /** Prints all details of an adapter. */
    void printDetails(Adapter adapter, List<MemoryItem> taught, List<AdapterChange> history) {
        field("adapter", TextOutput.bold(adapter.id().toString()));
        field(
                "state",
                adapter.state().id() + " since " + TimeFormat.format(adapter.changedAt()) + ". " + adapter.why());
        field("created", TimeFormat.format(adapter.createdAt()));
        field(
                "base",
                adapter.base().architecture() + ", trained on "
                        + brief(adapter.base().trainedHash()) + ", runs on "
                        + brief(adapter.base().servedHash()));
        field(
                "size",
                String.format(
                        Locale.ROOT,
                        "rank %d, alpha %.0f, on %s",
                        adapter.lora().rank(),
                        adapter.lora().alpha(),
                        adapter.lora().targets().stream()
                                .sorted()
                                .map(LoraTarget::module)
                                .collect(Collectors.joining(", "))));
        field(
                "artifact",
                adapter.artifact()
                        .map(each -> bytes(adapter) + ", " + brief(each.hash()))
                        .orElse("erased, because it cannot be used again"));
        training(adapter.training());
        evaluation(adapter);
        taught(adapter, taught);
        screen.line("history");
        history.forEach(this::printChange);
    }

    private void training(TrainingRecord training) {
        field(
                "training",
                String.format(
                        Locale.ROOT,
                        "%s, seed %d, %,d steps over %,d tokens in %s (%,.0f tokens/s), data %s",
                        training.trainer(),
                        training.seed(),
                        training.steps(),
                        training.tokens(),
                        DurationFormat.formatMeasured(training.duration()),
                        training.tokensPerSecond(),
                        brief(training.dataHash())));
        double[] losses = training.curve().stream().mapToDouble(LossPoint::loss).toArray();
        if (losses.length > 0) {
            field(
                    "loss",
                    String.format(
                            Locale.ROOT, "%.3g %s %.3g", losses[0], Sparkline.of(losses, CURVE), training.finalLoss()));
        }
    }

    private void evaluation(Adapter adapter) {
        adapter.evaluation()
                .ifPresentOrElse(
                        each -> {
                            field(
                                    "evaluation",
                                    TimeFormat.format(each.at()) + ", " + (each.passed() ? "passed" : "rejected") + ": "
                                            + figures(each));
                            each.reasons().forEach(reason -> field("rejected", reason));
                        },
                        () -> field("evaluation", "not yet. To evaluate: memos4j adapters evaluate " + adapter.id()));
    }

    private void taught(Adapter adapter, List<MemoryItem> taught) {
        Map<ItemId, MemoryItem> items = taught.stream().collect(Collectors.toMap(MemoryItem::id, Function.identity()));
        screen.line("taught");
        for (Adapter.Source source : adapter.taught()) {
            MemoryItem item = items.get(source.item());
            String text = item == null ? "(erased)" : item.text();
            screen.wrapped(text, "  ", "  ");
            screen.line(TextOutput.dim("    " + source.item() + " version " + source.version()));
        }
    }

    /** Prints one change of the history. */
    void printChange(AdapterChange change) {
        screen.wrapped(
                String.format(
                        Locale.ROOT,
                        "%s  %s  %-9s  %s%s",
                        TimeFormat.format(change.at()),
                        change.adapter(),
                        change.state().id(),
                        change.why(),
                        change.actor().equals(Actor.UNKNOWN)
                                ? ""
                                : " (" + change.actor().stored() + ")"),
                "  ",
                HANGING);
    }

    private void field(String name, String value) {
        screen.wrapped(value, String.format("%-12s", name), HANGING);
    }

    private static String figures(AdapterEvaluation each) {
        return String.format(
                Locale.ROOT,
                "recalls %d of %d answers (base model: %d); log-likelihood of the right ones %.2f (%.2f) nats per"
                        + " token; unrelated answers diverge by %.3f nats on average, %.3f at most; %d canaries,"
                        + " %d leaks",
                each.recalled(),
                each.questions(),
                each.recalledByBase(),
                each.likelihood(),
                each.likelihoodOfBase(),
                each.divergence(),
                each.worstDivergence(),
                each.canaries(),
                each.leaks());
    }

    private static String bytes(Adapter adapter) {
        return adapter.artifact()
                .map(each -> String.format(Locale.ROOT, "%.2f MB", each.bytes() / 1e6))
                .orElse("erased");
    }

    private static String brief(String hash) {
        return hash.length() <= HASH ? hash : hash.substring(0, HASH) + "…";
    }
}
