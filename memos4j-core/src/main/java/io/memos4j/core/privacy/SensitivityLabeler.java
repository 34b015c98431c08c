package io.memos4j.core.privacy;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.privacy.LabelRule;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.privacy.SensitivityLabel;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Labels items by what their texts hold, and applies the policy of a cube to new ones. */
public final class SensitivityLabeler {
    /** Shorter secrets may be in a text by chance. */
    private static final int TELLING = 4;

    private SensitivityLabeler() {}

    /** The item with the label of its caller, or of the secrets and personal data in it if that is higher. */
    public static MemoryItem label(MemoryItem item, Sensitivity given) {
        return item.withLabel(new SensitivityLabel(given, given.max(found(item))));
    }

    /** The label of an item that has none of its caller. */
    public static SensitivityLabel labelOf(MemoryItem item) {
        return label(item, Sensitivity.INTERNAL).label();
    }

    /**
     * Labels an item that quotes others: as a whole by what was labeled as a whole, and by what it repeats of a source
     * where it is not recognized any more.
     */
    public static MemoryItem labelQuoting(MemoryItem item, Collection<MemoryItem> sources) {
        Sensitivity given = Sensitivity.INTERNAL;
        for (MemoryItem source : sources) {
            given = given.max(source.label().given());
            if (source.sensitivity().isAbove(given)) {
                given = given.max(repeated(item.text(), source));
            }
        }
        return label(item, given);
    }

    /**
     * Labels an item that tells in other words what others say: as a whole by the highest of their labels, of which
     * secrets do not count, since they are withheld from those who find other words.
     */
    public static MemoryItem labelReworded(MemoryItem item, Collection<MemoryItem> sources) {
        Sensitivity given = item.label().given();
        for (MemoryItem source : sources) {
            given = given.max(source.label().given()).max(source.sensitivity().min(Sensitivity.PRIVATE));
        }
        return label(item, given.max(labelQuoting(item, sources).label().given()));
    }

    private static Sensitivity repeated(String text, MemoryItem source) {
        List<SensitiveSpan> known = SensitiveTextDetector.find(text);
        return SensitiveTextDetector.find(source.text()).stream()
                .filter(span -> span.text().length() >= TELLING && text.contains(span.text()))
                .filter(span -> known.stream()
                        .noneMatch(each -> each.text().contains(span.text())
                                && !span.kind().label().isAbove(each.kind().label())))
                .map(span -> span.kind().label())
                .max(Sensitivity::compareTo)
                .orElse(Sensitivity.INTERNAL);
    }

    private static Sensitivity found(MemoryItem item) {
        return texts(item)
                .flatMap(text -> SensitiveTextDetector.find(text).stream())
                .map(span -> span.kind().label())
                .max(Sensitivity::compareTo)
                .orElse(Sensitivity.PUBLIC);
    }

    /** The texts of an item that callers write. */
    private static Stream<String> texts(MemoryItem item) {
        return Stream.of(Stream.of(item.text(), item.title()), item.tags().stream(), strings(item.metadata()))
                .flatMap(each -> each)
                .filter(text -> !text.isEmpty());
    }

    private static Stream<String> strings(Object value) {
        return switch (value) {
            case String text -> Stream.of(text);
            case Map<?, ?> map -> map.values().stream().flatMap(SensitivityLabeler::strings);
            case Collection<?> list -> list.stream().flatMap(SensitivityLabeler::strings);
            default -> Stream.empty();
        };
    }

    /**
     * Refuses an item whose label the policy of its cube blocks.
     *
     * @param what names the input in the error, for example {@code Message 3}
     * @throws MemoryException with {@link ErrorCode#SENSITIVE_CONTENT}, without the text
     */
    public static void requireAllowed(MemoryItem item, PrivacyPolicy policy, String what) {
        Stream.of(Sensitivity.PRIVATE, Sensitivity.SECRET)
                .filter(label -> policy.rule(label).action() == LabelRule.Action.BLOCK)
                .filter(label -> holds(item, label))
                .findFirst()
                .ifPresent(label -> {
                    throw new MemoryException(
                            ErrorCode.SENSITIVE_CONTENT,
                            what + " is " + label.id() + kinds(item, label) + ", which the privacy policy of cube '"
                                    + item.cube() + "' blocks. Nothing was stored. Leave it out, or have the cube's"
                                    + " settings allow it.");
                });
    }

    private static boolean holds(MemoryItem item, Sensitivity label) {
        return item.label().given() == label
                || item.sensitivity() == label
                || item.sensitivity().isAbove(label) && !kinds(item, label).isEmpty();
    }

    /** " (card number, e-mail address)": the kinds with a label that the texts of an item hold. */
    private static String kinds(MemoryItem item, Sensitivity label) {
        String kinds = texts(item)
                .flatMap(text -> SensitiveTextDetector.find(text).stream())
                .filter(span -> span.kind().label() == label)
                .map(span -> span.kind().words())
                .distinct()
                .collect(Collectors.joining(", "));
        return kinds.isEmpty() ? "" : " (" + kinds + ")";
    }

    /** The end of the time after which items with this label expire; empty if they do not. */
    public static Optional<Instant> expiry(MemoryItem item, PrivacyPolicy policy, Instant now) {
        return List.of(item.label().given(), item.sensitivity()).stream()
                .flatMap(label -> policy.rule(label).expireAfter().stream())
                .map(now::plus)
                .min(Instant::compareTo);
    }
}
