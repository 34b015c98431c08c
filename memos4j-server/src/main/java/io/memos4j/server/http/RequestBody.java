package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The bytes of a request, within the limits of the server. Used by one thread. */
final class RequestBody {
    /** The body of a request that has none, or whose body was not read. */
    static final RequestBody NONE = new RequestBody(new byte[0], Optional.empty(), Optional.empty());

    private static final int CHUNK = 1 << 13;

    private final byte[] bytes;
    private final Optional<LoadLimits> load;
    private final Optional<BodyBudget.Account> memory;

    private RequestBody(byte[] bytes, Optional<LoadLimits> load, Optional<BodyBudget.Account> memory) {
        this.bytes = bytes;
        this.load = load;
        this.memory = memory;
    }

    /**
     * Reads a body. A larger one than allowed is rejected before it is read if the client declares its length.
     *
     * @param account pays for the body while the request runs
     */
    static RequestBody receive(HttpServletRequest request, ServerLimits limits, BodyBudget.Account account) {
        int most = limits.bodyBytes();
        long declared = request.getContentLengthLong();
        if (declared > most) {
            throw tooLarge(most);
        }
        account.requireRoom(declared * BodyBudget.BYTES_PER_BYTE);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = request.getInputStream()) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (read.size() + count > most) {
                    throw tooLarge(most);
                }
                account.take((long) count * BodyBudget.BYTES_PER_BYTE);
                read.write(chunk, 0, count);
            }
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.INVALID_ARGUMENT, "The body ended before it was complete.", e);
        }
        return new RequestBody(read.toByteArray(), Optional.of(limits.load()), Optional.of(account));
    }

    private static MemoryException tooLarge(int most) {
        return new MemoryException(
                ErrorCode.TOO_LARGE,
                "The body is larger than " + most + " bytes. Send it in parts, or raise limits.body.");
    }

    byte[] bytes() {
        return bytes;
    }

    /** Returns the bytes of JSON that is small enough to be parsed, and takes the memory for that. */
    byte[] json() {
        JsonSize size = JsonSize.of(bytes);
        load.ifPresent(limits -> requireParsable(size, limits));
        memory.ifPresent(account -> account.take((long) size.values() * BodyBudget.BYTES_PER_VALUE));
        return bytes;
    }

    private static void requireParsable(JsonSize size, LoadLimits load) {
        if (size.values() > load.bodyValues()) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE, "The body has more than " + load.bodyValues() + " values. Send it in parts.");
        }
        if (size.longestList() > load.bodyList()) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "A list of the body has " + size.longestList() + " entries, at most " + load.bodyList()
                            + " are taken at once. Send it in parts.");
        }
    }
}
