package io.memos4j.server.mem0;

import io.memos4j.api.AddRequest;
import io.memos4j.api.AddResult;
import io.memos4j.api.Filter;
import io.memos4j.api.Input;
import io.memos4j.api.ItemId;
import io.memos4j.api.ListRequest;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Message;
import io.memos4j.api.Note;
import io.memos4j.api.Role;
import io.memos4j.server.clients.FreeTime;
import io.memos4j.server.clients.Owner;
import io.memos4j.server.clients.Progress;
import io.memos4j.server.clients.Values;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Takes in messages as mem0 does. With {@code infer}, the default, they are kept as turns, and a language model reads them if there is one; without,
 * as notes, which none reads.
 */
final class Adding {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Owner owner;
    private final boolean infer;
    private final String event = UUID.randomUUID().toString();
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Optional<Instant> time;
    private final Optional<Instant> expiry;
    private final List<Input> inputs = new ArrayList<>();

    private Adding(Body body) {
        Map<Owner.Kind, String> named = Scope.named(body::textIfGiven);
        owner = Owner.of(named)
                .orElseThrow(() ->
                        MemoryException.invalid("At least one identifier (user_id, agent_id, run_id) is required."));
        infer = body.flag("infer", true);
        time = body.node("timestamp").flatMap(FreeTime::of);
        expiry = body.textIfGiven("expiration_date").map(Adding::endOf);
        body.node("metadata")
                .filter(JsonNode::isObject)
                .ifPresent(own -> metadata.putAll(Values.of(own, Shapes.OWNED)));
        named.forEach((kind, id) -> metadata.put(kind.field(), id));
        metadata.put(Progress.KEY, event);
        body.node("messages").ifPresent(this::messages);
        body.textIfGiven("text").ifPresent(text -> turn(Role.USER, "", text));
        if (inputs.isEmpty()) {
            throw MemoryException.invalid("Field 'messages' is missing or empty. Give what was said.");
        }
    }

    static Adding of(Exchange exchange) {
        return new Adding(exchange.body());
    }

    /** The id under which a client may ask how far the work is. */
    String event() {
        return event;
    }

    /** A memory is found through the day of its expiry. */
    static Instant endOf(String date) {
        try {
            return LocalDate.parse(date.substring(0, Math.min(10, date.length())))
                    .plusDays(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
        } catch (DateTimeParseException e) {
            throw MemoryException.invalid("'expiration_date' must be a date like 2026-12-31, it is '" + date + "'.");
        }
    }

    private void messages(JsonNode node) {
        if (node.isString()) {
            turn(Role.USER, "", node.stringValue());
        } else if (node.isArray()) {
            node.values().forEach(this::message);
        } else {
            message(node);
        }
    }

    private void message(JsonNode node) {
        if (node.isString()) {
            turn(Role.USER, "", node.stringValue());
            return;
        }
        Body message = Body.of(node, "messages");
        turn(Role.parse(message.text("role", "user")), message.text("name", ""), content(message));
    }

    /** A text, or parts of which those that are no text stand for themselves. */
    private static String content(Body message) {
        Optional<JsonNode> content = message.node("content");
        if (content.filter(JsonNode::isString).isPresent()) {
            return content.get().stringValue();
        }
        return content.stream()
                .flatMap(parts -> parts.isArray() ? parts.values().stream() : Stream.of(parts))
                .map(part -> part.path("text").asString("[" + part.path("type").asString("attachment") + "]"))
                .collect(Collectors.joining("\n"));
    }

    private void turn(Role role, String name, String text) {
        if (text.isBlank()) {
            return;
        }
        String run = metadata.getOrDefault(Owner.Kind.RUN.field(), "") instanceof String id ? id : "";
        if (infer) {
            Message message = Message.of(role, text).by(name).in(run).with(metadata);
            inputs.add(time.map(message::at).orElse(message));
        } else {
            Map<String, Object> own = new LinkedHashMap<>(metadata);
            own.put(Shapes.ROLE, role.id());
            if (!name.isEmpty()) {
                own.put(Shapes.ACTOR, name);
            }
            Note note = Note.of(text).in(run).with(own);
            inputs.add(time.map(note::at).orElse(note));
        }
    }

    /** Adds, and tells what there is then. */
    List<Map<String, Object>> run(Exchange exchange, boolean wait) {
        MemCube cube = exchange.cubeToAddTo(owner.cube());
        AddRequest request = AddRequest.of(inputs);
        AddResult result = cube.add(expiry.map(request::expiring).orElse(request));
        Set<String> ids =
                result.ids().stream().map(ItemId::toString).collect(Collectors.toCollection(LinkedHashSet::new));
        Filter filter = Filter.in("id", List.copyOf(ids));
        if (wait && infer) {
            cube.awaitIdle(PATIENCE);
            filter = Filter.or(filter, Filter.in("source", List.copyOf(ids)));
        }
        List<MemoryItem> items = cube.list(ListRequest.first().where(filter).limit(ListRequest.MAX_LIMIT))
                .items();
        return items.stream().map(Shapes::added).toList();
    }
}
