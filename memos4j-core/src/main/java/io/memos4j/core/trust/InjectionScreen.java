package io.memos4j.core.trust;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRule;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.QuotationStripper;
import io.memos4j.core.language.RuleSet;
import io.memos4j.core.prompt.DataBlock;
import io.memos4j.core.prompt.TemplateMarks;
import io.memos4j.core.trust.HiddenText.Revealed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Suspects texts that try to instruct a model rather than to tell something.
 *
 * <p>A text is suspected by a phrase that gives a model orders in the place of its user ("ignore all your
 * instructions"), by two kinds of weaker signs (a rule for every answer, and "don't tell the user"), by one sign after
 * a forged turn or delimiter of the prompt, or by one that is hidden. Phrases in quotes and in code, and single phrases
 * in a text about attacks, are none. The owner's words need more, see {@link Leniency}. The signs are rules of the
 * language packs. Nothing depends on this alone: what the owner did not say instructs nobody, suspected or not.
 */
public final class InjectionScreen {
    private static final String ORDER = "order";
    private static final String TEMPLATE = "template";
    private static final String ROLE = "role";
    private static final String DELIMITER = "delimiter";
    private static final String HIDDEN = "hidden";

    /** Signs by which a text poses as something else. */
    private static final Set<String> POSING = Set.of(TEMPLATE, HIDDEN, DELIMITER);

    /** Signs in the form of a text, without which words it has. */
    private static final Set<String> FORM = Set.of(TEMPLATE, HIDDEN, DELIMITER, ROLE);

    /** Kinds that nobody uses of himself: an owner's words with one of these are somebody else's. */
    private static final Set<String> FOREIGN = Set.of("concealment", "address", DELIMITER);

    /** The words that surround a quotation, at least. */
    private static final int CONTEXT_WORDS = 3;

    private static final Pattern WORD = Pattern.compile("\\p{L}{2,}|[\\p{IsHan}\\p{IsHiragana}]");
    private static final int SHOWN = 80;

    /** The strictness of the screening. */
    public enum Leniency {
        /** The owner of the cube speaks: orders are theirs to give, unless they are hidden or pose as another turn. */
        OWNER,
        /** Somebody else speaks, or a document, a tool, a web page, an assistant. */
        OTHERS
    }

    private InjectionScreen() {}

    /** Finds the signs that make a text suspicious, for people to read; empty if it is not. */
    public static Optional<String> findIn(String text, Leniency leniency) {
        Revealed revealed = HiddenText.reveal(text);
        if (leniency == Leniency.OWNER && !isPosing(revealed) && !mayOrder(revealed.plain())) {
            return Optional.empty();
        }
        Map<String, String> signs = signs(revealed.plain());
        if (revealed.concealed() && !signs.isEmpty() && !signs(text).keySet().containsAll(signs.keySet())) {
            signs.put(HIDDEN, "invisible or look-alike characters");
        }
        for (String decoded : revealed.decoded()) {
            Map<String, String> inside = signs(decoded);
            if (inside.containsKey(ORDER) || inside.size() > 1) {
                signs.putAll(inside);
                signs.put(HIDDEN, "encoded text");
            }
        }
        return isSuspicious(signs, leniency)
                ? Optional.of(signs.entrySet().stream()
                        .map(sign -> sign.getKey() + ": " + sign.getValue())
                        .collect(Collectors.joining("; ")))
                : Optional.empty();
    }

    /** Returns whether a text may pose as something else; an owner's words that neither do nor order need no more. */
    private static boolean isPosing(Revealed revealed) {
        return revealed.concealed()
                || !revealed.decoded().isEmpty()
                || TemplateMarks.AT_LINE_START.matcher(revealed.plain()).find()
                || DataBlock.MARK.matcher(revealed.plain()).find();
    }

    private static boolean mayOrder(String text) {
        InjectionHints.Hinted hinted = InjectionHints.find(text);
        return hinted.kinds().entrySet().stream()
                .anyMatch(each -> each.getKey().rules(RuleSet.INJECTION_ORDERS).stream()
                        .anyMatch(order -> each.getValue().contains(order.key())
                                && order.pattern().matcher(hinted.text()).find()));
    }

    /** Finds orders to a model in words of others that were said in several turns; empty if there are none. */
    public static Optional<String> findOrderIn(String text) {
        return Optional.ofNullable(signs(HiddenText.reveal(text).plain()).get(ORDER));
    }

    private static boolean isSuspicious(Map<String, String> signs, Leniency leniency) {
        return switch (leniency) {
            case OTHERS -> signs.containsKey(ORDER) || signs.size() > 1;
            case OWNER -> {
                boolean posing = signs.keySet().stream().anyMatch(POSING::contains);
                boolean says = !FORM.containsAll(signs.keySet());
                yield posing && says
                        || signs.containsKey(ORDER)
                                && signs.size() > 2
                                && signs.keySet().stream().anyMatch(FOREIGN::contains);
            }
        };
    }

    /** The signs in a text by their kind, without those that are only quoted or discussed. */
    private static Map<String, String> signs(String whole) {
        InjectionHints.Hinted hinted = InjectionHints.find(whole);
        String text = hinted.text();
        Map<LanguagePack, Set<String>> kinds = hinted.kinds();
        Map<String, String> signs = find(text, kinds);
        if (signs.isEmpty()) {
            return signs;
        }
        String own = QuotationStripper.stripQuotes(text);
        if (own.length() < text.length()
                && WORD.matcher(own).results().limit(CONTEXT_WORDS).count() == CONTEXT_WORDS) {
            signs = find(own, kinds);
        }
        boolean discussed = signs.size() == 1
                && kinds.keySet().stream().anyMatch(pack -> pack.matches(PatternSet.INJECTION_DISCUSSED, whole));
        return discussed ? new LinkedHashMap<>() : signs;
    }

    private static Map<String, String> find(String text, Map<LanguagePack, Set<String>> kinds) {
        Map<String, String> signs = new LinkedHashMap<>();
        kinds.forEach((pack, hinted) -> {
            for (LanguageRule order : pack.rules(RuleSet.INJECTION_ORDERS)) {
                if (hinted.contains(order.key())) {
                    note(signs, ORDER, order.pattern(), text);
                }
            }
            for (LanguageRule cue : pack.rules(RuleSet.INJECTION_CUES)) {
                if (hinted.contains(cue.key())) {
                    note(signs, cue.key(), cue.pattern(), text);
                }
            }
        });
        if (!signs.isEmpty() || text.indexOf('<') >= 0 || text.indexOf('[') >= 0) {
            note(signs, TEMPLATE, TemplateMarks.AT_LINE_START, text);
            note(signs, ROLE, TemplateMarks.ROLE_HEADING, text);
            note(signs, DELIMITER, DataBlock.MARK, text);
        }
        return signs;
    }

    private static void note(Map<String, String> signs, String kind, Pattern pattern, String text) {
        if (!signs.containsKey(kind)) {
            Matcher found = pattern.matcher(text);
            if (found.find()) {
                String words = found.group().strip().replaceAll("\\s+", " ");
                signs.put(
                        kind,
                        words.length() <= SHOWN
                                ? words
                                : words.substring(0, SHOWN).strip() + "…");
            }
        }
    }
}
