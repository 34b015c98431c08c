package io.memos4j.core.privacy;

import io.memos4j.api.items.Authorship;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Reader;
import io.memos4j.api.privacy.Sensitivity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Withholds from one reader of one cube what its labels keep from that reader. A text that is labeled as a whole is
 * withheld as a whole; otherwise the secrets and personal data in it are, which are found anew, so that nothing about
 * them is stored. Where they are not found any more, for example by the rules of a later release, the whole text is
 * withheld. Thread-safe.
 */
public final class Redactor {
    /** Withholds nothing. */
    public static final Redactor NONE = new Redactor(PrivacyPolicy.DEFAULT, Reader.OWNER);

    private final Set<Sensitivity> hidden;

    public Redactor(PrivacyPolicy policy, Reader reader) {
        this.hidden = Stream.of(Sensitivity.values())
                .filter(label -> !reader.reads(label, policy))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The redactor of what a language model gets to read for the owner of a cube. */
    public static Redactor forPrompts(PrivacyPolicy policy) {
        return new Redactor(policy, Reader.OWNER.throughModel());
    }

    /** Returns whether the reader reads everything. */
    public boolean showsAll() {
        return hidden.isEmpty();
    }

    /** The labels that are withheld, by their names. */
    public List<String> hiddenLabels() {
        return hidden.stream().map(Sensitivity::id).sorted().toList();
    }

    /** Returns whether something of the item is withheld. */
    public boolean hides(MemoryItem item) {
        return hidesWhole(item) || hides(item.label().given(), item.sensitivity());
    }

    private boolean hides(Sensitivity given, Sensitivity most) {
        return hidden.stream().anyMatch(label -> label.isAbove(given) && !label.isAbove(most));
    }

    /** Returns whether the whole text of the item is withheld, so that there is nothing to match. */
    public boolean hidesWhole(MemoryItem item) {
        return hidden.contains(item.label().given());
    }

    /** The item as the reader may see it; the same item if nothing of it is withheld. */
    public MemoryItem redact(MemoryItem item) {
        if (!hides(item)) {
            return item;
        }
        if (hidesWhole(item)) {
            return withheld(item, item.label().given());
        }
        Cut cut = new Cut(item);
        String text = cut.redact(item.text());
        String title = cut.redact(item.title());
        Set<String> tags = item.tags().stream().map(cut::redact).collect(Collectors.toSet());
        Map<String, Object> metadata = cut.redact(item.metadata());
        boolean changed = !text.equals(item.text())
                || !title.equals(item.title())
                || !tags.equals(item.tags())
                || !metadata.equals(item.metadata());
        return changed || !hidden.contains(item.sensitivity()) || cut.isRedacted(item)
                ? copy(item, text, title, tags, metadata)
                : withheld(item, item.sensitivity());
    }

    /** A text that was taken from an item, for example an excerpt or a sentence, as the reader may see it. */
    public String redact(MemoryItem item, String part) {
        if (!hides(item)) {
            return part;
        }
        MemoryItem redacted = redact(item);
        return hidesWhole(item) || redacted.text().equals(placeholder(item.sensitivity()))
                ? redacted.text()
                : new Cut(item).redact(part);
    }

    /** A text of unknown origin, for example a warning, without the secrets and personal data that it holds. */
    public String redact(String text) {
        return showsAll()
                ? text
                : replace(text, span -> hidden.contains(span.kind().label()));
    }

    private static MemoryItem withheld(MemoryItem item, Sensitivity label) {
        return copy(item, placeholder(label), "", Set.of(), Map.of());
    }

    private static String placeholder(Sensitivity label) {
        return "[" + label.id() + " text withheld]";
    }

    private static MemoryItem copy(
            MemoryItem item, String text, String title, Set<String> tags, Map<String, Object> metadata) {
        return new MemoryItem(
                item.cube(),
                item.id(),
                item.version(),
                item.type(),
                item.state(),
                text,
                title,
                item.origin(),
                item.times(),
                tags,
                metadata,
                item.standing(),
                withoutQuotation(item.authorship()),
                item.label());
    }

    /** A suspicion quotes the text. */
    private static Authorship withoutQuotation(Authorship by) {
        return by.isSuspected() ? new Authorship(by.principal(), "withheld") : by;
    }

    private static String replace(String text, Predicate<SensitiveSpan> withheld) {
        StringBuilder shown = new StringBuilder();
        int from = 0;
        for (SensitiveSpan span : SensitiveTextDetector.find(text)) {
            if (withheld.test(span) && span.end() > from) {
                if (span.start() >= from) {
                    shown.append(text, from, span.start()).append(span.kind().placeholder());
                }
                from = span.end();
            }
        }
        return from == 0 ? text : shown.append(text, from, text.length()).toString();
    }

    /** The redaction of one item: its secrets are withheld wherever they stand in it. */
    private final class Cut {
        private final Predicate<SensitiveSpan> withheld;
        private final List<SensitiveSpan> spans;

        Cut(MemoryItem item) {
            Sensitivity most = item.sensitivity();
            this.withheld = span ->
                    hidden.contains(span.kind().label()) && !span.kind().label().isAbove(most);
            this.spans = Stream.of(item.text(), item.title())
                    .flatMap(text -> SensitiveTextDetector.find(text).stream())
                    .filter(withheld)
                    .toList();
        }

        /** Tells whether an item shows that something of it is withheld already. */
        boolean isRedacted(MemoryItem item) {
            String texts = item.text() + item.title() + item.tags() + item.metadata();
            return Stream.of(SensitiveKind.values()).anyMatch(kind -> texts.contains(kind.placeholder()));
        }

        String redact(String text) {
            String shown = replace(text, withheld);
            for (SensitiveSpan span : spans) {
                shown = shown.replace(span.text(), span.kind().placeholder());
            }
            return shown;
        }

        Map<String, Object> redact(Map<String, Object> metadata) {
            Map<String, Object> shown = new LinkedHashMap<>();
            metadata.forEach((name, value) -> shown.put(redact(name), redactValue(value)));
            return shown;
        }

        private Object redactValue(Object value) {
            return switch (value) {
                case String text -> redact(text);
                case Map<?, ?> map -> {
                    Map<String, Object> shown = new LinkedHashMap<>();
                    map.forEach((name, each) -> shown.put(redact(String.valueOf(name)), redactValue(each)));
                    yield shown;
                }
                case Collection<?> list -> {
                    List<Object> shown = new ArrayList<>();
                    list.forEach(each -> shown.add(redactValue(each)));
                    yield shown;
                }
                default ->
                    spans.stream().anyMatch(span -> span.text().equals(String.valueOf(value)))
                            ? redact(String.valueOf(value))
                            : value;
            };
        }
    }
}
