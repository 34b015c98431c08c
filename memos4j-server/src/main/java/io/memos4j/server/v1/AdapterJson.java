package io.memos4j.server.v1;

import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.api.adapters.ParametricMemory.Curriculum;
import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.adapters.ParametricMemory.Left;
import io.memos4j.api.adapters.TrainingRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Renders adapters and their training data as JSON, for the native API and the command line. */
public final class AdapterJson {
    private AdapterJson() {}

    public static Map<String, Object> adapter(Adapter adapter) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", adapter.id().toString());
        json.put("state", adapter.state().id());
        json.put("why", adapter.why());
        Map<String, Object> base = new LinkedHashMap<>();
        base.put("architecture", adapter.base().architecture());
        base.put("trained_hash", adapter.base().trainedHash());
        base.put("served_hash", adapter.base().servedHash());
        json.put("base", base);
        Map<String, Object> lora = new LinkedHashMap<>();
        lora.put("rank", adapter.lora().rank());
        lora.put("alpha", adapter.lora().alpha());
        lora.put(
                "targets",
                adapter.lora().targets().stream()
                        .sorted()
                        .map(LoraTarget::module)
                        .toList());
        json.put("lora", lora);
        json.put("taught", adapter.taught().stream().map(AdapterJson::source).toList());
        json.put("training", training(adapter.training()));
        adapter.evaluation().ifPresent(evaluation -> json.put("evaluation", evaluation(evaluation)));
        adapter.artifact().ifPresent(artifact -> {
            Map<String, Object> bytes = new LinkedHashMap<>();
            bytes.put("hash", artifact.hash());
            bytes.put("bytes", artifact.bytes());
            json.put("artifact", bytes);
        });
        json.put("created", adapter.createdAt().toString());
        json.put("changed", adapter.changedAt().toString());
        return json;
    }

    private static Map<String, Object> source(Adapter.Source source) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("item", source.item().toString());
        json.put("version", source.version());
        return json;
    }

    private static Map<String, Object> training(TrainingRecord training) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("trainer", training.trainer());
        json.put("base_hash", training.baseHash());
        json.put("data_hash", training.dataHash());
        json.put("seed", training.seed());
        json.put("steps", training.steps());
        json.put("final_loss", training.finalLoss());
        json.put(
                "curve",
                training.curve().stream()
                        .map(point -> {
                            Map<String, Object> values = new LinkedHashMap<>();
                            values.put("step", point.step());
                            values.put("loss", point.loss());
                            return values;
                        })
                        .toList());
        json.put("tokens", training.tokens());
        json.put("duration_ms", training.duration().toMillis());
        return json;
    }

    private static Map<String, Object> evaluation(AdapterEvaluation evaluation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("passed", evaluation.passed());
        json.put("questions", evaluation.questions());
        json.put("recalled", evaluation.recalled());
        json.put("recalled_by_base", evaluation.recalledByBase());
        json.put("likelihood", evaluation.likelihood());
        json.put("likelihood_of_base", evaluation.likelihoodOfBase());
        json.put("divergence", evaluation.divergence());
        json.put("worst_divergence", evaluation.worstDivergence());
        json.put("canaries", evaluation.canaries());
        json.put("leaks", evaluation.leaks());
        json.put("bytes", evaluation.bytes());
        json.put("reasons", evaluation.reasons());
        json.put("at", evaluation.at().toString());
        return json;
    }

    public static Map<String, Object> change(AdapterChange change) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("adapter", change.adapter().toString());
        json.put("state", change.state().id());
        json.put("why", change.why());
        json.put("actor", change.actor().stored());
        json.put("at", change.at().toString());
        return json;
    }

    public static Map<String, Object> policy(LearningPolicy policy) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("consent", policy.consent());
        json.put("automatic", policy.automatic());
        json.put("heat", policy.heat());
        json.put("stable", policy.stable().toString());
        return json;
    }

    public static Map<String, Object> curriculum(Curriculum curriculum) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(
                "examples",
                curriculum.examples().stream().map(AdapterJson::example).toList());
        json.put(
                "left",
                curriculum.left().stream().map(AdapterJson::omittedMemory).toList());
        return json;
    }

    /** Renders an example; the item is empty for examples that teach the model not to answer. */
    public static Map<String, Object> example(Example example) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("item", example.item().map(Object::toString).orElse(""));
        json.put("kind", example.kind().name().toLowerCase(Locale.ROOT));
        json.put("prompt", example.prompt());
        json.put("completion", example.answer());
        return json;
    }

    private static Map<String, Object> omittedMemory(Left left) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("item", left.item().toString());
        json.put("why", left.why());
        return json;
    }

    public static List<String> ids(List<AdapterId> ids) {
        return ids.stream().map(AdapterId::toString).toList();
    }
}
