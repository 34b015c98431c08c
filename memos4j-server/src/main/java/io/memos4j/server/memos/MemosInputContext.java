package io.memos4j.server.memos;

import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.server.facade.AddProgress;
import io.memos4j.server.facade.ClientMetadata;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The context that a client sends along with the messages to add. The keys of {@code info} become metadata keys next to
 * those of MemOS itself, so that filters find both.
 *
 * @param user the user who is speaking
 * @param session the conversation
 * @param metadata the metadata of everything that is added
 * @param tags the tags of everything that is added
 * @param zone the time zone of messages that name none
 */
record MemosInputContext(
        String user, String session, Map<String, Object> metadata, List<String> tags, Optional<ZoneId> zone) {
    static final String USER = "user_id";
    static final String TAGS = "tags";
    static final String MESSAGE = "message_id";
    static final String CHAT_TIME = "chat_time";
    static final String MANAGER = "manager_user_id";
    static final String PROJECT = "project_id";
    static final String RECORD = "delete_record_id";
    static final String RECORD_TIME = "delete_time";

    /** The session of requests that name none. */
    static final String DEFAULT_SESSION = "default_session";

    /** Keys reserved by the protocol, which clients' own values cannot use. */
    static final Set<String> OWNED = Set.of(
            USER,
            TAGS,
            MESSAGE,
            CHAT_TIME,
            MANAGER,
            PROJECT,
            RECORD,
            RECORD_TIME,
            AddProgress.KEY,
            MemosMemoryTypes.TOOL,
            "session_id",
            "status",
            "is_fast",
            "evolve_to",
            "version",
            "history",
            "working_binding",
            "type",
            "key",
            "confidence",
            "visibility",
            "updated_at",
            "created_at",
            "info",
            "internal_info",
            "covered_history",
            "memory_type",
            "sources",
            "embedding",
            "usage",
            "background",
            "file_ids",
            "user_name",
            "consolidated");

    /** Reads the context from a request with MemOS's field names. */
    static MemosInputContext of(MemosRequestForm form, String user, String session) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        form.object("info").ifPresent(info -> metadata.putAll(ClientMetadata.parse(info, OWNED)));
        form.optionalText("source").ifPresent(source -> metadata.put("source", source));
        for (String field : List.of(AddProgress.KEY, MANAGER, PROJECT)) {
            form.optionalText(field).ifPresent(value -> metadata.put(field, value));
        }
        return of(metadata, user, session, form.texts("custom_tags").orElse(List.of()))
                .in(form.timeZone());
    }

    /** The same context in a time zone, or in an unknown one. */
    MemosInputContext in(Optional<ZoneId> newZone) {
        return new MemosInputContext(user, session, metadata, tags, newZone);
    }

    /** Puts a message into the session and the time zone. */
    Message place(Message message) {
        Message placed = message.in(session);
        return zone.map(placed::inZone).orElse(placed);
    }

    /** @param values the metadata of everything that is added, without reserved keys */
    static MemosInputContext of(Map<String, Object> values, String user, String session, List<String> tags) {
        Map<String, Object> metadata = new LinkedHashMap<>(values);
        metadata.put(USER, user);
        if (!tags.isEmpty()) {
            metadata.put(TAGS, tags);
        }
        return new MemosInputContext(user, session, metadata, tags, Optional.empty());
    }

    /** Returns the metadata with an additional value. */
    Map<String, Object> metadataWith(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(metadata);
        more.put(key, value);
        return more;
    }

    Note note(String text) {
        Note note =
                Note.of(text).in(session).tagged(tags.toArray(String[]::new)).with(metadata);
        return zone.map(note::inZone).orElse(note);
    }
}
