package io.memos4j.runtime.http;

import io.memos4j.api.MemoryException;
import io.memos4j.http.HttpEndpoints;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Address and settings of an inference server. The text of this record shows neither key nor salt.
 *
 * @param server the address without a path of the API, for example {@code http://localhost:8080}
 * @param apiKey sent as a bearer token; empty if the server asks for none
 * @param model the name, where the server has several; empty for the first
 * @param caches types of the KV cache that the server was started with, which it does not report. F16 by default
 * @param slotFolder the folder that llama-server was started with ({@code --slot-save-path}), if this machine sees it;
 *     handles are saved and forked through it. The server must run as the user of this process, or as root
 * @param salt separates the prefixes that vLLM and SGLang cache for this runtime from those of others; empty for none.
 *     A server that cannot do so is refused with {@link io.memos4j.api.ErrorCode#UNSUPPORTED}. llama-server needs none:
 *     each handle has its own slot
 * @param handles handles that may be open at once, 1 to {@value #MAX_HANDLES}; 16 by default, on llama-server at most
 *     its slots
 * @param timeout the longest wait for an answer, or for the next token of a stream; ten minutes by default
 */
public record HttpRuntimeOptions(
        URI server,
        String apiKey,
        String model,
        KvCacheTypes caches,
        Optional<Path> slotFolder,
        String salt,
        int handles,
        Duration timeout) {
    public static final int MAX_HANDLES = 1_024;

    static final Duration LONGEST = Duration.ofDays(1);

    public HttpRuntimeOptions {
        HttpEndpoints.requireBase(server, "a server", MemoryException::invalid);
        apiKey = HttpEndpoints.requireKey(apiKey, "a server", MemoryException::invalid);
        if (handles < 1 || handles > MAX_HANDLES) {
            throw MemoryException.invalid("handles must be 1 to " + MAX_HANDLES + " (was " + handles + ").");
        }
        if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
            throw MemoryException.invalid(
                    "The timeout must be positive, " + LONGEST.toDays() + " day at most (was " + timeout + ").");
        }
    }

    /** Creates options with the defaults. */
    public static HttpRuntimeOptions of(URI server) {
        return new HttpRuntimeOptions(
                server, "", "", KvCacheTypes.of(KvCacheType.F16), Optional.empty(), "", 16, Duration.ofMinutes(10));
    }

    public HttpRuntimeOptions apiKey(String newApiKey) {
        return new HttpRuntimeOptions(server, newApiKey, model, caches, slotFolder, salt, handles, timeout);
    }

    public HttpRuntimeOptions model(String newModel) {
        return new HttpRuntimeOptions(server, apiKey, newModel, caches, slotFolder, salt, handles, timeout);
    }

    public HttpRuntimeOptions caches(KvCacheTypes newCaches) {
        return new HttpRuntimeOptions(server, apiKey, model, newCaches, slotFolder, salt, handles, timeout);
    }

    public HttpRuntimeOptions slotFolder(Path newSlotFolder) {
        return new HttpRuntimeOptions(
                server, apiKey, model, caches, Optional.of(newSlotFolder), salt, handles, timeout);
    }

    public HttpRuntimeOptions salt(String newSalt) {
        return new HttpRuntimeOptions(server, apiKey, model, caches, slotFolder, newSalt, handles, timeout);
    }

    public HttpRuntimeOptions handles(int newHandles) {
        return new HttpRuntimeOptions(server, apiKey, model, caches, slotFolder, salt, newHandles, timeout);
    }

    public HttpRuntimeOptions timeout(Duration newTimeout) {
        return new HttpRuntimeOptions(server, apiKey, model, caches, slotFolder, salt, handles, newTimeout);
    }

    @Override
    public String toString() {
        return "HttpRuntimeOptions[server=" + server + ", model=" + model + ", caches=" + caches + ", slotFolder="
                + slotFolder + ", handles=" + handles + ", timeout=" + timeout + "]";
    }
}
