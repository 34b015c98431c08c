package io.memos4j.core.consolidation;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemType;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Origin;
import io.memos4j.api.Role;
import io.memos4j.api.SourceRef;
import io.memos4j.api.Times;
import io.memos4j.core.lifecycle.Consolidated;
import io.memos4j.core.reader.Fingerprint;
import io.memos4j.core.reader.InputReader;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.StoredItem;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps one memory up to date that is made from others: finds it, makes it, gives it a new version when it says something else, and archives it
 * when there is nothing left to say. What a user has frozen, archived or rewritten is the user's from then on. Thread-safe.
 */
final class Keeper {
    /** The actors of background tasks begin with this. */
    private static final String TASK = "task:";

    /** The key of the metadata that names the session or person. */
    static final String ABOUT = "about";

    private final InputReader reader;

    Keeper(InputReader reader) {
        this.reader = reader;
    }

    /**
     * Which memory is kept.
     *
     * @param rank its rank, see {@link Consolidated}
     * @param subject the session or person that it is about; empty for the cube
     */
    record Place(ItemType type, String rank, String subject) {
        String fingerprint() {
            return Fingerprint.of("consolidated", rank, subject);
        }

        Map<String, Object> metadata() {
            Map<String, Object> metadata = new LinkedHashMap<>(Map.of(Consolidated.KEY, rank));
            if (!subject.isEmpty()) {
                metadata.put(ABOUT, subject);
            }
            return metadata;
        }
    }

    /**
     * What a memory shall say.
     *
     * @param sources as they were read; it is written only if they are still so
     * @param since when the first of what it tells was said
     * @param by what made it, for people and as metadata: a model and its prompt, or nothing
     */
    record Content(String title, String text, List<MemoryItem> sources, Instant since, Map<String, Object> by) {
        boolean isEmpty() {
            return text.isBlank();
        }
    }

    /** What became of a content. */
    enum Kept {
        WRITTEN,
        UNCHANGED,
        /** The user's. */
        LEFT_ALONE,
        /** Its sources have changed since they were read. */
        STALE
    }

    /** The memory at this place, in whatever state. */
    Optional<MemoryItem> find(VaultReader vault, CubeKey cube, Place place) {
        return Optional.ofNullable(
                        vault.known(cube, List.of(place.fingerprint())).get(place.fingerprint()))
                .flatMap(id -> vault.items(cube, List.of(id)).stream().findFirst());
    }

    Kept keep(VaultWriter writer, CubeRow cube, Place place, Content content) {
        Optional<MemoryItem> former = find(writer, cube.key(), place);
        if (former.filter(item -> isTheUsers(writer, cube.key(), item)).isPresent()) {
            return Kept.LEFT_ALONE;
        }
        if (content.isEmpty()) {
            return former.filter(item -> item.state() == ItemState.ACTIVATED)
                    .map(item -> archive(writer, cube.key(), item))
                    .orElse(Kept.UNCHANGED);
        }
        if (!unchanged(writer, cube.key(), content.sources)) {
            return Kept.STALE;
        }
        if (former.isEmpty()) {
            writer.insert(cube.key(), List.of(made(cube.id(), place, content)));
            return Kept.WRITTEN;
        }
        MemoryItem next = next(former.get(), place, content);
        if (says(former.get(), next)) {
            return Kept.UNCHANGED;
        }
        writer.replace(cube.key(), reader.revise(next, cause("brought up to date", content)));
        return Kept.WRITTEN;
    }

    private static boolean isTheUsers(VaultReader vault, CubeKey cube, MemoryItem item) {
        return item.state() == ItemState.FROZEN
                || vault.history(cube, item.id()).stream()
                        .anyMatch(version -> version.item().version() == item.version()
                                && !version.actor().startsWith(TASK));
    }

    private Kept archive(VaultWriter writer, CubeKey cube, MemoryItem item) {
        MemoryItem archived = ItemEdit.NOTHING.state(ItemState.ARCHIVED).applyTo(item, reader.now());
        writer.replace(cube, reader.revise(archived, "nothing is left to tell"));
        return Kept.WRITTEN;
    }

    private static boolean unchanged(VaultReader vault, CubeKey cube, Collection<MemoryItem> sources) {
        Map<ItemId, Integer> versions = new HashMap<>();
        vault.items(cube, sources.stream().map(MemoryItem::id).toList())
                .forEach(item -> versions.put(item.id(), item.version()));
        return sources.stream().allMatch(source -> versions.getOrDefault(source.id(), 0) == source.version());
    }

    private StoredItem made(CubeId cube, Place place, Content content) {
        MemoryItem item = new MemoryItem(
                cube,
                reader.newId(),
                1,
                place.type,
                ItemState.ACTIVATED,
                content.text,
                content.title,
                new Origin("", Role.NONE, "", sources(content)),
                Times.recorded(content.since, reader.now()),
                Set.of(),
                metadata(place, content));
        String cause = cause("made", content);
        StoredItem cut = reader.derived(item, cause);
        return new StoredItem(cut.item(), cut.passages(), place.fingerprint(), Optional.empty(), cause);
    }

    private MemoryItem next(MemoryItem former, Place place, Content content) {
        Times times = former.times();
        return new MemoryItem(
                former.cube(),
                former.id(),
                former.version() + 1,
                former.type(),
                ItemState.ACTIVATED,
                content.text,
                content.title,
                new Origin("", Role.NONE, "", sources(content)),
                new Times(
                        times.occurredAt(),
                        times.recordedAt(),
                        reader.now(),
                        times.validFrom(),
                        Optional.empty(),
                        times.expiresAt()),
                former.tags(),
                metadata(place, content));
    }

    private static boolean says(MemoryItem former, MemoryItem next) {
        return former.text().equals(next.text())
                && former.title().equals(next.title())
                && former.state() == next.state()
                && new HashSet<>(former.origin().sources())
                        .equals(new HashSet<>(next.origin().sources()));
    }

    private static List<SourceRef> sources(Content content) {
        return content.sources.stream()
                .map(MemoryItem::id)
                .distinct()
                .map(SourceRef::item)
                .toList();
    }

    private static Map<String, Object> metadata(Place place, Content content) {
        Map<String, Object> metadata = place.metadata();
        metadata.putAll(content.by);
        return metadata;
    }

    private static String cause(String what, Content content) {
        Object model = content.by.get("model");
        return what + " from " + sources(content).size() + " memories" + (model == null ? "" : " by " + model);
    }
}
