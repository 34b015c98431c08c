package io.memos4j.core.extraction;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.TrustLevel;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.extraction.SourceEvidence.DatedText;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.QuotationStripper;
import io.memos4j.core.language.StandingMemory;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Resolves the numbers that a proposal cites, and checks what the cited messages allow. */
final class SourceCitations {
    /** Days and months are named rather than numbered: on the third of March, everybody would have three children. */
    private static final List<DateTimeFormatter> DATE_LABELS = LanguageRules.packs().stream()
            .flatMap(pack -> pack.dateLabel().map(label -> DateTimeFormatter.ofPattern(label, pack.locale())).stream())
            .toList();

    private final MessageWindow window;
    private final WindowPrompt page;
    private final Map<String, String> ownWords = new HashMap<>();

    SourceCitations(MessageWindow window, WindowPrompt page) {
        this.window = window;
        this.page = page;
    }

    List<MemoryItem> messages(List<Integer> numbers) throws ProposalRefusedException {
        if (numbers.isEmpty()) {
            throw new ProposalRefusedException(RefusalReason.NO_SOURCE, "no message is cited");
        }
        Set<MemoryItem> messages = new LinkedHashSet<>();
        for (int number : numbers) {
            messages.add(Optional.ofNullable(page.messages().get(number))
                    .orElseThrow(() -> new ProposalRefusedException(
                            RefusalReason.UNKNOWN_SOURCE, "there is no message " + number)));
        }
        return List.copyOf(messages);
    }

    /** Finds a known memory that may be changed. */
    MemoryItem changeable(int number) throws ProposalRefusedException {
        MemoryItem known = Optional.ofNullable(page.known().get(number))
                .orElseThrow(() -> new ProposalRefusedException(
                        RefusalReason.UNKNOWN_SOURCE, "there is no known memory " + number));
        if (known.state() == ItemState.FROZEN) {
            throw new ProposalRefusedException(RefusalReason.FROZEN, "known memory " + number + " is locked");
        }
        return known;
    }

    /** Rejects changes that the speakers of these messages may not make. */
    static void requireAuthority(ItemType type, List<MemoryItem> sources) throws ProposalRefusedException {
        boolean all = sources.stream()
                .allMatch(source -> source.origin().role() == Role.USER && source.trust() == TrustLevel.OWNER);
        if (type.isStanding() && !all) {
            throw new ProposalRefusedException(
                    RefusalReason.NOT_THE_USERS, "only messages of the user can say or change this " + type.id());
        }
    }

    /** Rejects a claim that the messages and the memories it replaces do not support. */
    void requireSupport(String claim, List<MemoryItem> sources, List<MemoryItem> replaced)
            throws ProposalRefusedException {
        List<MemoryItem> all = new ArrayList<>(sources);
        all.addAll(replaced);
        refuse(ClaimSupport.findMissing(claim, evidence(all, sources)));
        if (!replaced.isEmpty() && !ClaimSupport.touches(ClaimTerms.extract(claim), evidence(sources, sources))) {
            throw new ProposalRefusedException(RefusalReason.UNSUPPORTED, "only the memory that it replaces says so");
        }
    }

    /** Rejects a sentence of a summary that says what its sources do not mention. */
    void requireMention(String sentence, List<MemoryItem> sources) throws ProposalRefusedException {
        refuse(ClaimSupport.findUnmentioned(sentence, evidence(sources, sources)));
    }

    /** Rejects a value whose numbers and names are neither in the claim nor in the messages. */
    void requireValue(AttributeValue attribute, String claim, List<MemoryItem> sources)
            throws ProposalRefusedException {
        List<DatedText> said = datedTexts(sources, false);
        said.add(new DatedText(claim, said.getFirst().day(), ""));
        SourceEvidence evidence = new SourceEvidence(said, labels(sources));
        for (String part : List.of(attribute.subject(), attribute.value())) {
            refuse(ClaimSupport.findMissingNames(ClaimTerms.extract(evidence.withoutDates(part)), evidence));
        }
    }

