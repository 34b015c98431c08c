package io.memos4j.core.reader.fine;

import io.memos4j.api.ItemId;
import io.memos4j.api.ItemType;
import io.memos4j.api.MemoryItem;
import java.text.Normalizer;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges the entries of one answer, each for itself: what passes becomes a proposal, the rest refusals. Additions come first, so where
 * two entries change one memory, the one with the new value wins.
 */
final class Review {
    /** Longest text of a memory, in UTF-16 units. */
    static final int MAX_TEXT = 2_000;

    /** The highest confidence of what a single message only lets suspect. */
    static final double IMPLICIT_CONFIDENCE = 0.5;

    private static final int MAX_NOTE = 300;
    private static final int SHOWN = 80;
    private static final Pattern SILENT = Pattern.compile("[^\\p{L}\\p{N}]+");
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

    private final Citations citations;
    private final DateReader dates;
    private final int most;
    private final Set<String> texts = new HashSet<>();
    private final Set<ItemId> changed = new HashSet<>();
    private final List<Proposal> proposals = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();

    Review(Window window, WindowText page, int most) {
        this.citations = new Citations(window, page);
        this.dates = new DateReader(window.zone());
        this.most = most;
        window.known().forEach(known -> texts.add(normalised(known.text())));
    }

    List<Proposal> proposals() {
        return proposals;
    }

    List<Refusal> refusals() {
        return refusals;
    }

    void judge(Answer answer) {
        for (int i = 0; i < answer.memories().size(); i++) {
            Answer.Memory memory = answer.memories().get(i);
            judge("memories[" + i + "]", memory.text(), () -> add(memory));
        }
        for (int i = 0; i < answer.updates().size(); i++) {
            Answer.Change change = answer.updates().get(i);
            judge("updates[" + i + "]", change.text(), () -> update(change));
        }
        for (int i = 0; i < answer.retirements().size(); i++) {
            Answer.End end = answer.retirements().get(i);
            judge("retirements[" + i + "]", end.reason(), () -> retire(end));
        }
    }

    /** Notes that the rest of the answer is missing. */
    void cut() {
        refusals.add(new Refusal(
                "answer", Reason.CUT.id() + ": the answer ended at its length limit; complete entries were taken"));
    }

    /** The judgement of one entry. */
    private interface Judgement {
        Proposal proposal() throws Refused;
    }

    private void judge(String place, String text, Judgement judgement) {
        try {
            if (proposals.size() >= most) {
                throw new Refused(Reason.TOO_MANY, "at most " + most + " proposals are taken");
            }
            proposals.add(judgement.proposal());
        } catch (Refused e) {
            refusals.add(new Refusal(place + " '" + MiddleCut.to(Delimiters.stripped(text), SHOWN) + "'", e.reason()));
        }
    }

    private Proposal add(Answer.Memory memory) throws Refused {
        List<MemoryItem> sources = citations.messages(memory.sources());
        List<MemoryItem> superseded = new ArrayList<>();
        for (int number : memory.supersedes()) {
            superseded.add(citations.open(number));
        }
        String text = text(memory.text());
        ItemType type = Optional.ofNullable(TYPES.get(memory.type().toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> new Refused(Reason.BAD_TYPE, "no memory is made of type '" + memory.type() + "'"));
        double confidence = confidence(memory.confidence());
        Answer.Dates said = memory.dates();
        Optional<Instant> occurred = date(said.occurred(), dates::begin);
        Optional<Instant> from = date(said.validFrom(), dates::begin);
        Optional<Instant> to = date(said.validTo(), dates::end);
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw new Refused(Reason.BAD_DATE, "valid_to lies before valid_from");
        }
        requireRights(type, sources, superseded);
        citations.requireSupport(text, sources, superseded);
        if (type == ItemType.INSTRUCTION) {
            citations.requireOwnWords(text, sources, List.of());
        }
        Optional<Attribute> attribute = attribute(memory, text, sources);
        claim(text);
        changed.addAll(Citations.ids(superseded));
        boolean suspected = memory.implicit() && sources.size() < 2;
        return new Proposal.Add(
                type,
                text,
                Citations.ids(sources),
                suspected ? Math.min(confidence, IMPLICIT_CONFIDENCE) : confidence,
                occurred,
                from,
                to,
                memory.implicit(),
                attribute,
                Citations.ids(superseded.stream().distinct().toList()));
    }

