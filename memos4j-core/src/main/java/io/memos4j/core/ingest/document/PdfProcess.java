package io.memos4j.core.ingest.document;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.ingest.document.PdfTextExtractor.Outcome;
import io.memos4j.core.ingest.document.PdfTextExtractor.PageSink;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.logging.LogFactory;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.RandomAccessRead;

/**
 * Runs {@link PdfTextExtractor} in a Java process of its own, which is the only way to bound the memory and the time
 * that a hostile PDF takes: streams are unpacked, fonts parsed and forms drawn by code that cannot be stopped. The
 * process gets neither the environment nor the log of this one, and a few at most run at once. Thread-safe.
 *
 * <p>Where no such process can be started (the program has no {@code java} command, or its classes lie in an archive
 * within an archive), the text is extracted here, without bounds on memory and time.
 */
final class PdfProcess {
    /** Time for one document, and for the turn to read it. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final String HEAP = "-Xmx512m";

    /** The exit status of {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    private static final Semaphore TURNS =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    private static final Optional<List<String>> COMMAND = command();

    private final DocumentBuilder draft;
    private final Duration longest;

    /** @param longest the time for the document */
    PdfProcess(DocumentBuilder draft, Duration longest) {
        this.draft = draft;
        this.longest = longest;
    }

    /**
     * Extracts the text of the pages.
     *
     * @throws MemoryException if the document takes more time or memory than allowed, or there is no turn in time
     */
    Outcome extract(byte[] content, PageSink pages) throws IOException {
        if (COMMAND.isEmpty()) {
            return PdfTextExtractor.extract(content, draft.remaining(), pages);
        }
        awaitTurn();
        try {
            return run(COMMAND.get(), content, pages);
        } finally {
            TURNS.release();
        }
    }

    private static void awaitTurn() {
        try {
            if (!TURNS.tryAcquire(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new MemoryException(
                        ErrorCode.TIMEOUT, "Too many documents are being read. Add this one again later.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Reading a document was interrupted.", e);
        }
    }

    private Outcome run(List<String> command, byte[] content, PageSink pages) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().retainAll(Set.of("SystemRoot"));
        Process process = builder.start();
        CompletableFuture<Boolean> overtime =
                new CompletableFuture<Boolean>().completeOnTimeout(true, longest.toMillis(), TimeUnit.MILLISECONDS);
        overtime.thenAccept(late -> {
            if (late) {
                process.destroyForcibly();
            }
        });
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
            send(process, content);
            return receive(in, pages);
        } catch (IOException e) {
            throw failure(process, overtime, e);
        } finally {
            process.destroyForcibly();
            overtime.complete(false);
        }
    }

    private void send(Process process, byte[] content) throws IOException {
        try (DataOutputStream out = new DataOutputStream(process.getOutputStream())) {
            out.writeInt(draft.remaining());
            out.write(content);
        }
    }

    private Outcome receive(DataInputStream in, PageSink pages) throws IOException {
        int length = in.readInt();
        while (length != PdfTextExtractor.NO_PAGE) {
            draft.requireRemaining(length / 4);
            byte[] page = in.readNBytes(length);
            if (page.length < length) {
                throw new EOFException("The page is cut short.");
            }
            pages.accept(new String(page, StandardCharsets.UTF_8));
            length = in.readInt();
        }
        return Outcome.values()[in.readInt()];
    }

    private MemoryException failure(Process process, CompletableFuture<Boolean> overtime, IOException cause) {
        if (overtime.getNow(false)) {
            return draft.tooLarge("reading it takes more than " + longest.toSeconds() + " s");
        }
        try {
            if (process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == OUT_OF_MEMORY) {
                return draft.tooLarge("reading it takes more than 512 MiB of memory");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return draft.unreadable("the PDF ended the process that reads it. Export it again, and add the result.", cause);
    }

    private static Optional<List<String>> command() {
        Path java = Path.of(System.getProperty("java.home"), "bin", File.separatorChar == '\\' ? "java.exe" : "java");
        Set<String> classPath = new LinkedHashSet<>();
        boolean inFiles = Stream.of(
                        PdfTextExtractor.class,
                        Loader.class,
                        RandomAccessRead.class,
                        TrueTypeFont.class,
                        LogFactory.class)
                .allMatch(type -> file(type).map(classPath::add).isPresent());
        return inFiles && Files.isExecutable(java)
                ? Optional.of(List.of(
                        java.toString(),
                        HEAP,
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:+DisplayVMOutputToStderr",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-Djava.awt.headless=true",
                        "-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.NoOpLog",
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        PdfTextExtractor.class.getName()))
                : Optional.empty();
    }

    /** The file or folder that a class was loaded from. */
    private static Optional<String> file(Class<?> type) {
        try {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            return source != null
                            && source.getLocation() != null
                            && source.getLocation().getProtocol().equals("file")
                    ? Optional.of(Path.of(source.getLocation().toURI()).toString())
                    : Optional.empty();
        } catch (URISyntaxException | FileSystemNotFoundException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
