package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of a model.
 *
 * @param path where it is
 * @param what its kind, for messages
 */
record OnnxModelFile(Path path, String what) {
    private static final int HASH_BYTES = 8;

    /** Reads the content. */
    byte[] read() {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Hashes the content, which may be larger than the heap. */
    String hash() {
        MessageDigest digest = sha256();
        try (InputStream content = Files.newInputStream(path);
                OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            content.transferTo(sink);
        } catch (IOException e) {
            throw unreadable(e);
        }
        return hex(digest);
    }

    static String hash(byte[] content) {
        MessageDigest digest = sha256();
        digest.update(content);
        return hex(digest);
    }

    static String hash(String content) {
        return hash(content.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    private MemoryException unreadable(IOException cause) {
        return new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "Cannot read " + what + " file " + path + ": " + cause + ". Check the path.",
                cause);
    }
}
