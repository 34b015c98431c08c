package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.Sha256Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of a model.
 *
 * @param path where it is
 * @param what its kind, for messages
 */
record OnnxModelFile(Path path, String what) {
    private static final int HASH_LENGTH = 16;

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
        try {
            return Sha256Hash.of(path).substring(0, HASH_LENGTH);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static String hash(byte[] content) {
        return Sha256Hash.of(content).substring(0, HASH_LENGTH);
    }

    static String hash(String content) {
        return Sha256Hash.of(content).substring(0, HASH_LENGTH);
    }

    private MemoryException unreadable(IOException cause) {
        return new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "Cannot read " + what + " file " + path + ": " + cause + ". Check the path.",
                cause);
    }
}
