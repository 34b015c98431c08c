package io.memos4j.server.memos;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.facade.MemoryOwner;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.ProblemDetail;
import io.memos4j.server.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The requests and responses of the MemOS cloud (OpenMem). */
final class OpenMemProtocol {
    static final String AGENT = "agent_id";
    static final String APP = "app_id";
    static final String CONVERSATION = "conversation_id";

    private static final int RATE_LIMITED = 429;
    private static final int RATE_LIMITED_CODE = 40_309;
    private static final int INVALID = 400;
    private static final int HUNDRED = 100;

    private OpenMemProtocol() {}

    /** Wraps a handler so that the body is parsed and violations are reported as the cloud does. */
    static Route.Handler call(ProductProtocol.Call call) {
        return exchange -> {
            try {
                call.answer(exchange, MemosRequestForm.body(exchange));
            } catch (FormValidationException e) {
                refuse(exchange, INVALID, e.getMessage());
            }
        };
    }

    static void ok(HttpExchange exchange, Object data) {
        exchange.ok(ProductProtocol.envelope(0, "ok", data));
    }

    static void refuse(HttpExchange exchange, ProblemDetail problem) {
        refuse(exchange, problem.status(), problem.detail());
    }

    static void refuse(HttpExchange exchange, int status, @Nullable String why) {
        int code = status == RATE_LIMITED ? RATE_LIMITED_CODE : status * HUNDRED;
        exchange.respond(status, ProductProtocol.envelope(code, why == null ? "" : why, null));
    }

    /** Returns the owners that a request is about: one or several users, or an agent. */
    static List<MemoryOwner> owners(MemosRequestForm form) {
        List<String> users = form.node(MemosInputContext.USER)
                        .filter(JsonNode::isArray)
                        .isPresent()
                ? form.texts(MemosInputContext.USER).orElse(List.of())
                : form.optionalText(MemosInputContext.USER).map(List::of).orElse(List.of());
        List<MemoryOwner> owners = new ArrayList<>();
        users.forEach(user -> owners.add(new MemoryOwner(MemoryOwner.Kind.USER, user)));
        if (owners.isEmpty()) {
            form.optionalText(AGENT).ifPresent(agent -> owners.add(new MemoryOwner(MemoryOwner.Kind.AGENT, agent)));
        }
        return owners;
    }

    static MemoryOwner owner(MemosRequestForm form) {
        List<MemoryOwner> owners = owners(form);
        if (owners.isEmpty()) {
            form.addMissing(MemosInputContext.USER);
        }
        form.throwIfInvalid();
        if (owners.size() != 1) {
            throw MemoryException.invalid("Name one user_id, or one agent_id.");
        }
        return owners.getFirst();
    }

    /** Returns the filter of a request within the cube. */
    static Filter filter(MemosRequestForm form, MemoryOwner owner) {
        List<Filter> parts = new ArrayList<>();
        form.object("filter").map(MemosFilterParser::parse).ifPresent(parts::add);
        if (owner.kind() == MemoryOwner.Kind.USER) {
            form.optionalText(AGENT).map(agent -> Filter.metadata(AGENT, agent)).ifPresent(parts::add);
        }
        form.optionalText(APP).map(app -> Filter.metadata(APP, app)).ifPresent(parts::add);
        return parts.isEmpty() ? Filter.ALL : new Filter.And(parts);
    }

    static MemoryLookup.LocatedItem requireMemory(HttpExchange exchange, String id, Permission needed) {
        return MemoryLookup.findItem(exchange, id, needed)
                .orElseThrow(() -> new MemoryException(ErrorCode.ITEM_NOT_FOUND, "There is no memory " + id + "."));
    }

    /** Renders a memory as an entry of one of the lists. */
    static Map<String, Object> detail(MemoryItem item, Optional<Double> relativity) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id().toString());
        switch (MemosMemoryTypes.Bucket.of(item)) {
            case PREF -> {
                json.put("preference", item.text());
                json.put("preference_type", MemosNodeJson.preferenceType(item));
                json.put("reasoning", "");
            }
            case TEXT, TOOL, SKILL -> {
                json.put("memory_key", item.title());
                json.put("memory_value", item.text());
                json.put("memory_type", MemosMemoryTypes.of(item));
                json.put("confidence", item.metadata().getOrDefault("confidence", 0.99));
                json.put(MemosInputContext.TAGS, MemosNodeJson.tags(item));
            }
        }
        json.put("create_time", item.times().recordedAt().toEpochMilli());
        json.put("update_time", item.times().updatedAt().toEpochMilli());
        json.put(CONVERSATION, item.origin().session());
        json.put("status", item.state().isRecalled() ? "activated" : "archived");
        relativity.ifPresent(value -> json.put("relativity", value));
        return json;
    }

    /** Returns the name of the list for a kind of memory. */
    static String list(MemosMemoryTypes.Bucket bucket) {
        return switch (bucket) {
            case TEXT -> "memory_detail_list";
            case PREF -> "preference_detail_list";
            case TOOL -> "tool_memory_detail_list";
            case SKILL -> "skill_detail_list";
        };
    }
}