    private void requireRights(ItemType type, List<MemoryItem> sources, List<MemoryItem> superseded) throws Refused {
        Citations.requireAuthority(type, sources);
        for (MemoryItem known : superseded) {
            Citations.requireAuthority(known.type(), sources);
            citations.requireOwnWish(known, sources);
        }
    }

    private Optional<Attribute> attribute(Answer.Memory memory, String text, List<MemoryItem> sources) throws Refused {
        if (memory.attribute().isEmpty()) {
            return Optional.empty();
        }
        Attribute raw = memory.attribute().get();
        Attribute attribute = new Attribute(note(raw.subject()), note(raw.name()), note(raw.value()));
        if (attribute.subject().isEmpty()
                || attribute.name().isEmpty()
                || attribute.value().isEmpty()) {
            return Optional.empty();
        }
        citations.requireValue(attribute, text, sources);
        return Optional.of(attribute);
    }

    private Proposal update(Answer.Change change) throws Refused {
        List<MemoryItem> sources = citations.messages(change.sources());
        MemoryItem known = citations.open(change.known());
        String text = text(change.text());
        double confidence = confidence(change.confidence());
        String reason = note(change.reason());
        Citations.requireAuthority(known.type(), sources);
        citations.requireSupport(text, sources, List.of(known));
        if (known.type() == ItemType.INSTRUCTION) {
            citations.requireOwnWords(text, sources, List.of(known));
        }
        requireUnchanged(known);
        claim(text);
        changed.add(known.id());
        return new Proposal.Update(known.id(), text, Citations.ids(sources), confidence, reason);
    }

    private Proposal retire(Answer.End end) throws Refused {
        List<MemoryItem> sources = citations.messages(end.sources());
        MemoryItem known = citations.open(end.known());
        Optional<Instant> at = date(end.at(), dates::begin);
        String reason = note(end.reason());
        Citations.requireAuthority(known.type(), sources);
        citations.requireOwnWish(known, sources);
        requireUnchanged(known);
        changed.add(known.id());
        return new Proposal.Retire(known.id(), Citations.ids(sources), at, reason);
    }

    private static String text(String raw) throws Refused {
        requireHarmless(raw);
        String text = Delimiters.stripped(raw).strip();
        if (text.isEmpty()) {
            throw new Refused(Reason.BLANK_TEXT, "the text is blank");
        }
        if (text.length() > MAX_TEXT) {
            throw new Refused(
                    Reason.TEXT_TOO_LONG, "the text has " + text.length() + " characters, at most " + MAX_TEXT);
        }
        return text;
    }

    /** A short text beside the memory itself. */
    private static String note(String raw) throws Refused {
        requireHarmless(raw);
        return MiddleCut.to(Delimiters.stripped(raw).strip(), MAX_NOTE);
    }

    private static void requireHarmless(String text) throws Refused {
        Optional<String> words = Injection.in(text);
        if (words.isPresent()) {
            throw new Refused(Reason.INJECTION, "the text talks to a model: " + words.get());
        }
    }

    private static double confidence(double confidence) throws Refused {
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new Refused(Reason.BAD_CONFIDENCE, "the confidence " + confidence + " is not from 0 to 1");
        }
        return confidence;
    }

    private static Optional<Instant> date(String text, Function<String, Instant> reading) throws Refused {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.apply(text));
        } catch (DateTimeException e) {
            throw new Refused(Reason.BAD_DATE, "'" + MiddleCut.to(text, SHOWN) + "' is no date");
        }
    }

    private void requireUnchanged(MemoryItem known) throws Refused {
        if (changed.contains(known.id())) {
            throw new Refused(Reason.DUPLICATE, "another proposal changes the same memory");
        }
    }

    /** Takes the text, unless it is taken. */
    private void claim(String text) throws Refused {
        if (!texts.add(normalised(text))) {
            throw new Refused(Reason.DUPLICATE, "the same is known or proposed already");
        }
    }

    private static String normalised(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return SILENT.matcher(plain).replaceAll(" ").strip();
    }
}
