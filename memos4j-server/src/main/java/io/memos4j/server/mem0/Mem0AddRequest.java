package io.memos4j.server.mem0;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Role;
import io.memos4j.server.facade.AddProgress;
import io.memos4j.server.facade.ClientMetadata;
import io.memos4j.server.facade.LenientTimeParser;
import io.memos4j.server.facade.MemoryOwner;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
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
 * A request to add messages, in mem0's form. With {@code infer}, the default, they are stored as conversation messages,
 * from which facts are extracted; without it, as notes, from which none are.
 */
final class Mem0AddRequest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final MemoryOwner owner;
    private final boolean infer;
    private final String event = UUID.randomUUID().toString();
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Optional<ZoneId> zone;
    private final Optional<OffsetDateTime> time;
    private final Optional<Instant> expiry;
    private final List<MemoryInput> inputs = new ArrayList<>();

    private Mem0AddRequest(JsonBody body) {
        Map<MemoryOwner.Kind, String> named = Mem0Scope.named(body::optionalText);
        owner = MemoryOwner.of(named)
                .orElseThrow(() ->
                        MemoryException.invalid("At least one identifier (user_id, agent_id, run_id) is required."));
        infer = body.flag("infer", true);
        zone = body.timeZone("time_zone");
        time = body.node("timestamp").flatMap(node -> LenientTimeParser.parse(node, zone.orElse(ZoneOffset.UTC)));
        expiry = body.optionalText("expiration_date").map(Mem0AddRequest::endOfDay);
        body.node("metadata")
                .filter(JsonNode::isObject)
                .ifPresent(own -> metadata.putAll(ClientMetadata.parse(own, Mem0ItemJson.OWNED)));
        named.forEach((kind, id) -> metadata.put(kind.field(), id));
        metadata.put(AddProgress.KEY, event);
        body.node("messages").ifPresent(this::messages);
        body.optionalText("text").ifPresent(text -> turn(Role.USER, "", text));
        if (inputs.isEmpty()) {
            throw MemoryException.invalid("Field 'messages' is missing or empty. Give the messages to add.");
        }
    }

    static Mem0AddRequest of(HttpExchange exchange) {
        return new Mem0AddRequest(exchange.body());
    }

    /** Returns the id under which a client can query the progress. */
    String event() {
        return event;
    }

    /** Returns the end of a date, since a memory is found until the end of the day it expires. */
    static Instant endOfDay(String date) {
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
        JsonBody message = JsonBody.of(node, "messages");
        turn(Role.parse(message.text("role", "user")), message.text("name", ""), content(message));
    }

    /** Returns the text of a message, with placeholders for parts that are not text. */
    private static String content(JsonBody message) {
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
        String run = metadata.getOrDefault(MemoryOwner.Kind.RUN.field(), "") instanceof String id ? id : "";
        if (infer) {
            Message message = Message.of(role, text).by(name).in(run).with(metadata);
            inputs.add(time.map(message::at).orElse(message));
        } else {
            Map<String, Object> own = new LinkedHashMap<>(metadata);
            own.put(Mem0ItemJson.ROLE, role.id());
            if (!name.isEmpty()) {
                own.put(Mem0ItemJson.ACTOR, name);
            }
            Note note = Note.of(text).in(run).with(own);
            inputs.add(time.map(note::at).orElse(note));
        }
    }

    /** Adds the messages and lists the resulting memories. */
    List<Map<String, Object>> execute(HttpExchange exchange, boolean wait) {
        MemCube cube = exchange.cubeForWriting(owner.cubeName(exchange));
        AddRequest plain = AddRequest.of(inputs);
        AddRequest request = zone.map(plain::inZone).orElse(plain);
        AddResult result = cube.add(expiry.map(request::expiring).orElse(request));
        Set<String> ids =
                result.ids().stream().map(ItemId::toString).collect(Collectors.toCollection(LinkedHashSet::new));
        Filter filter = Filter.in("id", List.copyOf(ids));
        if (wait && infer) {
            cube.awaitIdle(TIMEOUT);
            filter = Filter.or(filter, Filter.in("source", List.copyOf(ids)));
        }
        List<MemoryItem> items = cube.list(ListRequest.first().where(filter).limit(ListRequest.MAX_LIMIT))
                .items();
        return items.stream().map(Mem0ItemJson::added).toList();
    }
}
