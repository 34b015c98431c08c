package io.memos4j.core.extraction;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.language.TextEquality;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Validates the entries of one answer, each on its own: those that pass become proposals, the others refusals.
 * Additions come first, so if two entries change one memory, the one with the new value wins.
 */
final class ProposalValidator {
    /** The longest text of a memory, in UTF-16 units. */
    static final int MAX_TEXT = 2_000;

    /** The highest confidence of a memory that is inferred from a single message. */
    static final double IMPLICIT_CONFIDENCE = 0.5;

    private static final int MAX_NOTE = 300;
    private static final int SHOWN = 80;
    private static final Map<String, ItemType> TYPES = Stream.of(
                    ItemType.FACT,
                    ItemType.EVENT,
                    ItemType.PREFERENCE,
                    ItemType.INSTRUCTION,
                    ItemType.PROFILE,
                    ItemType.SUMMARY,
                    ItemType.SKILL,
                    ItemType.TOOL)
            .collect(Collectors.toUnmodifiableMap(ItemType::id, Function.identity()));

    private final SourceCitations citations;
    private final int most;
    private final Set<String> texts = new HashSet<>();
    private final Set<ItemId> changed = new HashSet<>();
    private final List<MemoryProposal> proposals = new ArrayList<>();
    private final List<ProposalRefusal> refusals = new ArrayList<>();

    ProposalValidator(MessageWindow window, WindowPrompt page, int most) {
        this.citations = new SourceCitations(window, page);
        this.most = most;
        window.known().forEach(known -> texts.add(TextEquality.key(known.text())));
    }

    List<MemoryProposal> proposals() {
        return proposals;
    }

    List<ProposalRefusal> refusals() {
        return refusals;
    }

    void validate(ExtractionAnswer answer) {
        for (int i = 0; i < answer.memories().size(); i++) {
            ExtractionAnswer.Memory memory = answer.memories().get(i);
            validate("memories[" + i + "]", memory.text(), () -> add(memory));
        }
        for (int i = 0; i < answer.updates().size(); i++) {
            ExtractionAnswer.Update change = answer.updates().get(i);
            validate("updates[" + i + "]", change.text(), () -> update(change));
        }
        for (int i = 0; i < answer.retirements().size(); i++) {
            ExtractionAnswer.Retirement end = answer.retirements().get(i);
            validate("retirements[" + i + "]", end.reason(), () -> retire(end));
        }
    }

    /** Records that the rest of the answer is missing. */
    void noteTruncation() {
        refusals.add(new ProposalRefusal(
                "answer",
                RefusalReason.CUT.id() + ": the answer ended at its length limit; complete entries were taken"));
    }

    /** The validation of one entry. */
    private interface Judgement {
        MemoryProposal proposal() throws ProposalRefusedException;
    }

    private void validate(String place, String text, Judgement judgement) {
        try {
            if (proposals.size() >= most) {
                throw new ProposalRefusedException(RefusalReason.TOO_MANY, "at most " + most + " proposals are taken");
            }
            proposals.add(judgement.proposal());
        } catch (ProposalRefusedException e) {
            refusals.add(new ProposalRefusal(
                    place + " '" + MiddleTruncation.truncate(PromptDelimiters.strip(text), SHOWN) + "'", e.reason()));
        }
    }

    private MemoryProposal add(ExtractionAnswer.Memory memory) throws ProposalRefusedException {
        List<MemoryItem> sources = citations.messages(memory.sources());
        List<MemoryItem> superseded = new ArrayList<>();
        for (int number : memory.supersedes()) {
            superseded.add(citations.changeable(number));
        }
        String text = text(memory.text());
        ItemType type = Optional.ofNullable(TYPES.get(memory.type().toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> new ProposalRefusedException(
                        RefusalReason.BAD_TYPE, "no memory is made of type '" + memory.type() + "'"));
        double confidence = confidence(memory.confidence());
        ExtractionAnswer.Dates said = memory.dates();
        IsoDateParser dates = new IsoDateParser(citations.zoneOf(sources));
        Optional<Instant> occurred = date(said.occurred(), dates::parseStart);
        Optional<Instant> from = date(said.validFrom(), dates::parseStart);
        Optional<Instant> to = date(said.validTo(), dates::parseEnd);
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw new ProposalRefusedException(RefusalReason.BAD_DATE, "valid_to lies before valid_from");
        }
        requireRights(type, sources, superseded);
        if (type == ItemType.INSTRUCTION) {
            citations.requireOwnWords(text, sources, List.of());
        }
        citations.requireSupport(text, sources, superseded);
        Optional<AttributeValue> attribute = attribute(memory, text, sources);
        claim(text);
        changed.addAll(SourceCitations.ids(superseded));
        boolean suspected = memory.implicit() && sources.size() < 2;
        return new MemoryProposal.Add(
                type,
                text,
                SourceCitations.ids(sources),
                suspected ? Math.min(confidence, IMPLICIT_CONFIDENCE) : confidence,
                occurred,
                from,
                to,
                memory.implicit(),
                attribute,
                SourceCitations.ids(superseded.stream().distinct().toList()));
    }

