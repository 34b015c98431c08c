package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.runtime.files.ActivationFile;
import io.memos4j.runtime.files.StateCompression;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.AdapterMix;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Exchanges the contents of slots with llama-server through a folder.
 *
 * <p>The server's file is wrapped in a file of this project, which has a manifest and a checksum: the server itself
 * checks little. Files in the folder live for one call. They are created before the server writes to them, so that only
 * this user can read them.
 *
 * <p>A server also saves an empty slot, and reports success: only the token count tells.
 */
final class SlotFileExchange {
    private final Path folder;
    private final InferenceServerClient connection;
    private final LlamaServerModel model;

    SlotFileExchange(Path folder, InferenceServerClient connection, LlamaServerModel model) {
        this.folder = folder;
        this.connection = connection;
        this.model = model;
        if (!Files.isDirectory(folder)) {
            throw MemoryException.invalid("The slot folder " + folder
                    + " is not there. Name the one that llama-server was started with (--slot-save-path).");
        }
    }

    /** Copies the contents of one slot into another. */
    void copy(InferenceServer.PlacedTokens from, int target) {
        withTemporaryFile(file -> {
            saveSlot(from, file);
            return restoreSlot(from.place(target), file);
        });
    }

    /** Saves a slot that holds all tokens but the last. */
    ActivationManifest save(InferenceServer.PlacedTokens site, int[] all, Path target) {
        if (site.tokens().length == 0) {
            ActivationManifest manifest = manifest(all, 0);
            ActivationFile.write(
                    target,
                    manifest,
                    all,
                    Channels.newChannel(new ByteArrayInputStream(new byte[0])),
                    StateCompression.PLAIN);
            return manifest;
        }
        return withTemporaryFile(file -> {
            saveSlot(site, file);
            try (FileChannel state = FileChannel.open(file, StandardOpenOption.READ)) {
                ActivationManifest manifest = manifest(all, state.size());
                ActivationFile.write(target, manifest, all, state, StateCompression.PLAIN);
                return manifest;
            }
        });
    }

    private ActivationManifest manifest(int[] all, long stateBytes) {
        return new ActivationManifest(
                model.identity(),
                model.capabilities().inUse(),
                model.capabilities().runtime(),
                all.length,
                ActivationManifest.hashOf(all),
                stateBytes);
    }

    /** Restores a saved file into a slot, if it is sound and fits, and returns its tokens. */
    int[] restore(int slot, Path source, RuntimeCall call) {
        try (ActivationFile saved = ActivationFile.open(source)) {
            List<String> mismatches = saved.manifest().mismatches(model.identity(), model.capabilities());
            if (!mismatches.isEmpty()) {
                throw new MemoryException(
                        ErrorCode.ACTIVATION_MISMATCH,
                        "The saved activation " + source + " does not fit. " + String.join(" ", mismatches)
                                + " Compute it again from its text.");
            }
            int[] tokens = saved.tokens();
            int most = model.capabilities().handleTokens();
            if (tokens.length > most) {
                throw new MemoryException(
                        ErrorCode.TOO_LARGE,
                        "A handle may hold " + most + " tokens, " + source + " has " + tokens.length + ".");
            }
            withTemporaryFile(file -> {
                try (FileChannel state = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    saved.copyState(state);
                }
                int[] computed = Arrays.copyOf(tokens, tokens.length - 1);
                return computed.length == 0
                        || restoreSlot(new InferenceServer.PlacedTokens(slot, computed, AdapterMix.NONE, call), file);
            });
            return tokens;
        }
    }

    private void saveSlot(InferenceServer.PlacedTokens site, Path file) {
        JsonNode answer = callSlotAction(site, "save", file);
        int saved = answer.path("n_saved").asInt(-1);
        if (saved != site.tokens().length) {
            throw new MemoryException(
                    ErrorCode.RUNTIME_FAILED,
                    "The server saved " + saved + " tokens of slot " + site.place() + ", which should hold "
                            + site.tokens().length + ": something else uses or empties its slots. Start it with"
                            + " --no-kv-unified or --no-cache-idle-slots, and for memos4j alone.");
        }
    }

    private boolean restoreSlot(InferenceServer.PlacedTokens site, Path file) {
        int restored = callSlotAction(site, "restore", file).path("n_restored").asInt(-1);
        if (restored != site.tokens().length) {
            throw new MemoryException(
                    ErrorCode.ACTIVATION_CORRUPT,
                    "The server restored " + restored + " tokens instead of " + site.tokens().length
                            + ". Compute them again.");
        }
        return true;
    }

    private JsonNode callSlotAction(InferenceServer.PlacedTokens site, String action, Path file) {
        return connection.post(
                "/slots/" + site.place() + "?action=" + action,
                InferenceJson.object().put("filename", file.getFileName().toString()),
                site.call());
    }

    /** Uses a file in the folder. */
    private interface FileAction<T> {
        T with(Path file) throws IOException;
    }

    private <T> T withTemporaryFile(FileAction<T> work) {
        try {
            Path file = Files.createTempFile(folder, "memos4j-", ".slot");
            try {
                return work.with(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (ClosedByInterruptException e) {
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while using the slot folder.", e);
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot use the slot folder " + folder + ": " + e + ". Check that this process may write there.",
                    e);
        }
    }
}
