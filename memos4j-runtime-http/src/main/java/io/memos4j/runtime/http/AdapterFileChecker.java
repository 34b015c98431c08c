package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.spi.runtime.AdapterFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Checks adapter files before a server reads them: servers accept numbers that are not finite, and folders with
 * pickles. Files on another machine, of the adapter or of its base model, cannot be checked.
 *
 * @param model the path of the model as the server reports it
 */
record AdapterFileChecker(String model) {

    /** Refuses a GGUF file that does not match its hash, is damaged or hostile, or does not fit the model. */
    void gguf(AdapterFiles adapter) {
        Path file = adapter.gguf();
        if (!Files.isReadable(file)) {
            return;
        }
        try {
            if (!Sha256Hash.of(file).equals(adapter.hash())) {
                throw new MemoryException(
                        ErrorCode.ADAPTER_REFUSED,
                        "The adapter " + file + " does not have the hash " + adapter.hash()
                                + ": it was changed or damaged. Train it again, or restore it from a backup.");
            }
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.ADAPTER_REFUSED,
                    "Cannot read the adapter " + file + ": " + e + ". Check that this process may read it.",
                    e);
        }
        LlamaServerModel.findLocalFile(model)
                .flatMap(path -> base(BaseModel::ofGguf, path))
                .ifPresent(base -> LoraAdapter.readGguf(file, base).close());
    }

    /** Refuses a PEFT folder that is damaged or hostile, or does not fit the model. */
    void peft(AdapterFiles adapter) {
        if (Files.isReadable(adapter.peft())) {
            folder().flatMap(path -> base(BaseModel::ofFolder, path))
                    .ifPresent(
                            base -> LoraAdapter.readPeft(adapter.peft(), base).close());
        }
    }

    private Optional<Path> folder() {
        try {
            Path path = Path.of(model);
            return path.isAbsolute() && Files.isDirectory(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            // The name of a repository, or a path on another machine.
            return Optional.empty();
        }
    }

    /** Reads the base model; empty for families that this project does not read, which are left to the server. */
    private static Optional<BaseModel> base(Function<Path, BaseModel> read, Path path) {
        try {
            return Optional.of(read.apply(path));
        } catch (MemoryException e) {
            return Optional.empty();
        }
    }
}
