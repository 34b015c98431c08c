package io.memos4j.server.v1;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.CubeSettings;
import io.memos4j.api.ItemId;
import io.memos4j.api.Warning;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.history.ItemExplanation;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.RollbackResult;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.history.UndoResult;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.kvcache.KvCacheEntry;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchResult;
import io.memos4j.api.tasks.SchedulerStatus;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.api.transfer.TransferConflict;
import io.memos4j.server.http.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Renders the types of the API as JSON, for the native API and the command line.
 *
 * @param shown returns the caller's name of a cube
 */
public record ApiJson(Function<CubeId, String> shown) {
    /** Renders for the caller of a request. */
    static ApiJson of(HttpExchange exchange) {
        return new ApiJson(exchange::cubeName);
    }

    public Map<String, Object> item(MemoryItem item) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id().toString());
        json.put("cube", shown.apply(item.cube()));
        json.put("version", item.version());
        json.put("type", item.type().id());
        json.put("state", item.state().id());
        json.put("text", item.text());
        json.put("title", item.title());
        json.put("session", item.origin().session());
        json.put("role", item.origin().role().id());
        json.put("speaker", item.origin().speaker());
        json.put("time", item.times().occurredAt().toString());
        item.times().zone().ifPresent(zone -> json.put("time_zone", zone.getId()));
        json.put("recorded", item.times().recordedAt().toString());
        json.put("updated", item.times().updatedAt().toString());
        item.times().validFrom().ifPresent(from -> json.put("valid_from", from.toString()));
        item.times().validTo().ifPresent(to -> json.put("valid_to", to.toString()));
        item.times().expiresAt().ifPresent(at -> json.put("expires", at.toString()));
        json.put("tags", item.tags().stream().sorted().toList());
        json.put("metadata", item.metadata());
        json.put("sensitivity", item.sensitivity().id());
        if (!item.standing().isEmpty()) {
            json.put(
                    "standing",
                    item.standing().stream().map(ItemType::id).sorted().toList());
        }
        json.put("provenance", item.provenance().id());
        json.put("trust", item.trust().id());
        if (!item.authorship().isOwner()) {
            json.put("principal", item.authorship().principal());
        }
        if (item.authorship().isSuspected()) {
            json.put("suspicion", item.authorship().suspicion());
        }
        json.put(
                "sources", item.origin().sources().stream().map(ApiJson::source).toList());
        return json;
    }

    public static Map<String, Object> source(SourceReference source) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", source.kind().name().toLowerCase(Locale.ROOT));
        json.put("id", source.id());
        json.put("start", source.start());
        json.put("end", source.end());
        return json;
    }

    public static List<String> ids(List<ItemId> ids) {
        return ids.stream().map(ItemId::toString).toList();
    }

    public Map<String, Object> version(ItemVersion version) {
        Map<String, Object> json = item(version.item());
        json.put("cause", version.cause());
        json.put("actor", version.actor().stored());
        json.put("rule", version.reason().rule());
        version.reason().confidence().ifPresent(confidence -> json.put("confidence", confidence));
        version.reason().evidence().ifPresent(evidence -> json.put("evidence", evidence.toString()));
        version.supersededAt().ifPresent(at -> json.put("superseded", at.toString()));
        return json;
    }

    public static Map<String, Object> added(AddResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("items", result.items().stream().map(ApiJson::added).toList());
        json.put(
                "forgotten", result.forgotten().stream().map(ApiJson::forgotten).toList());
        json.put("warnings", result.warnings().stream().map(ApiJson::warning).toList());
        json.put("replayed", result.replayed());
        return json;
    }

    private static Map<String, Object> added(AddResult.Added added) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("input", added.input());
        json.put("id", added.id().toString());
        json.put("outcome", added.outcome().name().toLowerCase(Locale.ROOT));
        return json;
    }

    private static Map<String, Object> forgotten(AddResult.Forgotten forgotten) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("input", forgotten.input());
        json.put("id", forgotten.id().toString());
        json.put("erased", forgotten.erasedAt().toString());
        return json;
    }

    public static Map<String, Object> warning(Warning warning) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", warning.code());
        json.put("message", warning.message());
        return json;
    }

    public Map<String, Object> result(SearchResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hits", result.hits().stream().map(this::hit).toList());
        json.put("context", result.context());
        json.put("context_tokens", result.contextTokens());
        json.put("warnings", result.warnings().stream().map(ApiJson::warning).toList());
        json.put("stages", result.stages().stream().map(ApiJson::stage).toList());
        return json;
    }

    private static Map<String, Object> stage(SearchResult.Stage stage) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", stage.name());
        json.put("ms", stage.took().toNanos() / 1e6);
        json.put("note", stage.note());
        return json;
    }

    public Map<String, Object> hit(SearchHit hit) {
        Map<String, Object> json = item(hit.item());
        json.put("score", hit.score());
        json.put("excerpt", hit.excerpt());
        json.put("citation", hit.citation());
        json.put("tokens", hit.tokens());
        json.put("duplicates", ids(hit.duplicates()));
        json.put("episode", ids(hit.episode()));
        hit.successor().ifPresent(newer -> json.put("successor", newer.toString()));
        json.put("why", hit.why());
        return json;
    }

    public Map<String, Object> cube(CubeDescription cube) {
        Map<String, Object> types = new LinkedHashMap<>();
        cube.items().forEach((type, count) -> types.put(type.id(), count));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube", shown.apply(cube.id()));
        json.put("created", cube.createdAt().toString());
        json.put("items", cube.itemCount());
        json.put("types", types);
        json.put("sessions", cube.sessions());
        json.put("changes", cube.changes());
        json.put("embedder", cube.embedder());
        json.put("pending_vectors", cube.pendingVectors());
        return json;
    }

    public Map<String, Object> task(Task task) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", task.id().toString());
        json.put("cube", shown.apply(task.cube()));
        json.put("kind", task.kind().id());
        json.put("subject", task.subject());
        json.put("state", task.state().id());
        json.put("priority", task.priority());
        json.put("due", task.due().toString());
        task.deadline().ifPresent(deadline -> json.put("deadline", deadline.toString()));
        json.put("attempts", task.attempts());
        json.put("done", task.done());
        json.put("total", task.total());
        json.put("note", task.note());
        json.put("cause", task.cause());
        json.put("created", task.createdAt().toString());
        json.put("changed", task.changedAt().toString());
        return json;
    }

    public Map<String, Object> explanation(ItemExplanation explanation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("item", item(explanation.item()));
        json.put("text", explanation.text());
        json.put("sources", explanation.sources().stream().map(this::source).toList());
        explanation
                .reading()
                .ifPresent(how -> json.put("reading", Map.of("model", how.model(), "prompt", how.prompt())));
        json.put("history", explanation.history().stream().map(this::version).toList());
        json.put(
                "successions",
                explanation.successions().stream().map(ApiJson::succession).toList());
        json.put("tasks", explanation.tasks().stream().map(this::task).toList());
        json.put("carried", explanation.carried().stream().map(ApiJson::carried).toList());
        return json;
    }

    private static Map<String, Object> carried(ItemExplanation.Carried step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("place", step.place());
        json.put("state", step.state());
        json.put("why", step.why());
        json.put("actor", step.actor().stored());
        json.put("at", step.at().toString());
        return json;
    }

    private Map<String, Object> source(ItemExplanation.Source source) {
        Map<String, Object> json = source(source.ref());
        source.item().ifPresent(item -> json.put("item", item(item)));
        json.put("sources", source.sources().stream().map(this::source).toList());
        return json;
    }

    public static Map<String, Object> succession(SupersessionRecord succession) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("former", succession.former().toString());
        json.put("successor", succession.successor().toString());
        json.put("reason", succession.reason());
        json.put("since", succession.since().toString());
        return json;
    }

    public Map<String, Object> related(RelatedItem related) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", related.kind().name().toLowerCase(Locale.ROOT));
        json.put("weight", related.weight());
        json.put("item", item(related.item()));
        return json;
    }

    public static Map<String, Object> status(SchedulerStatus status) {
        Map<String, Object> counts = new LinkedHashMap<>();
        for (TaskState state : TaskState.values()) {
            counts.put(state.id(), status.count(state));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("paused", status.paused());
        json.put("tasks", counts);
        json.put("oldest_ready_ms", status.oldestReady().toMillis());
        json.put("calls_today", status.callsToday());
        json.put("tokens_today", status.tokensToday());
        return json;
    }

    public static Map<String, Object> settings(CubeSettings settings) {
        Map<String, Object> json = new LinkedHashMap<>();
        settings.zone().ifPresent(zone -> json.put("time_zone", zone.getId()));
        json.put("privacy", PrivacyJson.of(settings.privacy()));
        return json;
    }

    public static Map<String, Object> policy(RetentionPolicy policy) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("half_life", policy.halfLife().toString());
        json.put("archive_below", policy.archiveBelow());
        if (policy.capacity() != RetentionPolicy.UNLIMITED) {
            json.put("capacity", policy.capacity());
        }
        policy.timeToLive().ifPresent(time -> json.put("time_to_live", time.toString()));
        json.put("forget_after", policy.forgetAfter().toString());
        return json;
    }

    public Map<String, Object> change(ItemChange change) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", change.id().toString());
        change.before().ifPresent(item -> json.put("before", item(item)));
        change.after().ifPresent(item -> json.put("after", item(item)));
        return json;
    }

    public Map<String, Object> undone(UndoResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("change", result.change().toString());
        json.put("restored", result.restored().stream().map(this::item).toList());
        json.put("repeated", result.repeated());
        return json;
    }

    public static Map<String, Object> rollback(RollbackResult rollback) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("to", rollback.to().toString());
        json.put("before", rollback.before().toString());
        json.put("restored", ids(rollback.restored()));
        json.put("archived", ids(rollback.archived()));
        json.put("frozen", ids(rollback.frozen()));
        return json;
    }

    public Map<String, Object> conflict(TransferConflict conflict) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("incoming", item(conflict.incoming()));
        json.put("present", item(conflict.present()));
        json.put("incoming_holds", conflict.incomingHolds());
        return json;
    }

    /** Renders a chat reply without its text. */
    public Map<String, Object> reply(ChatReply reply) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("complete", reply.complete());
        json.put("adapters", reply.adapters().stream().map(this::routed).toList());
        json.put("memories", reply.memories().stream().map(this::hit).toList());
        json.put("usage", usage(reply.usage()));
        json.put("warnings", reply.warnings().stream().map(ApiJson::warning).toList());
        return json;
    }

    /** Renders an adapter that contributed to a reply. */
    public Map<String, Object> routed(ChatReply.AdapterUse routed) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube", shown.apply(routed.cube()));
        json.put("adapter", routed.adapter().toString());
        json.put("scale", routed.scale());
        json.put("why", routed.why());
        return json;
    }

    /** Renders the token usage of a reply. */
    public static Map<String, Object> usage(ChatReply.Usage usage) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt_tokens", usage.promptTokens());
        json.put("cached_tokens", usage.cachedTokens());
        json.put("output_tokens", usage.outputTokens());
        json.put("time_to_first_token_ms", usage.timeToFirstToken().toNanos() / 1e6);
        json.put("cache", usage.cache());
        return json;
    }

    /** Renders a memory at the start of every prompt. */
    public Map<String, Object> promotion(ActivationMemory.Promotion promotion) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("item", item(promotion.item()));
        json.put("why", promotion.why());
        json.put("since", promotion.since().toString());
        return json;
    }

    /** Renders the KV cache of a prompt prefix. */
    public Map<String, Object> activation(KvCacheEntry activation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", activation.id());
        json.put(
                "tiers",
                activation.tiers().stream()
                        .map(tier -> tier.name().toLowerCase(Locale.ROOT))
                        .toList());
        json.put("model", activation.model());
        json.put("caches", activation.caches());
        json.put("runtime", activation.runtime());
        json.put("tokens", activation.tokens());
        json.put("bytes", activation.bytes());
        json.put("prefill_ms", activation.prefill().toMillis());
        json.put("used", activation.usedAt().toString());
        json.put("uses", activation.uses());
        json.put(
                "sources",
                activation.sources().stream()
                        .map(source -> Map.of(
                                "cube", shown.apply(source.cube()),
                                "item", source.item().toString(),
                                "version", source.version()))
                        .toList());
        return json;
    }
}
