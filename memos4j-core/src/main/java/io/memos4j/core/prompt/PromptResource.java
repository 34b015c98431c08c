package io.memos4j.core.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The text of a prompt or a schema that is a resource of this module. */
public final class PromptResource {
    private PromptResource() {}

    /** Reads a resource that lies beside a class. */
    public static String read(Class<?> user, String name) {
        try (InputStream in = user.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + name + " is missing from memos4j-core.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The resource " + name + " of memos4j-core cannot be read.", e);
        }
    }
}
