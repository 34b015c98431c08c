package io.memos4j.core.language;

import io.memos4j.api.items.ItemType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The attribute and the value of a preference or an instruction, as the standing frames of the language packs read
 * them. The key of a frame names the type, the attribute and the value, {@code preference taste like}; {@code *} stands
 * for the group {@code value}. The group {@code object} belongs to the attribute: what one likes is liked or disliked,
 * and says nothing about other things. The groups {@code value} and {@code other} are a choice between two things.
 *
 * @param ended whether the sentence says that this value holds no longer
 */
record StandingFrame(ItemType type, String attribute, String value, boolean ended) {
    private static final String GROUP = "*";
    private static final Pattern END = Pattern.compile("[.!。！\\s]+$");

    /** Parses a sentence; empty if no frame fits it as a whole. */
    static Optional<StandingFrame> parse(String sentence) {
        String bare = END.matcher(sentence).replaceAll("");
        String introduced = LanguageRules.replaceAll(PatternSet.INTRODUCTION, bare, "");
        // The whole first: "no" introduces in one language and denies in another.
        return Stream.of(bare, introduced)
                .flatMap(text -> LanguageRules.packsFor(text).stream()
                        .flatMap(pack -> Stream.concat(
                                parse(pack, RuleSet.ENDED_STANDING_FRAMES, text),
                                parse(pack, RuleSet.STANDING_FRAMES, text))))
                .findFirst();
    }

    private static Stream<StandingFrame> parse(LanguagePack pack, RuleSet frames, String sentence) {
        return pack.rules(frames).stream().flatMap(frame -> {
            Matcher matcher = frame.pattern().matcher(sentence);
            return matcher.matches()
                    ? Stream.of(create(frame.key(), matcher, frames == RuleSet.ENDED_STANDING_FRAMES))
                    : Stream.empty();
        });
    }

    private static StandingFrame create(String key, Matcher matcher, boolean ended) {
        String[] parts = key.split(" ", 3);
        String value = parts[2].equals(GROUP) ? bare(matcher.group("value")) : parts[2];
        String attribute = Stream.concat(
                        Stream.of(parts[1]),
                        has(matcher, "other")
                                ? Stream.of(value, bare(matcher.group("other"))).sorted()
                                : has(matcher, "object") ? Stream.of(bare(matcher.group("object"))) : Stream.empty())
                .collect(Collectors.joining(" "));
        return new StandingFrame(ItemType.parse(parts[0]), attribute, value, ended);
    }

    private static boolean has(Matcher matcher, String group) {
        return matcher.namedGroups().containsKey(group);
    }

    private static String bare(String text) {
        return LanguageRules.replaceAll(PatternSet.SUBJECT_NOISE, TextNormalizer.withoutQuotes(text), "")
                .strip();
    }
}
