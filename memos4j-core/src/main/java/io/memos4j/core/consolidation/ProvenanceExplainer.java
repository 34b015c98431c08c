package io.memos4j.core.consolidation;

import io.memos4j.api.Actor;
import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.history.ItemExplanation;
import io.memos4j.api.history.ItemExplanation.Carried;
import io.memos4j.api.history.ItemExplanation.Reading;
import io.memos4j.api.history.ItemExplanation.Source;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.tasks.Task;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.ItemRelation;
import io.memos4j.spi.vault.VaultReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Explains where an item came from and what relates to it, from one snapshot of the vault. For one use by one thread.
 */
public final class ProvenanceExplainer {
    /** Limits of the chain of sources: depth, and sources in all. */
    private static final int MAX_DEPTH = 8;

    private static final int MAX_SOURCES = 200;

    /** The most related items of each kind. */
    private static final int MAX_RELATED = 50;

    private final VaultReader vault;
    private final CubeKey cube;
    private int left = MAX_SOURCES;

    public ProvenanceExplainer(VaultReader vault, CubeKey cube) {
        this.vault = vault;
        this.cube = cube;
    }

    public ItemExplanation explain(MemoryItem item) {
        List<ItemVersion> history = vault.versions(cube, item.id());
        return new ItemExplanation(
                item,
                history,
                vault.supersessions(cube, List.of(item.id())),
                sources(item, new HashSet<>(Set.of(item.id())), MAX_DEPTH),
                carriers(item.id()),
                tasks(history),
                extractionModel(item));
    }

    private List<Carried> carriers(ItemId item) {
        Stream<Carried> promoted = vault.activations().promoted(cube).stream()
                .filter(each -> each.item().equals(item))
                .map(each -> new Carried("activation", "promoted", each.why(), Actor.UNKNOWN, each.since()));
        Set<AdapterId> taught = vault.adapters().of(cube).stream()
                .filter(adapter -> adapter.taught().stream()
                        .anyMatch(source -> source.item().equals(item)))
                .map(Adapter::id)
                .collect(Collectors.toSet());
        Stream<Carried> learned = vault.adapters().changes(cube).stream()
                .filter(change -> taught.contains(change.adapter()))
                .map(change -> new Carried(
                        change.adapter().toString(), change.state().id(), change.why(), change.actor(), change.at()));
        return Stream.concat(promoted, learned)
                .sorted(Comparator.comparing(Carried::at))
                .toList();
    }

    /** @param path the items visited on the way here; cycles are not followed */
    private List<Source> sources(MemoryItem item, Set<ItemId> path, int depth) {
        List<SourceReference> refs = item.origin().sources();
        Map<String, MemoryItem> found = new HashMap<>();
        List<ItemId> named = refs.stream()
                .filter(ref -> ref.kind() == SourceReference.Kind.ITEM)
                .map(ref -> ItemId.parse(ref.id()))
                .toList();
        visibleFrom(item, named).forEach(each -> found.put(each.id().toString(), each));
        List<Source> sources = new ArrayList<>();
        for (SourceReference ref : refs) {
            if (left-- <= 0) {
                break;
            }
            Optional<MemoryItem> source = Optional.ofNullable(found.get(ref.id()));
            List<Source> further = new ArrayList<>();
            if (depth > 1 && source.isPresent() && path.add(source.get().id())) {
                further.addAll(sources(source.get(), path, depth - 1));
                path.remove(source.get().id());
            }
            sources.add(new Source(ref, source, further));
        }
        return sources;
    }

    /** The items with these ids; forgotten ones are shown only beside another that is forgotten. */
    private List<MemoryItem> visibleFrom(MemoryItem item, List<ItemId> ids) {
        return vault.items(cube, ids).stream()
                .filter(each -> each.state() != ItemState.FORGOTTEN || item.state() == ItemState.FORGOTTEN)
                .toList();
    }

    private List<Task> tasks(List<ItemVersion> history) {
        return history.stream()
                .map(ItemVersion::actor)
                .distinct()
                .flatMap(actor -> actor instanceof Actor.TaskRun(var kind, var id)
                        ? vault.tasks().find(id).stream()
                        : Stream.empty())
                .toList();
    }

    private static Optional<Reading> extractionModel(MemoryItem item) {
        return item.metadata().get("model") instanceof String model
                ? Optional.of(new Reading(model, item.metadata().get("prompt") instanceof String prompt ? prompt : ""))
                : Optional.empty();
    }

    /** Returns related items: sources and successions first, then relations, strongest first. */
    public List<RelatedItem> related(MemoryItem item) {
        Map<ItemId, MemoryItem> others = new HashMap<>();
        List<Link> links = new ArrayList<>();
        item.origin().sources().stream()
                .filter(ref -> ref.kind() == SourceReference.Kind.ITEM)
                .limit(MAX_RELATED)
                .forEach(ref -> links.add(new Link(ItemId.parse(ref.id()), RelatedItem.Kind.SOURCE, 1)));
        vault.derivedFrom(cube, List.of(item.id())).stream()
                .limit(MAX_RELATED)
                .forEach(id -> links.add(new Link(id, RelatedItem.Kind.DERIVED, 1)));
        vault.supersessions(cube, List.of(item.id())).stream()
                .limit(MAX_RELATED)
                .map(each -> link(each, item.id()))
                .forEach(links::add);
        for (ItemRelation each : vault.relations().of(cube, item.id(), MAX_RELATED)) {
            links.add(new Link(each.otherThan(item.id()), each.kind(), each.weight()));
        }
        visibleFrom(item, links.stream().map(Link::other).distinct().toList())
                .forEach(other -> others.put(other.id(), other));
        return links.stream()
                .flatMap(link -> Optional.ofNullable(others.get(link.other)).stream()
                        .map(other -> new RelatedItem(other, link.kind, link.weight)))
                .toList();
    }

    private record Link(ItemId other, RelatedItem.Kind kind, double weight) {}

    private static Link link(SupersessionRecord succession, ItemId item) {
        return succession.former().equals(item)
                ? new Link(succession.successor(), RelatedItem.Kind.SUCCESSOR, 1)
                : new Link(succession.former(), RelatedItem.Kind.FORMER, 1);
    }
}
