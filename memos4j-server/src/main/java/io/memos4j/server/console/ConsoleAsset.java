package io.memos4j.server.console;

import io.memos4j.internal.Sha256Hash;
import io.memos4j.server.http.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/** A file of the console, held in memory, with its ETag. Thread-safe. */
final class ConsoleAsset {
    private static final int TAG_LENGTH = 32;
    private static final int NOT_MODIFIED = 304;

    private final byte[] bytes;
    private final String type;
    private final String tag;

    private ConsoleAsset(byte[] bytes, String type, String tag) {
        this.bytes = bytes;
        this.type = type;
        this.tag = tag;
    }

    /** Loads a file from this class's package. */
    static ConsoleAsset load(String name) {
        try (InputStream in = Objects.requireNonNull(ConsoleAsset.class.getResourceAsStream(name), name)) {
            byte[] bytes = in.readAllBytes();
            // A weak tag, because the same file is also sent compressed.
            return new ConsoleAsset(
                    bytes, type(name), "W/\"" + Sha256Hash.of(bytes).substring(0, TAG_LENGTH) + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the console file " + name, e);
        }
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml; charset=utf-8";
            default -> throw new IllegalArgumentException("Unknown type of console file: " + name);
        };
    }

    /** Responds with the file, or with 304 if the browser has it. */
    void send(HttpExchange exchange) {
        exchange.header("ETag", tag);
        // Browsers may cache it but must revalidate, so that a new version of the server takes effect at once.
        exchange.header("Cache-Control", "no-cache");
        if (exchange.header("If-None-Match").filter(this::matchesAny).isPresent()) {
            exchange.context().status(NOT_MODIFIED);
        } else {
            exchange.context().status(200).contentType(type).result(bytes);
        }
    }

    private boolean matchesAny(String tags) {
        return Arrays.stream(tags.split(",")).map(String::strip).anyMatch(tag::equals);
    }
}
