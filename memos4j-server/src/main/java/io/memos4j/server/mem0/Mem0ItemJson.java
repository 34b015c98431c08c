package io.memos4j.server.mem0;

import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.server.facade.AddProgress;
import io.memos4j.server.facade.ClientMetadata;
import io.memos4j.server.facade.MemoryOwner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Renders memories in mem0's JSON form. */
final class Mem0ItemJson {
    static final String ROLE = "role";
    static final String ACTOR = "actor_id";
    static final String CATEGORIES = "categories";

    /** Metadata keys reserved by the protocol. */
    static final Set<String> OWNED =
            Set.of("user_id", "agent_id", "app_id", "run_id", ROLE, ACTOR, CATEGORIES, AddProgress.KEY, "consolidated");

    private Mem0ItemJson() {}

    /** @param cube the caller's name of the cube */
    static Map<String, Object> item(MemoryItem item, String cube) {
        Map<String, Object> own = item.metadata();
        MemoryOwner owner = MemoryOwner.ofCube(cube);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id().toString());
        json.put("memory", item.text());
        for (MemoryOwner.Kind kind : MemoryOwner.Kind.values()) {
            json.put(kind.field(), kind == owner.kind() ? owner.id() : own.get(kind.field()));
        }
        json.put("session_id", json.get(MemoryOwner.Kind.RUN.field()));
        json.put("hash", hash(item.text()));
        json.put("created_at", item.times().occurredAt().toString());
        json.put("updated_at", item.times().updatedAt().toString());
        json.put("score", null);
        json.put(ACTOR, actor(item).isEmpty() ? null : actor(item));
        json.put(ROLE, role(item).isEmpty() ? null : role(item));
        json.put(
                "expiration_date",
                item.times()
                        .expiresAt()
                        .map(at -> at.atZone(ZoneOffset.UTC).toLocalDate().minusDays(1))
                        .map(LocalDate::toString)
                        .orElse(null));
        json.put(CATEGORIES, ClientMetadata.texts(own, CATEGORIES));
        Map<String, Object> metadata = new LinkedHashMap<>(own);
        metadata.keySet().removeAll(OWNED);
        json.put("metadata", metadata);
        return json;
    }

    static String role(MemoryItem item) {
        Role role = item.origin().role();
        return role == Role.NONE ? ClientMetadata.text(item.metadata(), ROLE) : role.id();
    }

    static String actor(MemoryItem item) {
        String speaker = item.origin().speaker();
        return speaker.isEmpty() ? ClientMetadata.text(item.metadata(), ACTOR) : speaker;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5.", e);
        }
    }

    /** Renders an added memory. */
    static Map<String, Object> added(MemoryItem item) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id().toString());
        json.put("memory", item.text());
        json.put("event", "ADD");
        json.put("data", Map.of("memory", item.text()));
        if (!role(item).isEmpty()) {
            json.put(ROLE, role(item));
        }
        if (!actor(item).isEmpty()) {
            json.put(ACTOR, actor(item));
        }
        return json;
    }

    /** Renders every version of a memory with the previous text, oldest first. */
    static List<Map<String, Object>> history(List<ItemVersion> versions, String cube) {
        List<Map<String, Object>> history = new ArrayList<>();
        String before = "";
        for (ItemVersion version : versions) {
            MemoryItem item = version.item();
            String entry = item.id() + "/" + item.version();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put(
                    "id",
                    UUID.nameUUIDFromBytes(entry.getBytes(StandardCharsets.UTF_8))
                            .toString());
            json.put("memory_id", item.id().toString());
            json.put("old_memory", history.isEmpty() ? null : before);
            json.put("new_memory", item.text());
            json.put("event", history.isEmpty() ? "ADD" : "UPDATE");
            json.put("created_at", item.times().recordedAt().toString());
            json.put("updated_at", version.recordedAt().toString());
            json.put("is_deleted", false);
            json.put(ACTOR, actor(item).isEmpty() ? null : actor(item));
            json.put(ROLE, role(item).isEmpty() ? null : role(item));
            json.put("user_id", item(item, cube).get("user_id"));
            json.put("input", List.of());
            json.put(CATEGORIES, ClientMetadata.texts(item.metadata(), CATEGORIES));
            json.put("metadata", item(item, cube).get("metadata"));
            history.add(json);
            before = item.text();
        }
        return history;
    }
}
