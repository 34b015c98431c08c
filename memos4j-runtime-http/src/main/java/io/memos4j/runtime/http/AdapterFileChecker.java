package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.Sha256Hash;
import io.memos4j.spi.runtime.AdapterFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads an adapter before a server does: servers take numbers that are none, and folders with pickles. What lies on
 * another machine, the adapter or the model that it is for, cannot be looked at.
 *
 * @param model where the server says that its model lies
 */
record AdapterFileChecker(String model) {

    /** Refuses a GGUF file that is not the one of its hash, damaged, hostile or not for the model. */
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
                                + ": it was changed or damaged. Train it anew, or restore it from a backup.");
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

    /** Refuses a folder of PEFT that is damaged, hostile or not for the model. */
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
            // The name of a repository, or a path of another machine.
            return Optional.empty();
        }
    }

    /** Models of kinds that we do not read are the server's affair. */
    private static Optional<BaseModel> base(Function<Path, BaseModel> read, Path path) {
        try {
            return Optional.of(read.apply(path));
        } catch (MemoryException e) {
            return Optional.empty();
        }
    }
}
