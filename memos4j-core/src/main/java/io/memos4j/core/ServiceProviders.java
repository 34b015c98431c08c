package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.ServiceLoader;

/** Looks up the implementations on the class path. */
final class ServiceProviders {
    private ServiceProviders() {}

    /**
     * Returns the first provider of a type.
     *
     * @param module named in the error if there is none
     */
    static <T> T require(Class<T> type, String module) {
        return ServiceLoader.load(type)
                .findFirst()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "No " + type.getSimpleName() + " is on the class path. Add " + module + "."));
    }
}