    private void requireRights(ItemType type, List<MemoryItem> sources, List<MemoryItem> superseded)
            throws ProposalRefusedException {
        SourceCitations.requireAuthority(type, sources);
        for (MemoryItem known : superseded) {
            SourceCitations.requireAuthority(StandingMemory.typeOf(known), sources);
            citations.requireUserRequest(known, sources);
        }
    }

    private Optional<AttributeValue> attribute(ExtractionAnswer.Memory memory, String text, List<MemoryItem> sources)
            throws ProposalRefusedException {
        if (memory.attribute().isEmpty()) {
            return Optional.empty();
        }
        AttributeValue raw = memory.attribute().get();
        AttributeValue attribute = new AttributeValue(note(raw.subject()), note(raw.name()), note(raw.value()));
        if (attribute.subject().isEmpty()
                || attribute.name().isEmpty()
                || attribute.value().isEmpty()) {
            return Optional.empty();
        }
        citations.requireValue(attribute, text, sources);
        return Optional.of(attribute);
    }

    private MemoryProposal update(ExtractionAnswer.Update change) throws ProposalRefusedException {
        List<MemoryItem> sources = citations.messages(change.sources());
        MemoryItem known = citations.changeable(change.knownNumber());
        if (known.type() == ItemType.MESSAGE) {
            throw new ProposalRefusedException(
                    RefusalReason.FROZEN,
                    "known memory " + change.knownNumber() + " is what the user said; it can be ended, not reworded");
        }
        String text = text(change.text());
        double confidence = confidence(change.confidence());
        String reason = note(change.reason());
        SourceCitations.requireAuthority(StandingMemory.typeOf(known), sources);
        citations.requireSupport(text, sources, List.of(known));
        if (known.type() == ItemType.INSTRUCTION) {
            citations.requireOwnWords(text, sources, List.of(known));
        }
        requireUnchanged(known);
        claim(text);
        changed.add(known.id());
        return new MemoryProposal.Update(known.id(), text, SourceCitations.ids(sources), confidence, reason);
    }

    private MemoryProposal retire(ExtractionAnswer.Retirement end) throws ProposalRefusedException {
        List<MemoryItem> sources = citations.messages(end.sources());
        MemoryItem known = citations.changeable(end.knownNumber());
        Optional<Instant> at = date(end.at(), new IsoDateParser(citations.zoneOf(sources))::parseStart);
        String reason = note(end.reason());
        SourceCitations.requireAuthority(StandingMemory.typeOf(known), sources);
        citations.requireUserRequest(known, sources);
        requireUnchanged(known);
        changed.add(known.id());
        return new MemoryProposal.Retire(known.id(), SourceCitations.ids(sources), at, reason);
    }

    private static String text(String raw) throws ProposalRefusedException {
        requireHarmless(raw);
        String text = PromptDelimiters.strip(raw).strip();
        if (text.isEmpty()) {
            throw new ProposalRefusedException(RefusalReason.BLANK_TEXT, "the text is blank");
        }
        if (text.length() > MAX_TEXT) {
            throw new ProposalRefusedException(
                    RefusalReason.TEXT_TOO_LONG, "the text has " + text.length() + " characters, at most " + MAX_TEXT);
        }
        return text;
    }

    /** Checks a short text that accompanies the memory. */
    private static String note(String raw) throws ProposalRefusedException {
        requireHarmless(raw);
        return MiddleTruncation.truncate(PromptDelimiters.strip(raw).strip(), MAX_NOTE);
    }

    private static void requireHarmless(String text) throws ProposalRefusedException {
        Optional<String> words = PromptInjectionFilter.findIn(text);
        if (words.isPresent()) {
            throw new ProposalRefusedException(RefusalReason.INJECTION, "the text talks to a model: " + words.get());
        }
    }

    private static double confidence(double confidence) throws ProposalRefusedException {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new ProposalRefusedException(
                    RefusalReason.BAD_CONFIDENCE, "the confidence " + confidence + " is not from 0 to 1");
        }
        return confidence;
    }

    private static Optional<Instant> date(String text, Function<String, Instant> reading)
            throws ProposalRefusedException {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.apply(text));
        } catch (DateTimeException e) {
            throw new ProposalRefusedException(
                    RefusalReason.BAD_DATE, "'" + MiddleTruncation.truncate(text, SHOWN) + "' is no date");
        }
    }

    private void requireUnchanged(MemoryItem known) throws ProposalRefusedException {
        if (changed.contains(known.id())) {
            throw new ProposalRefusedException(RefusalReason.DUPLICATE, "another proposal changes the same memory");
        }
    }

    /** Reserves the text, unless it is known or proposed already. */
    private void claim(String text) throws ProposalRefusedException {
        if (!texts.add(TextEquality.key(text))) {
            throw new ProposalRefusedException(RefusalReason.DUPLICATE, "the same is known or proposed already");
        }
    }
}
