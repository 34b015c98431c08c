package io.memos4j.server.memos;

import io.memos4j.api.Filter;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Permission;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.clients.Owner;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Problem;
import io.memos4j.server.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How routes of the MemOS cloud read calls and write answers. */
final class OpenMem {
    static final String AGENT = "agent_id";
    static final String APP = "app_id";
    static final String CONVERSATION = "conversation_id";

    private static final int RATE_LIMITED = 429;
    private static final int RATE_LIMITED_CODE = 40_309;
    private static final int INVALID = 400;
    private static final int HUNDRED = 100;

    private OpenMem() {}

    /** Lets a handler read the body of a call, and tells its mistakes as the cloud does. */
    static Route.Handler call(Product.Call call) {
        return exchange -> {
            try {
                call.answer(exchange, Form.body(exchange));
            } catch (InvalidForm e) {
                refuse(exchange, INVALID, e.getMessage());
            }
        };
    }

    static void ok(Exchange exchange, Object data) {
        exchange.ok(Product.envelope(0, "ok", data));
    }

    static void refuse(Exchange exchange, Problem problem) {
        refuse(exchange, problem.status(), problem.detail());
    }

    static void refuse(Exchange exchange, int status, @Nullable String why) {
        int code = status == RATE_LIMITED ? RATE_LIMITED_CODE : status * HUNDRED;
        exchange.answer(status, Product.envelope(code, why == null ? "" : why, null));
    }

    /** Whose memories a call is about: one or several users, or an agent. */
    static List<Owner> owners(Form form) {
        List<String> users = form.node(Telling.USER).filter(JsonNode::isArray).isPresent()
                ? form.texts(Telling.USER).orElse(List.of())
                : form.find(Telling.USER).map(List::of).orElse(List.of());
        List<Owner> owners = new ArrayList<>();
        users.forEach(user -> owners.add(new Owner(Owner.Kind.USER, user)));
        if (owners.isEmpty()) {
            form.find(AGENT).ifPresent(agent -> owners.add(new Owner(Owner.Kind.AGENT, agent)));
        }
        return owners;
    }

    static Owner owner(Form form) {
        List<Owner> owners = owners(form);
        if (owners.isEmpty()) {
            form.miss(Telling.USER);
        }
        form.check();
        if (owners.size() != 1) {
            throw MemoryException.invalid("Name one user_id, or one agent_id.");
        }
        return owners.getFirst();
    }

    /** What a call restricts itself to, beyond the cube. */
    static Filter filter(Form form, Owner owner) {
        List<Filter> parts = new ArrayList<>();
        form.object("filter").map(Filters::of).ifPresent(parts::add);
        if (owner.kind() == Owner.Kind.USER) {
            form.find(AGENT).map(agent -> Filter.metadata(AGENT, agent)).ifPresent(parts::add);
        }
        form.find(APP).map(app -> Filter.metadata(APP, app)).ifPresent(parts::add);
        return parts.isEmpty() ? Filter.ALL : new Filter.And(parts);
    }

    static Holdings.Held held(Exchange exchange, String id, Permission needed) {
        return Holdings.find(exchange, id, needed)
                .orElseThrow(() ->
                        new MemoryException(io.memos4j.api.ErrorCode.ITEM_NOT_FOUND, "There is no memory " + id + "."));
    }

    /** A memory as an entry of one of the lists. */
    static Map<String, Object> detail(MemoryItem item, Optional<Double> relativity) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id().toString());
        switch (Kinds.Bucket.of(item)) {
            case PREF -> {
                json.put("preference", item.text());
                json.put("preference_type", Nodes.preferenceType(item));
                json.put("reasoning", "");
            }
            case TEXT, TOOL, SKILL -> {
                json.put("memory_key", item.title());
                json.put("memory_value", item.text());
                json.put("memory_type", Kinds.of(item));
                json.put("confidence", item.metadata().getOrDefault("confidence", 0.99));
                json.put(Telling.TAGS, Nodes.tags(item));
            }
        }
        json.put("create_time", item.times().recordedAt().toEpochMilli());
        json.put("update_time", item.times().updatedAt().toEpochMilli());
        json.put(CONVERSATION, item.origin().session());
        json.put("status", item.state().recalled() ? "activated" : "archived");
        relativity.ifPresent(value -> json.put("relativity", value));
        return json;
    }

    /** The name of the list that holds a kind of memory. */
    static String list(Kinds.Bucket bucket) {
        return switch (bucket) {
            case TEXT -> "memory_detail_list";
            case PREF -> "preference_detail_list";
            case TOOL -> "tool_memory_detail_list";
            case SKILL -> "skill_detail_list";
        };
    }
}
