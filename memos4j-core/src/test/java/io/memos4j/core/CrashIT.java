package io.memos4j.core;

import io.memos4j.api.MemCube;
import io.memos4j.api.Page;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.testkit.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Kills a writing process at random points, a hundred times, on one directory. */
class CrashIT {
    private static final int ROUNDS = 100;
    private static final int LONGEST_LIFE_MS = 400;

    @TempDir
    Path directory;

    @TempDir
    Path reports;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20261121);

    @Test
    void everyAcknowledgedMessageIsThereOnceAndNothingIsHalfThere() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> fresh = runAndKill(round);
            acknowledged.addAll(fresh);
            try (MemOs memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder())) {
                check(memos.cube("crash"), fresh);
                if (round == ROUNDS - 1) {
                    checkAll(memos.cube("crash"), acknowledged);
                    assertThat(memos.checkHealth().isHealthy()).isTrue();
                }
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    }

    private List<String> runAndKill(int round) throws IOException, InterruptedException {
        Path output = reports.resolve("acknowledged");
        Process process = new ProcessBuilder(JavaCommand.of(
                        CrashingWriter.class,
                        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"),
                        directory,
                        round))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (process.isAlive() && Files.size(output) == 0) {
            Thread.sleep(2);
        }
        Thread.sleep(random.nextInt(LONGEST_LIFE_MS));
        assertThat(process.isAlive())
                .as("the writer of round %s is writing", round)
                .isTrue();
        process.destroyForcibly().waitFor();
        String written = Files.readString(output);
        // What stands before the last line break was acknowledged; a torn last line was not.
        return written.substring(0, written.lastIndexOf('\n') + 1).lines().toList();
    }

    /** The fresh acknowledgements are searchable: the first, the last and some between. */
    private void check(MemCube cube, List<String> fresh) {
        List<String> sample = new ArrayList<>(List.of(fresh.getFirst(), fresh.getLast()));
        for (int i = 0; i < 5; i++) {
            sample.add(fresh.get(random.nextInt(fresh.size())));
        }
        for (String word : sample) {
            // The first search of a process is slow on a loaded machine, and speed is not what is tested here.
            SearchRequest patient = SearchRequest.of(word).within(Duration.ofSeconds(30));
            List<SearchHit> hits = cube.search(patient).hits().stream()
                    .filter(hit -> hit.item().text().endsWith(word))
                    .toList();
            assertThat(hits).as("hits for %s", word).hasSize(CrashingWriter.BATCH);
        }
    }

    private static void checkAll(MemCube cube, List<String> acknowledged) {
        Map<String, Integer> parts = new HashMap<>();
        // Upkeep may have told the sessions on.
        ListRequest messages =
                ListRequest.first().where(Filter.type(ItemType.MESSAGE)).limit(1_000);
        Page<MemoryItem> page = cube.list(messages);
        page.items().forEach(item -> count(parts, item));
        while (page.next().isPresent()) {
            page = cube.list(messages.after(page.next().get()));
            page.items().forEach(item -> count(parts, item));
        }
        assertThat(parts.keySet()).containsAll(acknowledged);
        assertThat(parts.values()).as("parts of each batch").containsOnly(CrashingWriter.BATCH);
    }

    private static void count(Map<String, Integer> parts, MemoryItem item) {
        parts.merge(item.text().substring(item.text().lastIndexOf(' ') + 1), 1, Integer::sum);
    }
}
