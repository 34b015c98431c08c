package io.memos4j.internal;

import io.memos4j.api.MemoryException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Converts enum constants to their stored and wire names, the constants in lower case, and back. */
public final class EnumNames {
    private EnumNames() {}

    /** Returns the name of a constant, for example {@code activated}. */
    public static String id(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the constant with this name, in any case.
     *
     * @param what names the kind of value in the error, for example {@code state of an adapter}
     * @throws MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if there is none
     */
    public static <E extends Enum<E>> E parse(Class<E> type, String what, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> MemoryException.invalid("Unknown " + what + " '" + text + "'. Use one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(EnumNames::id)
                                .collect(Collectors.joining(", "))
                        + "."));
    }
}
