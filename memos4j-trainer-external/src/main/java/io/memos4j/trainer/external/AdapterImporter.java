package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.modelfiles.AtomicFolder;
import io.memos4j.modelfiles.LoraAdapter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;

/**
 * Imports an adapter from outside: copies its two files into a folder of this process, checks them there, and then
 * moves the folder. So exactly the checked bytes arrive, even if somebody can still write to the source.
 */
final class AdapterImporter {
    static final String CONFIG = "adapter_config.json";
    static final String TENSORS = "adapter_model.safetensors";
    static final long MOST_CONFIG_BYTES = 1 << 20;

    /** The file that PEFT writes beside every adapter; it is not imported. */
    private static final String CARD = "README.md";

    private static final Set<String> EXPECTED = Set.of(CONFIG, TENSORS, CARD);
    private static final int SHOWN = 100;

    private AdapterImporter() {}

    /** Copies one file of an adapter to a path; the name determines its size limit. */
    @FunctionalInterface
    interface Source {
        void fetch(String name, Path to) throws IOException;
    }

    /** Imports an adapter. */
    static void importAdapter(ExternalTrainingJob job, Source source) {
        AtomicFolder.write(job.request().output(), folder -> {
            source.fetch(CONFIG, folder.resolve(CONFIG));
            source.fetch(TENSORS, folder.resolve(TENSORS));
            requireAsked(job, folder);
        });
    }

    private static void requireAsked(ExternalTrainingJob job, Path folder) {
        try (LoraAdapter adapter = LoraAdapter.readPeft(folder, job.base())) {
            LoraShape asked = job.request().lora();
            if (!adapter.has(asked)) {
                throw refused("it has rank " + adapter.scale().rank() + ", alpha "
                        + adapter.scale().alpha() + " and " + adapter.factors().size()
                        + " matrices, not rank " + asked.rank() + ", alpha " + asked.alpha() + " and "
                        + String.join(", ", job.targets()) + " in all layers. Train the requested adapter");
            }
        }
    }

    /** Reads from the folder that a program has left, which must contain nothing else. */
    static Source folder(ExternalTrainingJob job, Path left) {
        return (name, to) -> {
            requireExpected(left);
            Path file = left.resolve(name);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw refused("there is no regular file " + name + " in the output folder. Write it there");
            }
            copy(file, to, maxBytes(job, name));
        };
    }

    /** The most bytes that a file may have. */
    static long maxBytes(ExternalTrainingJob job, String name) {
        return name.equals(CONFIG) ? MOST_CONFIG_BYTES : job.maxTensorBytes();
    }

    private static void requireExpected(Path left) throws IOException {
        if (!Files.isDirectory(left, LinkOption.NOFOLLOW_LINKS)) {
            throw refused("there is no output folder, or it is a link. Write the adapter into a folder of its own");
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(left)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!EXPECTED.contains(name) || !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    throw refused("the output folder holds " + kind(entry) + " " + excerpt(name) + "; only the files "
                            + CONFIG + " and " + TENSORS + " (and " + CARD
                            + ", which is left) are taken. Write everything else elsewhere");
                }
            }
        }
    }

    private static String kind(Path entry) {
        if (Files.isSymbolicLink(entry)) {
            return "the link";
        }
        return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) ? "the folder" : "the file";
    }

    private static void copy(Path from, Path to, long most) throws IOException {
        try (InputStream in = Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS);
                OutputStream out = Files.newOutputStream(to)) {
            byte[] block = new byte[1 << 16];
            long copied = 0;
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                copied += read;
                if (copied > most) {
                    throw tooLarge(String.valueOf(from.getFileName()), most);
                }
                out.write(block, 0, read);
            }
        }
    }

    static MemoryException tooLarge(String name, long most) {
        return refused(name + " has more than " + most
                + " bytes, which is more than an adapter of this size has. Write the requested adapter");
    }

    static MemoryException refused(String why) {
        return new MemoryException(ErrorCode.ADAPTER_REFUSED, "Cannot accept the trained adapter: " + why + ".");
    }

    /** Shortens a text from outside to one line for a message. */
    static String excerpt(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "…";
    }
}
