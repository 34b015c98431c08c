package io.memos4j.server.console;

import io.memos4j.server.http.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One file of the console, held in memory, with the tag by which a browser knows whether it has it already.
 * Thread-safe.
 */
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

    /** Reads the file that lies beside this class under this name. */
    static ConsoleAsset load(String name) {
        try (InputStream in = Objects.requireNonNull(ConsoleAsset.class.getResourceAsStream(name), name)) {
            byte[] bytes = in.readAllBytes();
            // Weak, because the same file also goes out compressed.
            return new ConsoleAsset(bytes, type(name), "W/\"" + hash(bytes) + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the console's file " + name, e);
        }
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml; charset=utf-8";
            default -> throw new IllegalArgumentException("The console has no files like " + name);
        };
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).substring(0, TAG_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** Answers with the file, or with nothing if the browser has it. */
    void send(HttpExchange exchange) {
        exchange.header("ETag", tag);
        // A browser may keep it but asks each time, so that a new version of the server is seen at once.
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
