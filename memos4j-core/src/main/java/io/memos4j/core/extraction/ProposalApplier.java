package io.memos4j.core.extraction;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Authorship;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemOrigin;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemTimes;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.SourceReference;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.privacy.SensitivityLabeler;
import io.memos4j.core.trust.TrustPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Applies the proposals of a language model inside one transaction. Items that have changed or gone since the window
 * was read are left alone, so that no memory is derived without its source, and none is changed that the model did not
 * see. Thread-safe.
 */
public final class ProposalApplier {
    /** The least confidence of a recalled memory; others are kept, but not recalled. */
    private static final double RECALLED = 0.4;

    /** The confidence of an end that a model reads; it states none. */
    private static final double RETIRES = 0.8;

    private final InputParser parser;
    private final Supersession supersession;
    private final InstantSource clock;
    private final IdGenerator ids;

    public ProposalApplier(InputParser parser, Supersession supersession, InstantSource clock, IdGenerator ids) {
        this.parser = parser;
        this.supersession = supersession;
        this.clock = clock;
        this.ids = ids;
    }

    /** The items that were changed. */
    public record AppliedProposals(List<ItemId> added, List<ItemId> updated, List<ItemId> retired) {
        static AppliedProposals empty() {
            return new AppliedProposals(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /**
     * Applies proposals.
     *
     * @param model the id of the model that made them, stored with each memory
     */
    public AppliedProposals apply(
            VaultWriter writer, CubeKey cube, MessageWindow window, List<MemoryProposal> proposals, String model) {
        Map<ItemId, MemoryItem> living = new HashMap<>();
        List<ItemId> seen = new ArrayList<>();
        window.messages().forEach(item -> seen.add(item.id()));
        window.known().forEach(item -> seen.add(item.id()));
        writer.items(cube, seen).forEach(item -> living.put(item.id(), item));
        Map<ItemId, Integer> versions = new HashMap<>();
        window.known().forEach(item -> versions.put(item.id(), item.version()));
        living.values()
                .removeIf(item -> versions.getOrDefault(item.id(), item.version()) != item.version()
                        || item.state() == ItemState.FROZEN && versions.containsKey(item.id()));
        AppliedProposals applied = AppliedProposals.empty();
        Step step = new Step(writer, cube, living, applied, model, FactExtractor.promptOf(window));
        for (MemoryProposal proposal : proposals) {
            if (living.keySet().containsAll(proposal.sources())) {
                apply(step, proposal);
            }
        }
        return applied;
    }

    private record Step(
            VaultWriter writer,
            CubeKey cube,
            Map<ItemId, MemoryItem> living,
            AppliedProposals applied,
            String model,
            String prompt) {
        ChangeReason reason(double confidence) {
            return ChangeReason.of("model:" + model, confidence);
        }

        Optional<MemoryItem> findKnown(ItemId id) {
            return Optional.ofNullable(living.get(id)).filter(item -> item.state() == ItemState.ACTIVATED);
        }
    }

    private void apply(Step step, MemoryProposal proposal) {
        switch (proposal) {
            case MemoryProposal.Add add -> add(step, add);
            case MemoryProposal.Update update ->
                step.findKnown(update.known()).ifPresent(item -> {
                    List<MemoryItem> sources = new ArrayList<>(living(step, update.sources()));
                    sources.add(item);
                    MemoryItem next = SensitivityLabeler.labelReworded(
                            ItemEdit.text(update.text())
                                    .applyTo(item, clock.instant())
                                    .withAuthorship(authorship(step, update.sources())),
                            sources);
                    step.writer.replace(
                            step.cube,
                            parser.revise(
                                            next,
                                            "updated by " + step.model + " from " + update.sources() + ": "
                                                    + update.reason())
                                    .because(step.reason(update.confidence())
                                            .because(update.sources().getLast())));
                    step.living.remove(item.id());
                    step.applied.updated.add(item.id());
                });
            case MemoryProposal.Retire retire ->
                step.findKnown(retire.known()).ifPresent(item -> {
                    ItemId source = retire.sources().getLast();
                    Instant since = retire.at().orElseGet(() -> latestTime(step, List.of(source)));
                    retire(
                            step,
                            item,
                            new SupersessionRecord(item.id(), source, retire.reason(), since),
                            step.reason(RETIRES));
                });
        }
    }

    private void add(Step step, MemoryProposal.Add add) {
        MemoryItem item = SensitivityLabeler.labelReworded(item(step, add), living(step, add.sources()));
        step.writer.insert(step.cube, List.of(parser.deriveItem(item, "read by " + step.model)));
        step.applied.added.add(item.id());
        for (ItemId former : add.supersedes()) {
            step.findKnown(former).ifPresent(old -> {
                Instant since = add.validFrom().orElse(item.times().occurredAt());
                retire(
                        step,
                        old,
                        new SupersessionRecord(old.id(), item.id(), "another value was read", since),
                        step.reason(add.confidence()));
            });
        }
    }

    private void retire(Step step, MemoryItem item, SupersessionRecord succession, ChangeReason reason) {
        supersession.retire(step.writer, step.cube, item, succession, reason);
        step.living.remove(item.id());
        step.applied.retired.add(item.id());
    }

    private MemoryItem item(Step step, MemoryProposal.Add add) {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("confidence", add.confidence());
        metadata.put("model", step.model);
        metadata.put("prompt", step.prompt);
        if (add.implicit()) {
            metadata.put("implicit", true);
        }
        add.attribute().ifPresent(attribute -> {
            metadata.put("subject", attribute.subject());
            metadata.put("attribute", attribute.name());
            metadata.put("value", attribute.value());
        });
        List<SourceReference> sources =
                add.sources().stream().map(SourceReference::item).toList();
        Instant now = clock.instant();
        MemoryItem source =
                Optional.ofNullable(step.living.get(add.sources().getFirst())).orElseThrow();
        ItemTimes times = new ItemTimes(
                add.occurredAt().orElseGet(() -> latestTime(step, add.sources())),
                now,
                now,
                add.validFrom(),
                add.validTo(),
                earliestExpiry(step, add.sources()),
                source.times().zone());
        return new MemoryItem(
                        source.cube(),
                        ids.nextItemId(),
                        1,
                        add.type(),
                        add.confidence() < RECALLED ? ItemState.GENERATED : ItemState.ACTIVATED,
                        add.text(),
                        "",
                        new ItemOrigin("", Role.NONE, "", sources),
                        times,
                        Set.of(),
                        metadata)
                .withAuthorship(authorship(step, add.sources()));
    }

    private static Authorship authorship(Step step, Collection<ItemId> sources) {
        return TrustPolicy.authorshipOf(sources.stream()
                .flatMap(id -> Optional.ofNullable(step.living.get(id)).stream())
                .toList());
    }

    private static List<MemoryItem> living(Step step, Collection<ItemId> ids) {
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(step.living.get(id)).stream())
                .toList();
    }

    /** The earliest expiry of the sources, since a derived memory outlives none of them. */
    private static Optional<Instant> earliestExpiry(Step step, Collection<ItemId> sources) {
        return living(step, sources).stream()
                .flatMap(item -> item.times().expiresAt().stream())
                .min(Comparator.naturalOrder());
    }

    /** The time of the latest source. */
    private static Instant latestTime(Step step, Collection<ItemId> sources) {
        return sources.stream()
                .map(step.living::get)
                .flatMap(item -> Optional.ofNullable(item).stream())
                .map(item -> item.times().occurredAt())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
