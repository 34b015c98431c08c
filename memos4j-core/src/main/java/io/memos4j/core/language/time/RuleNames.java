package io.memos4j.core.language.time;

import io.memos4j.core.language.LanguageRule;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds the constants that the keys of time rules name. */
final class RuleNames {
    private RuleNames() {}

    static <E extends Enum<E>> E find(E[] known, String name, LanguageRule rule) {
        return Arrays.stream(known)
                .filter(each -> id(each).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("Language pack " + rule.origin() + ": Unknown rule '" + name
                                + "'. Known are: "
                                + Arrays.stream(known).map(RuleNames::id).collect(Collectors.joining(", ")) + "."));
    }

    private static String id(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