    private static void refuse(Optional<String> missing) throws ProposalRefusedException {
        if (missing.isPresent()) {
            throw new ProposalRefusedException(RefusalReason.UNSUPPORTED, missing.get());
        }
    }

    /** Rejects an instruction that the user only passes on: the user's own words must contain half of its new words. */
    void requireOwnWords(String instruction, List<MemoryItem> sources, List<MemoryItem> replaced)
            throws ProposalRefusedException {
        if (!quotes(sources)) {
            return;
        }
        SourceEvidence own = new SourceEvidence(datedTexts(sources, true), labels(sources));
        ClaimTerms content =
                ClaimTerms.extract(instruction).without(new SourceEvidence(datedTexts(replaced, false), List.of()));
        int carried = ClaimSupport.countCarried(content, own);
        boolean held = content.ordinary() == 0
                ? ClaimSupport.findMissingNames(content, own).isEmpty()
                : carried > 0 && 2 * carried >= content.ordinary();
        if (!held) {
            throw new ProposalRefusedException(RefusalReason.QUOTED, "the user quotes or passes on this instruction");
        }
    }

    /**
     * Rejects a request to end an instruction that the user only passes on: the user's own words must mention it, or
     * revoke something.
     */
    void requireUserRequest(MemoryItem known, List<MemoryItem> sources) throws ProposalRefusedException {
        if (StandingMemory.typeOf(known) != ItemType.INSTRUCTION || !quotes(sources)) {
            return;
        }
        List<DatedText> own = datedTexts(sources, true);
        boolean wished = own.stream().anyMatch(one -> LanguageRules.matches(PatternSet.REVOCATION, one.text()))
                || ClaimSupport.touches(ClaimTerms.extract(known.text()), new SourceEvidence(own, List.of()));
        if (!wished) {
            throw new ProposalRefusedException(
                    RefusalReason.QUOTED, "the user quotes or passes on the wish to change an instruction");
        }
    }

    private boolean quotes(List<MemoryItem> sources) {
        return sources.stream().anyMatch(source -> !own(source).equals(source.text()));
    }

    private String own(MemoryItem item) {
        return ownWords.computeIfAbsent(item.text(), QuotationStripper::strip);
    }

    private SourceEvidence evidence(List<MemoryItem> items, List<MemoryItem> sources) {
        return new SourceEvidence(datedTexts(items, false), labels(sources));
    }

    private List<DatedText> datedTexts(List<MemoryItem> items, boolean own) {
        List<DatedText> said = new ArrayList<>();
        for (MemoryItem item : items) {
            String text = own ? own(item) : item.text();
            said.add(new DatedText(text, when(item).toLocalDate(), item.origin().speaker()));
        }
        return said;
    }

    /**
     * The speakers and dates of the messages; if one speaks of "you" or "us", also the other speakers of the window.
     */
    private List<String> labels(List<MemoryItem> sources) {
        List<String> labels = new ArrayList<>();
        for (MemoryItem source : sources) {
            labels.add(source.origin().speaker());
            DATE_LABELS.forEach(label -> labels.add(label.format(when(source))));
        }
        if (sources.stream().anyMatch(source -> LanguageRules.matches(PatternSet.OTHER_SPEAKERS, source.text()))) {
            window.messages().forEach(message -> labels.add(message.origin().speaker()));
        }
        return labels;
    }

    private ZonedDateTime when(MemoryItem item) {
        return ZoneResolver.timeOf(item, window.zone());
    }

    /** The zone in which the first of several messages was said: what they call a day is one there. */
    ZoneId zoneOf(List<MemoryItem> sources) {
        return ZoneResolver.zoneOf(sources.getFirst(), window.zone());
    }

    static List<ItemId> ids(List<MemoryItem> items) {
        return items.stream().map(MemoryItem::id).toList();
    }
}
