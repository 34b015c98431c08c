package io.memos4j.core.erasure;

import io.memos4j.api.ErasureReceipt.Probe;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Looks for probes in every byte of the files of a directory. What a file holds in compressed or encrypted form is not
 * seen. Used once.
 */
public final class DirectoryScanner {
    private static final int BLOCK = 1 << 20;

    /** The bits by which most windows are refuted. */
    private static final int FILTER = 1 << 20;

    private final ErasureProbes probes;
    private final Map<Long, List<Probe>> byHash = new HashMap<>();
    private final BitSet filter = new BitSet(FILTER);
    private final Map<Path, Integer> found = new TreeMap<>();
    private int files;
    private long bytes;

    public DirectoryScanner(ErasureProbes probes, List<Probe> wanted) {
        this.probes = probes;
        for (Probe probe : wanted) {
            byHash.merge(
                    probe.hash(),
                    List.of(probe),
                    (one, other) -> Stream.concat(one.stream(), other.stream()).toList());
            filter.set(bit(probe.hash()));
        }
    }

    private static int bit(long hash) {
        return (int) (hash >>> 40) & FILTER - 1;
    }

    /** Reads all files; those that vanish meanwhile are left out. */
    public DirectoryScanner scan(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
                scanFile(file, directory.relativize(file));
            }
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot read the files of " + directory + ": " + e, e);
        }
        return this;
    }

    private void scanFile(Path file, Path name) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            files++;
            byte[] buffer = new byte[BLOCK + ErasureProbes.LONGEST];
            int kept = 0;
            int read = in.readNBytes(buffer, kept, BLOCK);
            while (read > 0) {
                bytes += read;
                int end = kept + read;
                boolean last = read < BLOCK;
                // A window near the end is looked at with the next block, which has the rest of its probe.
                int starts = last ? end : Math.max(0, end - ErasureProbes.LONGEST);
                count(buffer, starts, end, name);
                kept = end - starts;
                System.arraycopy(buffer, starts, buffer, 0, kept);
                read = last ? 0 : in.readNBytes(buffer, kept, BLOCK);
                if (read == 0 && !last) {
                    count(buffer, kept, kept, name);
                }
            }
        } catch (NoSuchFileException e) {
            files--;
        }
    }

    /** Counts the probes that start before {@code starts}. */
    private void count(byte[] buffer, int starts, int end, Path name) {
        if (end < RollingHash.WINDOW) {
            return;
        }
        RollingHash rolling = probes.rolling();
        long hash = rolling.of(buffer, 0);
        for (int start = 0; start < starts; start++) {
            if (filter.get(bit(hash))) {
                for (Probe probe : byHash.getOrDefault(hash, List.of())) {
                    if (start + probe.length() <= end && probes.matches(probe, buffer, start)) {
                        found.merge(name, 1, Integer::sum);
                    }
                }
            }
            if (start + RollingHash.WINDOW >= end) {
                return;
            }
            hash = rolling.roll(buffer[start], buffer[start + RollingHash.WINDOW]);
        }
    }

    public int files() {
        return files;
    }

    public long bytes() {
        return bytes;
    }

    /** Returns one line for each file with a match. */
    public List<String> found() {
        return found.entrySet().stream()
                .map(each -> each.getKey() + " holds erased words in " + each.getValue()
                        + (each.getValue() == 1 ? " place" : " places"))
                .toList();
    }
}
