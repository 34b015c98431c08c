package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds the memory that the bodies of all running requests take. A principal gets at most half of it, so that it
 * cannot keep out the others. Thread-safe.
 */
final class BodyBudget {
    /** Bytes of memory for a byte of a body: itself, its text, and the texts cut from it. */
    static final int BYTES_PER_BYTE = 4;

    /** Bytes of memory for a value of a parsed body. */
    static final int BYTES_PER_VALUE = 128;

    private final long most;
    private final Map<String, Long> takenBy = new HashMap<>();
    private long taken;

    /** @param most bytes for all bodies */
    BodyBudget(long most) {
        this.most = most;
    }

    /** The memory of one request. Not thread-safe. */
    final class Account implements AutoCloseable {
        private final String principal;
        private long held;

        private Account(String principal) {
            this.principal = principal;
        }

        /**
         * Takes memory.
         *
         * @throws MemoryException with {@link ErrorCode#TOO_LARGE} if the request alone takes more than its principal
         *     may have, with {@link ErrorCode#OVERLOADED} if others must end first
         */
        void take(long bytes) {
            requireRoom(held + bytes);
            reserve(principal, bytes);
            held += bytes;
        }

        /** Rejects a request that will take more than its principal may have. */
        void requireRoom(long bytes) {
            if (bytes > most / 2) {
                throw new MemoryException(
                        ErrorCode.TOO_LARGE,
                        "The body takes more memory than this server has for a request. Send it in parts.");
            }
        }

        @Override
        public void close() {
            release(principal, held);
            held = 0;
        }
    }

    Account open(String principal) {
        return new Account(principal);
    }

    private synchronized void reserve(String principal, long bytes) {
        long own = takenBy.getOrDefault(principal, 0L) + bytes;
        if (taken + bytes > most || own > most / 2) {
            throw new MemoryException(
                    ErrorCode.OVERLOADED,
                    "The bodies of running requests take all of the memory that is set aside for them. Try again.");
        }
        takenBy.put(principal, own);
        taken += bytes;
    }

    private synchronized void release(String principal, long bytes) {
        taken -= bytes;
        takenBy.computeIfPresent(principal, (name, own) -> own > bytes ? own - bytes : null);
    }
}
