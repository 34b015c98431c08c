package io.memos4j.core.language;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds the constants that language packs name. */
public final class RuleNames {
    private RuleNames() {}

    /**
     * Finds the constant of this name.
     *
     * @param what the thing that is named, for the error
     * @param origin the file and line of the name, for the error
     * @throws IllegalStateException if no constant has this name
     */
    public static <E extends Enum<E>> E find(E[] known, String name, String what, String origin) {
        return Arrays.stream(known)
                .filter(each -> id(each).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Language pack " + origin + ": Unknown " + what + " '"
                        + name + "'. Known are: "
                        + Arrays.stream(known).map(RuleNames::id).collect(Collectors.joining(", ")) + "."));
    }

    /** The name that a constant has in packs. */
    static String id(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
