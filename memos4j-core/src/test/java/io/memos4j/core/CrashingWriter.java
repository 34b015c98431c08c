package io.memos4j.core;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.Message;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The process that {@link CrashIT} kills: several threads add batches and report each acknowledged one on standard
 * output.
 */
final class CrashingWriter {
    static final int WRITERS = 4;
    static final int BATCH = 3;

    private CrashingWriter() {}

    /** The unique word of a batch. */
    static String word(String round, int writer, int batch) {
        return "r" + round + "w" + writer + "b" + batch;
    }

    public static void main(String[] arguments) throws InterruptedException {
        String round = arguments[1];
        PrintStream out = new PrintStream(System.out, true);
        MemOs memos = MemOs.open(MemOsConfig.at(Path.of(arguments[0])).withoutEmbedder());
        MemCube cube = memos.cube("crash");
        List<Thread> writers = IntStream.range(0, WRITERS)
                .mapToObj(writer -> Thread.ofPlatform().start(() -> write(cube, out, round, writer)))
                .toList();
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private static void write(MemCube cube, PrintStream out, String round, int writer) {
        for (int batch = 0; ; batch++) {
            String word = word(round, writer, batch);
            cube.add(IntStream.range(0, BATCH)
                    .mapToObj(
                            part -> Message.user("Part " + part + " of " + word).in("s" + writer))
                    .toList());
            synchronized (out) {
                out.println(word);
            }
        }
    }
}
