package io.memos4j.core.consolidation;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemOrigin;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemTimes;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.SourceReference;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.ingest.ContentFingerprint;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.privacy.SensitivityLabeler;
import io.memos4j.core.trust.TrustPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes memories that are derived from others: creates one, updates it when its content changes, and archives it when
 * there is nothing left to say. A memory that a user has frozen, archived or edited is left to the user. Thread-safe.
 */
public final class DerivedMemoryWriter {
    /** Metadata key for the session or person that a memory is about. */
    static final String ABOUT = "about";

    private static final ChangeReason SOURCES_CHANGED = ChangeReason.of("sources-changed", 1);

    private final InputParser parser;
    private final InstantSource clock;
    private final IdGenerator ids;

    public DerivedMemoryWriter(InputParser parser, InstantSource clock, IdGenerator ids) {
        this.parser = parser;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Identifies a derived memory.
     *
     * @param rank its rank, see {@link ConsolidationMarker}
     * @param subject the session or person that it is about; empty for the cube
     */
    record MemoryKey(ItemType type, String rank, String subject) {
        String fingerprint() {
            return ContentFingerprint.of("consolidated", rank, subject);
        }

        Map<String, Object> metadata() {
            Map<String, Object> metadata = new LinkedHashMap<>(Map.of(ConsolidationMarker.KEY, rank));
            if (!subject.isEmpty()) {
                metadata.put(ABOUT, subject);
            }
            return metadata;
        }
    }

    /**
     * The content of a derived memory.
     *
     * @param sources as they were read; the content is written only if they are unchanged
     * @param firstSaidAt time of the first statement in it
     * @param modelMetadata metadata about the model and prompt that made it; may be empty
     */
    record Content(
            String title,
            String text,
            List<MemoryItem> sources,
            Instant firstSaidAt,
            Map<String, Object> modelMetadata) {
        boolean isEmpty() {
            return text.isBlank();
        }
    }

    /** The result of a write. */
    enum WriteResult {
        WRITTEN,
        UNCHANGED,
        /** A user owns the memory. */
        LEFT_ALONE,
        /** A source has changed since it was read. */
        STALE
    }

    /** Finds a derived memory in any state. */
    Optional<MemoryItem> find(VaultReader vault, CubeKey cube, MemoryKey key) {
        return Optional.ofNullable(vault.findByFingerprint(cube, List.of(key.fingerprint()))
                        .get(key.fingerprint()))
                .flatMap(id -> vault.findItem(cube, id));
    }

    WriteResult write(VaultWriter writer, CubeRow cube, MemoryKey key, Content content) {
        Optional<MemoryItem> former = find(writer, cube.key(), key);
        if (former.filter(item -> isEditedByUser(writer, cube.key(), item)).isPresent()) {
            return WriteResult.LEFT_ALONE;
        }
        if (content.isEmpty()) {
            return former.filter(item -> item.state() == ItemState.ACTIVATED)
                    .map(item -> archive(writer, cube.key(), item))
                    .orElse(WriteResult.UNCHANGED);
        }
        if (!areUnchanged(writer, cube.key(), content.sources)) {
            return WriteResult.STALE;
        }
        if (former.isEmpty()) {
            writer.insert(cube.key(), List.of(create(cube.id(), key, content)));
            return WriteResult.WRITTEN;
        }
        MemoryItem next = nextVersion(former.get(), key, content);
        if (isSameContent(former.get(), next)) {
            return WriteResult.UNCHANGED;
        }
        writer.replace(
                cube.key(),
                parser.revise(next, cause("brought up to date", content)).because(SOURCES_CHANGED));
        return WriteResult.WRITTEN;
    }

    private static boolean isEditedByUser(VaultReader vault, CubeKey cube, MemoryItem item) {
        return item.state() == ItemState.FROZEN
                || vault.versions(cube, item.id()).stream()
                        .anyMatch(version -> version.item().version() == item.version()
                                && !version.actor().isTask());
    }

    private WriteResult archive(VaultWriter writer, CubeKey cube, MemoryItem item) {
        MemoryItem archived = ItemEdit.NOTHING.state(ItemState.ARCHIVED).applyTo(item, clock.instant());
        writer.replace(cube, parser.revise(archived, "nothing is left to tell").because(SOURCES_CHANGED));
        return WriteResult.WRITTEN;
    }

    private static boolean areUnchanged(VaultReader vault, CubeKey cube, Collection<MemoryItem> sources) {
        Map<ItemId, Integer> versions = new HashMap<>();
        vault.items(cube, sources.stream().map(MemoryItem::id).toList())
                .forEach(item -> versions.put(item.id(), item.version()));
        return sources.stream().allMatch(source -> versions.getOrDefault(source.id(), 0) == source.version());
    }

    private StoredItem create(CubeId cube, MemoryKey key, Content content) {
        MemoryItem item = new MemoryItem(
                        cube,
                        ids.nextItemId(),
                        1,
                        key.type,
                        ItemState.ACTIVATED,
                        content.text,
                        content.title,
                        new ItemOrigin("", Role.NONE, "", sources(content)),
                        ItemTimes.recorded(content.firstSaidAt, clock.instant())
                                .in(content.sources.stream()
                                        .findFirst()
                                        .flatMap(source -> source.times().zone())),
                        Set.of(),
                        metadata(key, content))
                .withAuthorship(TrustPolicy.authorshipOf(content.sources));
        String cause = cause("made", content);
        StoredItem cut = parser.deriveItem(labeled(item, content), cause);
        return new StoredItem(cut.item(), cut.passages(), key.fingerprint(), Optional.empty(), cause);
    }

    /** A model finds other words. */
    private static MemoryItem labeled(MemoryItem item, Content content) {
        return content.modelMetadata.isEmpty()
                ? SensitivityLabeler.labelQuoting(item, content.sources)
                : SensitivityLabeler.labelReworded(item, content.sources);
    }

    private MemoryItem nextVersion(MemoryItem former, MemoryKey key, Content content) {
        ItemTimes times = former.times();
        MemoryItem next = new MemoryItem(
                        former.cube(),
                        former.id(),
                        former.version() + 1,
                        former.type(),
                        ItemState.ACTIVATED,
                        content.text,
                        content.title,
                        new ItemOrigin("", Role.NONE, "", sources(content)),
                        new ItemTimes(
                                times.occurredAt(),
                                times.recordedAt(),
                                clock.instant(),
                                times.validFrom(),
                                Optional.empty(),
                                times.expiresAt(),
                                times.zone()),
                        former.tags(),
                        metadata(key, content))
                .withAuthorship(TrustPolicy.authorshipOf(content.sources));
        return labeled(next, content);
    }

    private static boolean isSameContent(MemoryItem former, MemoryItem next) {
        return former.text().equals(next.text())
                && former.title().equals(next.title())
                && former.state() == next.state()
                && former.label().equals(next.label())
                && new HashSet<>(former.origin().sources())
                        .equals(new HashSet<>(next.origin().sources()));
    }

    private static List<SourceReference> sources(Content content) {
        return content.sources.stream()
                .map(MemoryItem::id)
                .distinct()
                .map(SourceReference::item)
                .toList();
    }

    private static Map<String, Object> metadata(MemoryKey key, Content content) {
        Map<String, Object> metadata = key.metadata();
        metadata.putAll(content.modelMetadata);
        return metadata;
    }

    private static String cause(String what, Content content) {
        Object model = content.modelMetadata.get("model");
        return what + " from " + sources(content).size() + " memories" + (model == null ? "" : " by " + model);
    }
}
