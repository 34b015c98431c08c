package io.memos4j.bench.eviction;

import io.memos4j.core.kvcache.CacheAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Generates traces from fixed seeds. */
final class SyntheticTraces {
    private static final Instant START = Instant.parse("2025-03-03T00:00:00Z");
    private static final long SIZE = 50_000_000;
    private static final double[] USUAL = {.02, .1, .3};

    private SyntheticTraces() {}

    static List<CacheTrace> all() {
        return List.of(
                zipf(), drift(), scans(), new CacheTrace("loop", loop(), .5, .8, .95), sessions(true), sessions(false));
    }

    /** 2,000 artifacts, popularity by Zipf's law with exponent .9, independent requests. */
    private static CacheTrace zipf() {
        Random random = new Random(1);
        double[] law = zipfLaw(2_000, .9);
        List<CacheAccess<Integer>> uses = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            uses.add(use(draw(law, random), "user " + random.nextInt(50), i));
        }
        return new CacheTrace("Zipf", uses, USUAL);
    }

    /** The same, but every 5,000 requests the favorites are others. */
    private static CacheTrace drift() {
        Random random = new Random(2);
        double[] law = zipfLaw(2_000, .9);
        List<CacheAccess<Integer>> uses = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            uses.add(use((draw(law, random) + i / 5_000 * 161) % 2_000, "user " + random.nextInt(50), i));
        }
        return new CacheTrace("Zipf, favorites change", uses, USUAL);
    }

    /**
     * 1,000 artifacts by Zipf's law with exponent .8, and after each 2,000 requests an import that touches 400 new ones
     * once.
     */
    private static CacheTrace scans() {
        Random random = new Random(3);
        double[] law = zipfLaw(1_000, .8);
        List<CacheAccess<Integer>> uses = new ArrayList<>();
        int fresh = 1_000;
        for (int i = 0; i < 48_000; i++) {
            uses.add(use(draw(law, random), "user " + random.nextInt(50), uses.size()));
            if (i % 2_000 == 1_999) {
                for (int j = 0; j < 400; j++) {
                    uses.add(use(fresh++, "import " + i, uses.size()));
                }
            }
        }
        return new CacheTrace("Zipf and scans", uses, USUAL);
    }

    /** Requests 500 artifacts in a loop. */
    private static List<CacheAccess<Integer>> loop() {
        List<CacheAccess<Integer>> uses = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            uses.add(use(i % 500, "batch", i));
        }
        return uses;
    }

    /**
     * Simulates 150 people over 20 days: each has usual hours, a profile and four to eight documents, uses two of these
     * in a session, and shares 20 blocks of knowledge with the others.
     */
    private static CacheTrace sessions(boolean equal) {
        Random random = new Random(4);
        double[] law = zipfLaw(20, 1);
        List<CacheAccess<Integer>> uses = new ArrayList<>();
        for (int person = 0; person < 150; person++) {
            int profile = 1_000 + 10 * person;
            int documents = 4 + random.nextInt(5);
            int hour = 7 + random.nextInt(14);
            for (int day = 0; day < 20; day++) {
                if (day % 7 > 4 || random.nextDouble() > .7) {
                    continue;
                }
                long second = day * 86_400L + hour * 3_600L + (long) (2_400 * random.nextGaussian());
                int first = profile + 1 + random.nextInt(documents);
                int other = profile + 1 + random.nextInt(documents);
                int turns = 5 + random.nextInt(30);
                for (int turn = 0; turn < turns; turn++) {
                    second += 20 + random.nextInt(100);
                    String session = person + "/" + day;
                    uses.add(use(profile, session, second));
                    uses.add(use(turn < turns / 2 ? first : other, session, second));
                    if (random.nextInt(3) == 0) {
                        uses.add(use(draw(law, random), session, second));
                    }
                }
            }
        }
        uses.sort(Comparator.comparing(CacheAccess::at));
        return new CacheTrace(
                equal ? "sessions" : "sessions, unequal sizes",
                equal ? uses : uses.stream().map(SyntheticTraces::withSize).toList(),
                USUAL);
    }

    /** Gives a profile 5 MB, a shared block 60 MB, and a document 10 to 300 MB, most of them small. */
    private static CacheAccess<Integer> withSize(CacheAccess<Integer> use) {
        int key = use.key();
        double spread = Math.abs(new Random(key * 31L).nextGaussian());
        long size = key < 1_000
                ? 60_000_000
                : key % 10 == 0 ? 5_000_000 : (long) (1e7 * Math.exp(Math.min(3.4, 1.2 * spread)));
        return new CacheAccess<>(key, size, use.session(), use.at());
    }

    private static CacheAccess<Integer> use(int key, String session, long second) {
        return new CacheAccess<>(key, SIZE, session, START.plus(Duration.ofSeconds(second)));
    }

    private static double[] zipfLaw(int count, double exponent) {
        double[] sums = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.pow(i + 1, -exponent);
            sums[i] = sum;
        }
        return sums;
    }

    private static int draw(double[] sums, Random random) {
        double at = random.nextDouble() * sums[sums.length - 1];
        int found = Arrays.binarySearch(sums, at);
        return found < 0 ? -found - 1 : found;
    }
}
